"""Spread over seeds: ratios, intervals that agree with p, and the level kept."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from reportgen.analysis.claims.kinds.spread import (
    SPREAD,
    SpreadEstimate,
    chance_of_ratio,
    estimate_spread,
)
from reportgen.analysis.claims.quantity import Need
from reportgen.analysis.statistics.estimate import Sample
from reportgen.records import Array

NOMINAL = 0.025


def spread_of(own: Array, other: Array) -> SpreadEstimate:
    sample = Sample(np.zeros(len(own)), scores=(own, other))
    found = estimate_spread(sample, over_rows=False)
    assert isinstance(found, SpreadEstimate)
    return found


def drawn(seed: int, n: int = 10) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    return rng.standard_normal(n), rng.standard_normal(n)


def test_the_effect_is_the_log_ratio_of_mean_distances() -> None:
    own, other = np.array([1.0, 2, 3, 4, 9]), np.array([0.0, 10, 20, 30, 40])
    # Medians 3 and 20: distances sum to 10 and 60.
    found = spread_of(own, other)
    assert found.mean == pytest.approx(log(6))
    assert found.sd_ratio == pytest.approx(np.std(other) / np.std(own))


def test_no_difference_is_judged_as_a_paired_t_of_distances() -> None:
    own, other = drawn(3)
    distances = [np.abs(one - np.median(one)) for one in (own, other)]
    found = spread_of(own, other)
    expected = stats.ttest_rel(distances[1], distances[0], alternative="greater")
    assert found.p_greater(0.0) == pytest.approx(expected.pvalue)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_intervals_end_where_p_says(seed: int, level: float) -> None:
    found = spread_of(*drawn(seed))
    lower, upper = found.interval(level)
    tail = (1 - level) / 2
    if np.isfinite(lower):
        assert found.p_greater(lower) == pytest.approx(tail, rel=1e-6)
    else:
        assert found.p_greater(-30.0) > tail
    if np.isfinite(upper):
        assert found.p_less(upper) == pytest.approx(tail, rel=1e-6)
    else:
        assert found.p_less(30.0) > tail


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.01, 100), st.floats(-5, 5))
def test_units_and_places_of_the_scores_do_not_matter(
    seed: int, unit: float, place: float
) -> None:
    own, other = drawn(seed)
    usual, moved = spread_of(own, other), spread_of(own * unit + place, other * unit)
    assert moved.mean == pytest.approx(usual.mean, abs=1e-7)
    assert moved.interval(0.9) == pytest.approx(usual.interval(0.9), abs=1e-5)
    doubled = spread_of(own, 2 * other)
    assert doubled.p_greater(log(2)) == pytest.approx(usual.p_greater(0.0))


def test_exchanging_the_arms_mirrors_everything() -> None:
    own, other = drawn(8)
    found, turned = spread_of(own, other), spread_of(other, own)
    lower, upper = found.interval(0.95)
    assert turned.mean == pytest.approx(-found.mean)
    assert turned.interval(0.95) == pytest.approx((-upper, -lower))
    assert found.p_less(0.2) == pytest.approx(turned.p_greater(-0.2))
    assert found.negated().interval(0.95) == pytest.approx((-upper, -lower))


def noisy(noise: str, rng: np.random.Generator, n: int) -> Array:
    if noise == "normal":
        return rng.standard_normal((2, n))
    if noise == "heavy":
        return rng.standard_t(3, (2, n))
    return rng.exponential(size=(2, n))


@pytest.mark.parametrize("n", [10, 20])
@pytest.mark.parametrize("noise", ["normal", "heavy", "skewed"])
def test_errors_stay_at_their_level(n: int, noise: str) -> None:
    """At a true ratio of 1.5, per side; a test of normal variances errs in a fifth."""
    rounds, true = 1200, 1.5
    rng = np.random.default_rng(11)
    above = below = 0
    for _ in range(rounds):
        own, other = noisy(noise, rng, n)
        found = spread_of(own, true * other)
        above += found.p_greater(log(true)) < NOMINAL
        below += found.p_less(log(true)) < NOMINAL
    error = (NOMINAL * (1 - NOMINAL) / rounds) ** 0.5
    for side in (above, below):
        assert 0.002 < side / rounds < NOMINAL + 3.5 * error


def test_below_ten_pairs_a_ratio_has_no_interval() -> None:
    method = SPREAD.method
    assert method is not None
    own, other = drawn(1, n=9)
    few = method.estimate(Sample(np.zeros(9), scores=(own, other)), over_rows=False)
    assert not few.determined
    assert "needs 10" in few.refused


def test_planned_power_is_what_happens() -> None:
    """Brown-Forsythe at ten seeds an arm: .64 for a ratio of 3 (protocol 4)."""
    need = Need("improves", log(3), 0.05)
    assert chance_of_ratio(need, 10, None) == pytest.approx(0.64, abs=0.03)
    assert chance_of_ratio(need, 9, None) == 0
    rng = np.random.default_rng(2)
    rounds = 1000
    shown = 0
    for _ in range(rounds):
        own, other = rng.standard_normal((2, 20))
        shown += spread_of(own, 2 * other).p_greater(0.0) < NOMINAL
    planned = chance_of_ratio(Need("improves", log(2), 0.05), 20, None)
    assert shown / rounds == pytest.approx(planned, abs=0.07)


def test_margins_are_ratios() -> None:
    assert exp(SPREAD.scaled(1.5)) == pytest.approx(1.5)
    assert SPREAD.scaled(1.0) == 0
