"""Failed runs under other scores: what they decide, and where a verdict tips."""

from typing import Any

import numpy as np
import pytest

from reportgen.analysis.claims.verdicts import open_claims
from reportgen.analysis.complements.failed_pairs import failed_pairs
from reportgen.analysis.complements.failure_rates import fisher_p, largest_rate
from reportgen.analysis.findings.complements import FailedPairs
from reportgen.analysis.findings.facts import Fact
from reportgen.analysis.findings.study import Findings
from reportgen.analysis.study import find
from tests.analysis.factory import BEHAVIOURS, make_bundle, make_results, make_study
from tests.analysis.simulate import Behaviour

WHY = {"why_expected": {"text": "Because."}}
WORSE = {"says": "frozen worsens test.accuracy against baseline", "margin": 0.02}


def sensitivity(
    claim: dict[str, Any], behaviour: Behaviour, *, seeds: int = 5
) -> FailedPairs:
    study = make_study(claims={"a": {**WHY, **claim}}, seeds=seeds)
    results = make_results(make_bundle(study, {**BEHAVIOURS, "frozen": behaviour}))
    (found,) = find(results).failed_pairs
    return found


@pytest.mark.parametrize(
    ("first", "second", "p"),
    [
        ((0, 3), (3, 3), 0.100),
        ((0, 5), (4, 5), 0.048),
        ((0, 10), (4, 10), 0.087),
        ((0, 10), (5, 10), 0.033),
        ((0, 20), (5, 20), 0.047),
        ((0, 20), (6, 20), 0.020),
        ((8, 10), (1, 6), 0.034965),
    ],
)
def test_unequal_failure_counts(
    first: tuple[int, int], second: tuple[int, int], p: float
) -> None:
    assert fisher_p(first, second) == pytest.approx(p, abs=6e-4)


@pytest.mark.parametrize(
    ("n", "bound"), [(3, 0.632), (5, 0.451), (10, 0.259), (20, 0.139), (30, 0.095)]
)
def test_without_failures_a_rate_remains_possible(n: int, bound: float) -> None:
    assert largest_rate(0, n) == pytest.approx(1 - 0.05 ** (1 / n))
    assert largest_rate(0, n) == pytest.approx(bound, abs=6e-4)
    assert largest_rate(n, n) == 1


def test_every_arm_has_a_rate(found: tuple[Findings, dict[str, Fact]]) -> None:
    rates = {one.arm: one for one in found[0].failure_rates}
    assert list(rates) == ["baseline", "bilstm", "dropout", "frozen"]
    assert (rates["dropout"].failed, rates["dropout"].ended) == (1, 5)
    assert rates["dropout"].fisher_p == pytest.approx(1.0)
    assert rates["baseline"].fisher_p is None
    assert rates["bilstm"].interval.upper == pytest.approx(0.521824, abs=1e-6)


def test_only_claims_with_failed_runs_are_asked(
    found: tuple[Findings, dict[str, Fact]],
) -> None:
    names = [one.claim for one in found[0].failed_pairs]
    assert names == ["dropout-helps", "dropout-robust"]


def test_the_declared_score_lies_where_the_verdict_is_kept() -> None:
    weak = Behaviour(level=0.3, seed_sd=0.02, failed_seeds=(3,))
    found = sensitivity(WORSE, weak)
    assert found.complete == found.printed == found.imputed == "supported"
    assert found.kept_from is not None
    assert found.kept_to is not None
    assert found.kept_from < 0.5 < found.kept_to < 1


def test_the_tipping_point_is_where_the_interval_meets_the_margin() -> None:
    weak = Behaviour(level=0.3, seed_sd=0.02, failed_seeds=(3,))
    study = make_study(claims={"a": {**WHY, **WORSE, "scope": "test_set"}})
    results = make_results(make_bundle(study, {**BEHAVIOURS, "frozen": weak}))
    opened = open_claims(results, ())
    case, levels = opened.levels[0]
    (found,) = failed_pairs(results, opened.levels, find(results).claims)
    assert found.kept_to is not None
    sample = case.pairs.sample
    assert sample is not None
    at = case.pairs.seeds.index(3)
    effects = sample.effects.copy()
    effects[at] += found.kept_to - 0.5  # of two equally frequent classes
    half = 2.776445 * effects.std(ddof=1) / np.sqrt(5)
    assert effects.mean() + half == pytest.approx(-0.02, abs=1e-4)
    assert levels.claim == 0.05


def test_a_gain_that_one_failure_undoes_depends_on_it() -> None:
    strong = Behaviour(level=1.6, seed_sd=0.02, failed_seeds=(3,))
    gain = {"says": "frozen improves test.accuracy over baseline", "margin": 0.02}
    found = sensitivity(gain, strong)
    assert found.complete == "supported"
    assert (found.printed, found.imputed) == ("inconclusive", "inconclusive")
    assert found.worst == "inconclusive"
    assert found.worst_score == 0
    assert found.kept_to is not None
    assert 0.5 < found.kept_to < 1


def test_a_metric_without_fallback_has_complete_pairs_only() -> None:
    claim = {"says": "frozen improves test.ece over baseline", "margin": 0.01}
    found = sensitivity(claim, Behaviour(failed_seeds=(3,)))
    assert found.imputed is None
    assert found.worst is None
    assert found.kept_to is None


def test_a_loss_has_no_worst_score() -> None:
    claim = {"says": "frozen worsens test.loss against baseline", "margin": 0.05}
    found = sensitivity(claim, Behaviour(failed_seeds=(3,)))
    assert found.imputed is not None
    assert found.worst is None
