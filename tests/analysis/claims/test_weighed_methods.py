"""Known answers of methods that the protocol weighs against its own and does not use.

No verdict rests on them. They hold the numerical libraries, whose other answers do.
"""

from itertools import product
from math import sqrt

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.power import TTestIndPower
from statsmodels.stats.proportion import proportion_confint

from reportgen.records import Array

APPROVAL = np.array([[794, 86], [150, 570]])  # Agresti: the same people, asked twice
LSAT = (576, 635, 558, 578, 666, 580, 555, 661, 651, 605, 653, 575, 545, 572, 594)
GPA = (
    *(3.39, 3.3, 2.81, 3.03, 3.44, 3.07, 3.0, 3.43, 3.36, 3.13, 3.12, 2.74),
    *(2.76, 2.88, 2.96),
)
MAIZE = (49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48)


@pytest.mark.parametrize(
    ("options", "statistic", "p"),
    [
        ({"exact": False, "correction": False}, 17.355932, 3.0993e-5),
        ({"exact": False, "correction": True}, 16.817797, 4.1146e-5),
        ({"exact": True}, 86, 3.715936e-5),
    ],
)
def test_mcnemars_test(options: dict[str, bool], statistic: float, p: float) -> None:
    found = mcnemar(APPROVAL, **options)
    assert found.statistic == pytest.approx(statistic, rel=1e-6)
    assert found.pvalue == pytest.approx(p, rel=1e-4)


def test_interval_of_a_paired_difference_of_shares() -> None:
    rows, (gained, lost) = APPROVAL.sum(), (150, 86)
    difference = (gained - lost) / rows
    error = sqrt(gained + lost - (gained - lost) ** 2 / rows) / rows
    assert (difference, error) == pytest.approx((0.04, 0.009549215), rel=1e-6)
    reach = stats.norm.ppf(0.975) * error
    assert difference - reach == pytest.approx(0.021284, abs=1e-6)
    assert difference + reach == pytest.approx(0.058716, abs=1e-6)


def test_wilsons_interval() -> None:
    found = proportion_confint(1, 5, method="wilson")
    assert found == pytest.approx((0.036224, 0.624465), abs=1e-6)


def test_wilcoxons_test_of_darwins_maize() -> None:
    found = stats.wilcoxon(MAIZE)
    assert (found.statistic, found.pvalue) == pytest.approx((24, 0.041259766))


RESAMPLES = 99_999
LAW = np.array([LSAT, GPA], dtype=np.float64)


def correlations(picks: Array) -> Array:
    """Of each row of places picked, shape (resamples, schools)."""
    first, second = (one[picks] for one in LAW)
    first = first - first.mean(axis=1, keepdims=True)
    second = second - second.mean(axis=1, keepdims=True)
    total = (first**2).sum(axis=1) * (second**2).sum(axis=1)
    found: Array = (first * second).sum(axis=1) / np.sqrt(total)
    return found


def accelerated(
    found: Array, seen: float, acceleration: float, level: float
) -> tuple[float, float]:
    """Efron's limits: quantiles of the resamples at corrected places."""
    below = (np.sum(found < seen) + 0.5 * np.sum(found == seen)) / len(found)
    start = stats.norm.ppf(below)
    ends = start + stats.norm.ppf([(1 - level) / 2, (1 + level) / 2])
    places = stats.norm.cdf(start + ends / (1 - acceleration * ends))
    low, high = np.quantile(found, places)
    return float(low), float(high)


def jackknife(values: Array) -> tuple[float, float]:
    """Standard error and acceleration from values without one of n each."""
    n, gaps = len(values), values.mean() - values
    error = sqrt((n - 1) / n * (gaps**2).sum())
    return error, float((gaps**3).sum() / (6 * (gaps**2).sum() ** 1.5))


def test_bootstrap_of_the_law_schools() -> None:
    """Efron's example: jackknife, accelerated and percentile limits."""
    whole = np.arange(15)
    seen = float(correlations(whole[None])[0])
    assert seen == pytest.approx(0.7763744913)
    left = np.array([np.delete(whole, place) for place in whole])
    error, acceleration = jackknife(correlations(left))
    assert error == pytest.approx(0.142518619, abs=1e-9)
    assert acceleration == pytest.approx(-0.075671565, abs=1e-9)
    picks = np.random.default_rng(0).integers(0, 15, size=(RESAMPLES, 15))
    found = correlations(picks)
    assert found.std() == pytest.approx(0.134, abs=1e-3)
    limits = accelerated(found, seen, acceleration, 0.95)
    assert limits[0] == pytest.approx(0.327, abs=0.012)
    assert limits[1] == pytest.approx(0.9418, abs=0.003)
    limits = accelerated(found, seen, acceleration, 0.90)
    assert limits[0] == pytest.approx(0.427, abs=0.012)
    assert limits[1] == pytest.approx(0.9265, abs=0.003)
    low, high = np.quantile(found, [0.025, 0.975])
    assert low == pytest.approx(0.459, abs=0.012)
    assert high == pytest.approx(0.96205, abs=0.003)
    theirs = stats.bootstrap(
        (whole,),
        lambda picked, axis: np.apply_along_axis(
            lambda one: correlations(one[None].astype(int))[0], axis, picked
        ),
        n_resamples=500,
        method="BCa",
        rng=np.random.default_rng(0),
    ).confidence_interval
    assert (theirs.low, theirs.high) == pytest.approx((0.327, 0.9418), abs=0.06)


def test_all_resamples_of_five_values() -> None:
    """The 3,125 resamples: both kinds of limits are .021 and .031."""
    values = np.array([0.021, 0.034, 0.027, 0.018, 0.030])
    picks = np.array(list(product(range(5), repeat=5)))
    found = np.sort(values[picks].mean(axis=1))
    mean = float(values.mean())
    below = np.sum(found < mean - 1e-12) + 0.5 * np.sum(np.abs(found - mean) <= 1e-12)
    assert stats.norm.ppf(below / 3125) == pytest.approx(-0.000401, abs=1e-6)
    left = np.array([np.delete(values, place).mean() for place in range(5)])
    _, acceleration = jackknife(left)
    assert acceleration == pytest.approx(-0.004512, abs=1e-6)
    assert np.quantile(found, [0.025, 0.975]) == pytest.approx((0.021, 0.031), abs=4e-4)
    limits = accelerated(found, mean, acceleration, 0.95)
    assert limits == pytest.approx((0.021, 0.031), abs=4e-4)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((1, 2, 3), {2: 2.444444, 3: 2.666667}),
        ((1, 2, 3, 4, 5), {2: 3.8, 3: 4.2, 4: 4.4336, 5: 4.584}),
        ((0.70, 0.72, 0.75, 0.80), {2: 0.763125, 3: 0.774844, 4: 0.782227}),
    ],
)
def test_plug_in_expected_best(
    values: tuple[float, ...], expected: dict[int, float]
) -> None:
    """Dodge et al. (2019): biased low, so summaries use the unbiased estimate."""
    ranks = np.arange(len(values) + 1) / len(values)
    for runs, best in expected.items():
        weights = np.diff(ranks**runs)
        assert float(np.sort(values) @ weights) == pytest.approx(best, abs=1e-6)


def test_size_of_two_groups() -> None:
    asked = TTestIndPower().solve_power(0.5, alpha=0.05, power=0.8)
    assert asked == pytest.approx(63.766, abs=1e-3)


def test_three_pairs_cannot_be_significant_by_ranks() -> None:
    assert stats.wilcoxon([0.03, 0.02, 0.025]).pvalue == 0.25


def test_nans_leave_pairs_out_without_a_word() -> None:
    """Why runs are counted as failed before any number of theirs is used."""
    own, other = [0.9, 0.92, float("nan")], [0.8, 0.81, 0.8]
    assert np.isnan(stats.ttest_rel(own, other).pvalue)
    omitted = stats.ttest_rel(own, other, nan_policy="omit")
    assert omitted.pvalue == pytest.approx(stats.ttest_rel(own[:2], other[:2]).pvalue)
    assert omitted.df == 1
    with pytest.warns(RuntimeWarning, match="nearly identical"):
        assert stats.ttest_1samp([0.02] * 3, 0.01).pvalue == 0.0
    with pytest.warns(RuntimeWarning, match="nearly identical"):
        assert np.isnan(stats.ttest_1samp([0.02] * 3, 0.02).pvalue)


@pytest.mark.parametrize(("runs", "p"), [(3, 0.10), (4, 0.029), (5, 0.008)])
def test_smallest_p_of_a_rank_test(runs: int, p: float) -> None:
    low, high = np.arange(runs), np.arange(runs) + 100
    found = stats.mannwhitneyu(low, high, method="exact").pvalue
    assert found == pytest.approx(p, abs=6e-4)
