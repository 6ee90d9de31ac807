"""Known answers of methods that the protocol weighs against its own and does not use.

No verdict rests on them. They hold the numerical libraries, whose other answers do.
"""

from math import sqrt

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.power import TTestIndPower
from statsmodels.stats.proportion import proportion_confint

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


def test_wilsons_interval() -> None:
    found = proportion_confint(1, 5, method="wilson")
    assert found == pytest.approx((0.036224, 0.624465), abs=1e-6)


def test_wilcoxons_test_of_darwins_maize() -> None:
    found = stats.wilcoxon(MAIZE)
    assert (found.statistic, found.pvalue) == pytest.approx((24, 0.041259766))


def test_bootstrap_of_the_law_schools() -> None:
    """Accelerated and percentile limits of a correlation, within sampling error."""
    data = (np.array(LSAT), np.array(GPA))

    def correlation(first: object, second: object) -> float:
        return float(stats.pearsonr(first, second).statistic)

    assert correlation(*data) == pytest.approx(0.7763744913)
    rng = np.random.default_rng(0)
    limits = {}
    for method in ("BCa", "percentile"):
        found = stats.bootstrap(
            data,
            correlation,
            paired=True,
            vectorized=False,
            n_resamples=2_000,
            method=method,
            rng=rng,
        )
        limits[method] = tuple(found.confidence_interval)
    assert limits["BCa"] == pytest.approx((0.327, 0.9418), abs=0.03)
    assert limits["percentile"] == pytest.approx((0.459, 0.9618), abs=0.03)
    assert limits["BCa"][1] < limits["percentile"][1] - 0.01


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
