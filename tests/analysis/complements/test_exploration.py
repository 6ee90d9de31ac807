"""The exploratory family: who is in it, its p-values, and its one rate."""

import numpy as np
import pytest

from reportgen.analysis.claims.judged import open_case
from reportgen.analysis.claims.method import load_method
from reportgen.analysis.complements.exploration import ANY, explore
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.facts import Fact
from reportgen.analysis.findings.study import Findings
from reportgen.analysis.statistics.estimate import Sample
from tests.analysis.factory import (
    BEHAVIOURS,
    Bundle,
    make_bundle,
    make_results,
    make_study,
)
from tests.analysis.simulate import Behaviour

SLEEP = (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
LONGER = (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)


def test_the_p_value_is_the_paired_one() -> None:
    method = load_method(make_study().analysis)
    sample = Sample(np.array(SLEEP) - np.array(LONGER))
    found = method.estimate(sample, over_rows=True)
    assert method.claim_p("differs", ANY, found) == pytest.approx(0.002832890, abs=1e-9)


def test_what_is_claimed_is_not_explored(
    found: tuple[Findings, dict[str, Fact]],
) -> None:
    explored = found[0].exploration
    assert explored is not None
    assert (explored.planned, explored.registered, explored.untested) == (6, 2, 0)
    names = [(one.variant, one.metric) for one in explored.comparisons]
    assert names == [
        ("bilstm", "ordering.hwa@best"),
        ("dropout", "ordering.hwa@best"),
        ("frozen", "test.hwa@best"),
        ("frozen", "ordering.hwa@best"),
    ]


def test_the_family_shares_one_rate(found: tuple[Findings, dict[str, Fact]]) -> None:
    explored = found[0].exploration
    assert explored is not None
    assert explored.rate == 0.10
    ordered = sorted(explored.comparisons, key=lambda one: one.p)
    k = len(ordered)
    best = 1.0
    for rank in range(k, 0, -1):
        best = min(best, ordered[rank - 1].p * k / rank)
        assert ordered[rank - 1].p_adjusted == pytest.approx(best)
    assert explored.noted == sum(one.p_adjusted <= 0.1 for one in ordered)
    assert ordered[0].variant == "bilstm"
    assert explored.noted >= 1


def test_failed_runs_count_as_their_fallback(results: Results) -> None:
    explored = explore(results, ())
    one = next(one for one in explored.comparisons if one.variant == "dropout")
    assert one.n == 5
    assert explored.registered == 0


def test_two_seeds_are_counted_as_untested() -> None:
    explored = explore(make_results(make_bundle(make_study(seeds=2))), ())
    assert explored.comparisons == ()
    assert explored.untested == explored.planned == 6


def test_arms_alike_rarely_stand_out() -> None:
    alike = {name: Behaviour() for name in BEHAVIOURS}
    studies = 20
    noted = 0
    for seed in range(studies):
        results = make_results(make_bundle(behaviours=alike, seed=100 + seed))
        noted += explore(results, ()).noted > 0
    assert noted / studies < 0.10 + 3 * (0.1 * 0.9 / studies) ** 0.5


@pytest.mark.parametrize("method", ["welch", "signflip", "rope", "poi"])
def test_comparisons_follow_the_method_of_the_study(method: str) -> None:
    """Eight seeds: as clear as a claim of any difference would be by that method."""
    says = {"says": "frozen changes test.hwa against baseline", "margin": 0.0}
    claim = {**says, "smallest_effect": 0.02, "why_expected": {"text": "So."}}
    scope = "test_set" if method == "poi" else "population"
    bundle = make_bundle(make_study(seeds=8))
    analysis = {"method": method}
    bare = make_study(seeds=8, analysis=analysis, claims={})
    study = make_study(
        seeds=8, analysis=analysis, claims={"a": claim | {"scope": scope}}
    )
    explored = explore(make_results(Bundle(bare, bundle.runs, bundle.arrays)), ())
    one = next(
        one
        for one in explored.comparisons
        if (one.variant, one.metric) == ("frozen", "test.hwa@best")
    )
    case = open_case(
        make_results(Bundle(study, bundle.runs, bundle.arrays)), "a", study.claims["a"]
    )
    assert one.p == pytest.approx(case.p)
    assert explored.compared_by == case.method.title
    plain = explore(make_results(bundle), ())
    same = next(
        other
        for other in plain.comparisons
        if (other.variant, other.metric) == (one.variant, one.metric)
    )
    assert (one.p == pytest.approx(same.p)) == (method == "rope")


def test_what_a_method_refuses_is_counted_as_untested() -> None:
    """Five seeds are too few for flips, and arms that vary unlike are not pooled."""
    for analysis in ({"method": "signflip"}, {"method": "pooled"}):
        explored = explore(make_results(make_bundle(make_study(analysis=analysis))), ())
        assert explored.comparisons == ()
        assert explored.untested == explored.planned == 6
