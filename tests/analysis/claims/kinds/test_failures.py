"""How often runs fail: exact tests, their interval, and counts from records."""

import numpy as np
import pytest
from scipy import stats

from reportgen.analysis.claims.kinds.failures import (
    FAILURE_RATE,
    FAILURES,
    clearest_p,
    pair_failures,
)
from reportgen.analysis.statistics.two_rates import (
    RateEstimate,
    estimate_rates,
    exact_p,
)
from reportgen.spec.claims import parse_claim
from tests.analysis.factory import BEHAVIOURS, make_bundle, make_results, make_study
from tests.analysis.simulate import Behaviour


def rates(own: int, other: int, n: int) -> RateEstimate:
    return RateEstimate((other - own) / n, n, 0.0, (), None, None, failed=(own, other))


@pytest.mark.parametrize(
    ("own", "other", "n", "fisher"),
    [
        (0, 3, 3, 0.100),
        (0, 4, 5, 0.048),
        (0, 4, 10, 0.087),
        (0, 5, 10, 0.033),
        (0, 5, 20, 0.047),
        (0, 6, 20, 0.020),
    ],
)
def test_nothing_is_shown_where_fisher_shows_nothing(
    own: int, other: int, n: int, fisher: float
) -> None:
    """The p-values of the protocol, section 1.7."""
    found = rates(own, other, n)
    assert 2 * found.p_greater(0.0) == pytest.approx(fisher, abs=6e-4)
    assert (found.interval(0.95)[0] > 0) == (fisher < 0.05)


def test_no_failure_anywhere_leaves_the_exact_bound() -> None:
    lower, upper = rates(0, 0, 10).interval(0.95)
    bound = 1 - 0.025 ** (1 / 10)  # of one rate, the other being 0
    assert upper == pytest.approx(bound, abs=1e-3)
    assert lower == pytest.approx(-bound, abs=1e-3)


@pytest.mark.parametrize("n", [5, 10, 20])
@pytest.mark.parametrize("null", [-0.2, 0.0, 0.1, 0.3])
def test_errors_stay_at_their_level_whatever_the_rates(n: int, null: float) -> None:
    """Every pair of rates at the boundary, summed exactly over all tables."""
    counts = np.arange(n + 1)
    shown = np.array(
        [[exact_p(i, j, n, null) <= 0.025 for j in counts] for i in counts]
    )
    for rate in np.linspace(max(0.0, -null), min(1.0, 1 - null), 157):
        own = stats.binom.pmf(counts, n, rate + null)
        other = stats.binom.pmf(counts, n, rate)
        assert float(own @ shown @ other) <= 0.0255


@pytest.mark.parametrize("counts", [(0, 4), (2, 7), (5, 5), (9, 1)])
def test_the_interval_holds_what_is_not_rejected(counts: tuple[int, int]) -> None:
    found = rates(*counts, 10)
    lower, upper = found.interval(0.9)
    assert lower <= found.mean <= upper
    for null in np.linspace(-0.95, 0.95, 20):
        inside = found.p_greater(null) > 0.05 and found.p_less(null) > 0.05
        assert inside == (lower < null < upper)


def test_the_normal_law_takes_over_where_it_may() -> None:
    """Either side of the limit, the two ways agree for one share of failures."""
    exact, normal = rates(12, 24, 60).interval(0.95), rates(14, 28, 70).interval(0.95)
    assert exact[1] - exact[0] == pytest.approx(
        (normal[1] - normal[0]) * (70 / 60) ** 0.5, rel=0.06
    )
    assert rates(50, 100, 1000).interval(0.95)[0] > 0


def test_exchanging_the_arms_mirrors_everything() -> None:
    found, turned = rates(2, 7, 10), rates(7, 2, 10)
    lower, upper = found.interval(0.95)
    assert turned.interval(0.95) == pytest.approx((-upper, -lower))
    assert found.negated() == turned
    assert found.p_less(0.1) == pytest.approx(turned.p_greater(-0.1))


def test_three_runs_an_arm_can_show_nothing() -> None:
    assert clearest_p("improves", 3) == pytest.approx(0.1)
    assert clearest_p("improves", 5) < 0.05


def test_runs_are_counted_from_their_records() -> None:
    study = make_study(seeds=6)
    behaviours = {**BEHAVIOURS, "dropout": Behaviour(failed_seeds=(1, 3, 4))}
    results = make_results(make_bundle(study, behaviours))
    parts = parse_claim("dropout fails less often than baseline")
    pairs = pair_failures(results, parts, FAILURE_RATE)
    assert pairs.failed == ((1, 3, 4), ())
    assert pairs.sample is not None
    assert pairs.sample.effects.tolist() == [0, -1, 0, -1, -1, 0]
    found = estimate_rates(pairs.sample, over_rows=False)
    assert found.mean == pytest.approx(-0.5)
    assert found.determined
    assert FAILURES.counts_failures
