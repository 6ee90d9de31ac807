"""Claims under other choices: judged alike, and told where they would differ."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from reportgen.analysis.claims.judged import Levels
from reportgen.analysis.claims.verdicts import judge_claims, open_claims
from reportgen.analysis.complements.choices import leave_one_out, other_choices
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.complements import ChoiceSensitivity
from reportgen.analysis.findings.facts import Fact
from reportgen.analysis.findings.study import ClaimResult, Findings
from reportgen.analysis.statistics.estimate import Sample
from tests.analysis.factory import make_bundle, make_results, make_study

WHY = {"why_expected": {"text": "Because."}}


def judged(says: str, **claim: Any) -> tuple[ClaimResult, Results]:
    written = {**WHY, "margin": 0.02, **claim, "says": says}
    results = make_results(make_bundle(make_study(claims={"a": written})))
    (found,), _ = judge_claims(results, (), ())
    return found, results


def choices_of(results: Results) -> ChoiceSensitivity:
    return other_choices(results, open_claims(results, ()).levels)


def test_an_alternative_is_the_claim_made_of_it() -> None:
    """Judged as if the spec had said it, the level being that of one claim alone."""
    _, results = judged("bilstm improves test.hwa over baseline")
    choices = {(one.kind, one.name): one for one in choices_of(results).choices}
    assert list(choices) == [
        ("checkpoint", "last"),
        ("metric", "accuracy"),
        ("summary", "median"),
        ("summary", "iqm"),
    ]
    last, _ = judged("bilstm improves test.hwa@last over baseline")
    assert choices["checkpoint", "last"].effect == last.effect
    assert choices["checkpoint", "last"].verdict == last.verdict
    accuracy, _ = judged("bilstm improves test.accuracy over baseline")
    assert choices["metric", "accuracy"].effect == accuracy.effect
    assert choices["metric", "accuracy"].verdict == accuracy.verdict


def test_a_margin_goes_with_its_unit_and_direction_only() -> None:
    _, results = judged("bilstm improves test.loss over baseline")
    kinds = [(one.kind, one.name) for one in choices_of(results).choices]
    assert ("checkpoint", "last") in kinds
    assert not [kind for kind, _ in kinds if kind == "metric"]


def test_a_differing_verdict_is_marked() -> None:
    """The gain is a little larger at the last epoch, and there passes the margin."""
    claim, results = judged("bilstm improves test.hwa over baseline", margin=0.08)
    assert claim.verdict == "inconclusive"
    found = choices_of(results)
    assert [(one.name, one.verdict, one.differs) for one in found.choices[:2]] == [
        ("last", "supported", True),
        ("accuracy", "inconclusive", False),
    ]


@pytest.mark.parametrize(
    ("effects", "differs"),
    [((0.03, 0.03, 0.03, 0.03, -0.02), True), ((0.03, 0.03, 0.03, 0.03, 0.03), False)],
)
def test_a_median_beyond_the_margin_is_marked(
    effects: tuple[float, ...], differs: bool
) -> None:
    _, results = judged("bilstm improves test.hwa over baseline", margin=0.025)
    case, levels = open_claims(results, ()).levels[0]
    pairs = replace(case.pairs, sample=Sample(np.array(effects)))
    found = other_choices(results, [(replace(case, pairs=pairs), levels)])
    median = next(one for one in found.choices if one.name == "median")
    assert median.effect == 0.03
    assert median.verdict is None
    assert median.differs is differs


def test_each_seed_is_left_out_once() -> None:
    _, results = judged("bilstm improves test.hwa over baseline", margin=0.01)
    case, _ = open_claims(results, ()).levels[0]
    effects = np.array([0.021, 0.034, 0.027, 0.018, -0.04])
    case = replace(
        case,
        over_rows=False,
        pairs=replace(case.pairs, sample=Sample(effects)),
    )
    found = leave_one_out(case, Levels(), "inconclusive")
    assert found.lowest == pytest.approx(effects[[0, 2, 3, 4]].mean())
    assert found.highest == pytest.approx(0.025)
    assert found.verdicts == ("inconclusive", "supported")


def test_every_claim_of_a_study_is_asked(
    found: tuple[Findings, dict[str, Fact]],
) -> None:
    choices = found[0].choices
    names = [claim.id for claim in found[0].claims]
    assert list(dict.fromkeys(one.claim for one in choices.choices)) == names
    assert [one.claim for one in choices.left_out] == names
    for one, claim in zip(choices.left_out, found[0].claims, strict=True):
        assert claim.effect is not None
        assert one.lowest <= claim.effect <= one.highest
        if "one_seed_decides" in claim.tags:
            assert len(one.verdicts) > 1
