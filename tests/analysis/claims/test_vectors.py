"""Every vector of effects through the whole judge: verdict, finding, p and tags."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from reportgen.analysis.claims.fragility import claim_tags
from reportgen.analysis.claims.judged import Case, Levels, judge, open_case
from reportgen.analysis.claims.settle import what_settles
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.statistics.estimate import Sample, estimate
from reportgen.analysis.statistics.power import normal_distance
from reportgen.records import Array
from tests.analysis.factory import make_bundle, make_results, make_study

SAYS = {
    "improves": "bilstm improves test.accuracy over baseline",
    "worse": "bilstm worsens test.accuracy against baseline",
    "noninferior": "bilstm does not worsen test.accuracy against baseline",
    "equivalent": "bilstm matches test.accuracy of baseline",
}
# Effects, kind, margin, verdict, finding, and tags that its numbers must bear.
VECTORS = [
    (".021 .034 .027 .018 .030", "improves", 0.01, "supported", "better_by_margin",
     {"parametric_only"}),
    (".012 -.004 .020", "improves", 0.01, "inconclusive", "unresolved",
     {"parametric_only"}),
    (".002 -.001 .003 0 .001", "improves", 0.01, "equivalent", "equivalent",
     {"parametric_only"}),
    (".004 .005 .0045 .0055 .005", "improves", 0.01, "equivalent",
     "better_below_margin", {"parametric_only"}),
    ("-.03 -.04 -.035", "improves", 0.01, "refuted", "worse", {"parametric_only"}),
    ("-.03 -.04 -.035", "worse", 0.01, "supported", "worse_by_margin",
     {"parametric_only"}),
    (".030 .032 .031", "improves", 0.01, "supported", "better_by_margin",
     {"parametric_only"}),
    (".030 .032 .031", "equivalent", 0.02, "refuted", "better_by_margin",
     {"parametric_only"}),
    (".004 -.006 .001", "equivalent", 0.02, "supported", "equivalent",
     {"parametric_only"}),
    (".004 -.012 .010", "equivalent", 0.02, "supported", "equivalent",
     {"parametric_only", "ci95_outside_eq_margin"}),
    ("-.004 .001 -.002", "noninferior", 0.01, "supported", "noninferior",
     {"parametric_only"}),
    (".06 .02 .03 .05 .04", "improves", 0.03, "inconclusive",
     "better_size_unresolved", {"parametric_only"}),
    (".05 .052", "improves", 0.01, "inconclusive", "too_few_seeds",
     {"parametric_only"}),
    ("-.003 .007 .002 .004 -.001", "improves", 0.0, "inconclusive", "unresolved",
     {"parametric_only"}),
]  # fmt: skip


def numbers(text: str) -> Array:
    return np.array([float(value) for value in text.split()])


@lru_cache(maxsize=1)
def runs() -> Results:
    return make_results(make_bundle(make_study(seeds=3)))


def case_of(kind: str, margin: float, effects: Array, whole: Array) -> Case:
    """A claim whose runs are replaced by effects, and by those of complete pairs."""
    claim: dict[str, Any] = {
        "says": SAYS[kind],
        "margin": margin,
        "scope": "test_set",
        "why_expected": {"text": "Because."},
    }
    if margin == 0:
        claim["smallest_effect"] = 0.005
    study = make_study(seeds=3, claims={"a": claim})
    case = open_case(replace(runs(), study=study), "a", study.claims["a"])
    failed = ((4,), ()) if len(whole) < len(effects) else ((), ())
    pairs = replace(
        case.pairs,
        seeds=tuple(range(len(effects))),
        sample=Sample(effects),
        complete=Sample(whole),
        complete_seeds=tuple(range(len(whole))),
        failed=failed,
    )
    return replace(
        case,
        pairs=pairs,
        over_rows=False,
        found=estimate(Sample(effects)),
        complete=estimate(Sample(whole)),
    )


@pytest.mark.parametrize(
    ("text", "kind", "margin", "verdict", "finding", "tags"), VECTORS
)
def test_vectors(
    text: str, kind: str, margin: float, verdict: str, finding: str, tags: set[str]
) -> None:
    case = case_of(kind, margin, numbers(text), numbers(text))
    decision = judge(case, Levels())
    assert (decision.verdict, decision.finding) == (verdict, finding)
    assert set(claim_tags(case, decision, Levels())) == tags


def test_a_failed_seed_that_decides() -> None:
    """The fifth seed failed: counted it leaves the claim open, left out it is so."""
    effects = numbers(".05 .04 .06 .045 -.40")
    case = case_of("improves", 0.01, effects, effects[:4])
    decision = judge(case, Levels())
    assert (decision.verdict, decision.finding) == (
        "inconclusive",
        "depends_on_failures",
    )
    assert case.method.judge(
        "improves", case.margins, estimate(Sample(effects[:4])), alpha=0.05
    ).verdict == ("supported")


def test_no_number_of_seeds_settles_what_no_seed_changes() -> None:
    still = np.full(4, 0.02)
    case = case_of("improves", 0.01, still, still)
    decision = judge(case, Levels())
    assert (decision.verdict, decision.finding) == ("inconclusive", "degenerate")
    told = what_settles(case, decision, 1)
    assert told is not None
    assert told.seeds is None
    assert "whether the seed reaches the runs" in told.sentence


def test_rows_are_not_asked_for_where_more_of_them_are_there() -> None:
    """Ten thousand seeds do not do, and by the normal law neither would rows help."""
    effects = np.array([0.03, -0.01, 0.02, 0.0])
    case = case_of("improves", 0.01, effects, effects)
    assert case.found is not None
    edge = 0.9999 * (0.01 / normal_distance(0.05, 0.8)) ** 2
    rows = np.zeros((4, 1000))
    case = replace(
        case,
        found=replace(case.found, row_variance=edge),
        pairs=replace(case.pairs, sample=Sample(effects, rows)),
    )
    told = what_settles(case, judge(case, Levels()), 1)
    assert told is not None
    assert (told.seeds, told.test_rows) == (None, None)
    assert told.sentence == "No number of seeds up to 10,000 resolves it."


@pytest.mark.parametrize(
    ("text", "verdict", "tagged"),
    [
        # Student shows a gain above the margin; of 64 flips, 4 look as extreme.
        (".021 .034 .027 .018 .030 .009", "supported", True),
        (".021 .034 .027 .018 .030 .012", "supported", False),
    ],
)
def test_flips_may_disagree_from_six_pairs_on(
    text: str, verdict: str, tagged: bool
) -> None:
    case = case_of("improves", 0.01, numbers(text), numbers(text))
    decision = judge(case, Levels())
    assert decision.verdict == verdict
    tags = claim_tags(case, decision, Levels())
    assert ("signflip_disagrees" in tags) == tagged
    assert "parametric_only" not in tags
