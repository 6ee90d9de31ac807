"""Published and worked examples that no other test of one function holds."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats import multitest, weightstats

from benchmarks.verdict_errors import percentile_limits
from reportgen.analysis.claims.methods.rope import rope_p
from reportgen.analysis.claims.rule import Margins, claim_p
from reportgen.analysis.claims.verdicts import failure_interval
from reportgen.analysis.complements.summaries import expected_maximum
from reportgen.analysis.statistics.effect_size import standardised
from reportgen.analysis.statistics.estimate import (
    Estimate,
    Sample,
    Spread,
    crossed_se,
    estimate,
)
from reportgen.analysis.statistics.family import (
    bh_adjusted,
    bh_levels,
    bonferroni_adjusted,
    bonferroni_levels,
    holm_adjusted,
    holm_levels,
)
from reportgen.analysis.statistics.signflip import signflip_p
from reportgen.records import Array

PUBLISHED = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
    0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip
FIRST = "4.00 3.26 4.14 3.42 3.25 4.34 4.97 4.31 3.11 3.41 5.02 4.21 4.59 5.30 4.32"
SECOND = "3.76 3.66 3.65 3.60 3.48 2.87 3.24 3.92 3.99 4.21 4.21 3.31 3.61 2.97 2.73"


def numbers(text: str) -> Array:
    return np.array([float(value) for value in text.split()])


def given(mean: float, error: float, df: float, n: int = 30) -> Estimate:
    spread = Spread(error, df)
    return Estimate(mean, n, error * n**0.5, (spread,), spread, None)


def tost(found: Estimate, margin: float) -> float:
    return max(found.p_greater(-margin), found.p_less(margin))


def test_equivalence_of_the_published_r_example() -> None:
    own, other = numbers(FIRST), numbers(SECOND)
    found = estimate(Sample(own - other))
    assert found.mean == pytest.approx(0.5626667, abs=1e-7)
    assert tost(found, 0.6) == pytest.approx(0.4412034046, abs=1e-9)
    assert found.interval(0.90) == pytest.approx((0.1261653305, 0.9991680028), abs=1e-9)
    assert weightstats.ttost_paired(own, other, -0.6, 0.6)[0] == pytest.approx(
        tost(found, 0.6)
    )


def test_equivalence_from_the_summaries_of_pairs() -> None:
    """n = 30, means 5.83 and 5.75, SDs 1.17 and 1.29, r = .75, +-.4 SDs."""
    sd = (1.17**2 + 1.29**2 - 2 * 0.75 * 1.17 * 1.29) ** 0.5
    assert sd == pytest.approx(0.876955, abs=1e-6)
    found, margin = given(0.08, sd / 30**0.5, 29), 0.4 * sd
    error = sd / 30**0.5
    assert (0.08 + margin) / error == pytest.approx(2.690549, abs=1e-6)
    assert (0.08 - margin) / error == pytest.approx(-1.691232, abs=1e-6)
    assert found.p_greater(-margin) == pytest.approx(0.005856, abs=1e-6)
    assert found.p_less(margin) == pytest.approx(0.050757, abs=1e-6)
    assert found.interval(0.90) == pytest.approx((-0.192046, 0.352046), abs=1e-6)


def test_equivalence_from_the_summaries_of_two_groups() -> None:
    """5.25 (.95, n 95) and 5.22 (.83, n 89), +-.48 average SDs, by Welch."""
    own, other = 0.95**2 / 95, 0.83**2 / 89
    df = (own + other) ** 2 / (own**2 / 94 + other**2 / 88)
    assert df == pytest.approx(181.134367, abs=1e-6)
    margin = 0.48 * ((0.95**2 + 0.83**2) / 2) ** 0.5
    assert margin == pytest.approx(0.428170, abs=1e-6)
    found = given(0.03, (own + other) ** 0.5, df)
    assert found.p_greater(-margin) == pytest.approx(0.00030391, abs=1e-8)
    assert found.p_less(margin) == pytest.approx(0.00139090, abs=1e-8)
    assert found.interval(0.90) == pytest.approx((-0.187084, 0.247084), abs=1e-6)


def test_corrections_of_the_published_example() -> None:
    holm, bh = holm_adjusted(PUBLISHED), bh_adjusted(PUBLISHED)
    assert holm == pytest.approx(
        [0.0015, 0.0056, 0.0247, 0.1140, 0.2211, *[0.278] * 3, 0.3213, *[1] * 6],
        abs=1e-6,
    )
    assert bh == pytest.approx(
        [0.0015, 0.0030, 0.0095, 0.035625, 0.0603, 0.06386, 0.06386, 0.0645, 0.0765,
         0.486, 0.58118, 0.71487, 0.75323, 0.81321, 1], abs=1e-5,
    )  # fmt: skip
    bonferroni = bonferroni_adjusted(PUBLISHED)
    assert [sum(p < 0.05 for p in one) for one in (holm, bh, bonferroni)] == [3, 4, 3]
    for name, ours in (("holm", holm), ("bonferroni", bonferroni), ("fdr_bh", bh)):
        theirs = multitest.multipletests(PUBLISHED, 0.05, name)[1]
        assert ours == pytest.approx(theirs)


def test_adjusted_p_of_the_worked_example() -> None:
    """First failing rank 2: one claim is rejected, three share the next level."""
    given_p = [0.004, 0.03, 0.02, 0.6]
    assert holm_adjusted(given_p) == pytest.approx([0.016, 0.06, 0.06, 0.6])
    assert holm_levels(given_p) == pytest.approx([0.0125, *[0.05 / 3] * 3])


def test_levels_of_the_published_example() -> None:
    assert bh_levels(PUBLISHED) == pytest.approx([4 * 0.05 / 15] * 15)
    assert bonferroni_levels(PUBLISHED) == pytest.approx([0.05 / 15] * 15)
    assert bh_levels([0.5, 0.6]) == pytest.approx([0.025, 0.025])


def test_all_resamples_of_five_values() -> None:
    """The 3,125 resamples of .021 .034 .027 .018 .030: limits .021 and .031."""
    values = np.array([[0.021, 0.034, 0.027, 0.018, 0.030]])
    low, high = percentile_limits(values, np.random.default_rng(0))
    assert (low[0], high[0]) == pytest.approx((0.021, 0.031), abs=4e-4)


def test_probabilities_of_regions_with_a_given_posterior() -> None:
    """Student's t (2 df) around 1 with variance 40/3: the published unit test."""
    found = given(1.0, (16 * (1 / 3 + 1 / 2)) ** 0.5, 2, n=3)
    assert found.p_less(-1) == pytest.approx(1 - 0.319421, abs=1e-6)
    assert found.p_greater(1) == pytest.approx(0.5)
    assert found.p_greater(-1) + found.p_less(1) == pytest.approx(
        1 - 0.180579, abs=1e-6
    )
    assert found.p_greater(0) == pytest.approx(0.404941, abs=1e-6)
    assert rope_p("noninferior", Margins(1, 1), found) == pytest.approx(
        0.319421, abs=1e-6
    )


@pytest.mark.parametrize(
    ("failed", "planned", "lower", "upper"),
    [(0, 3, 0, 0.707598), (0, 5, 0, 0.521824), (1, 5, 0.005051, 0.716418)],
)
def test_exact_interval_of_a_rate(
    failed: int, planned: int, lower: float, upper: float
) -> None:
    found = failure_interval(failed, planned)
    assert (found.lower, found.upper) == pytest.approx((lower, upper), abs=1e-6)


@pytest.mark.parametrize(
    ("level", "quantiles"),
    [
        (0.95, (12.706205, 4.302653, 2.776445, 2.262157)),
        (0.90, (6.313752, 2.919986, 2.131847, 1.833113)),
    ],
)
def test_quantiles_behind_every_interval(
    level: float, quantiles: tuple[float, ...]
) -> None:
    for df, quantile in zip((1, 2, 4, 9), quantiles, strict=True):
        assert given(0.0, 1.0, df).interval(level)[1] == pytest.approx(
            quantile, abs=1e-6
        )


def test_what_scipy_gives_for_its_own_examples() -> None:
    """Detectors rely on these; another answer would be another library."""
    binomial = stats.binomtest(3, 15, 0.1, alternative="greater")
    assert binomial.pvalue == pytest.approx(0.184061069, abs=1e-9)
    assert binomial.proportion_ci().low == pytest.approx(0.056846868, abs=1e-9)
    table = stats.chi2_contingency([[10, 10, 20], [20, 20, 20]])
    assert (table.statistic, table.pvalue, table.dof) == pytest.approx(
        (2.777778, 0.249352209, 2), abs=1e-6
    )
    assert stats.fisher_exact([[8, 2], [1, 5]]).pvalue == pytest.approx(0.034965035)
    rho = stats.spearmanr([1, 2, 3, 4, 5], [5, 6, 7, 8, 7])
    assert (rho.statistic, rho.pvalue) == pytest.approx(
        (0.820782682, 0.088587005), abs=1e-9
    )
    a = numbers("8.88 9.12 9.04 8.98 9.00 9.08 9.01 8.85 9.06 8.99")
    b = numbers("8.88 8.95 9.29 9.44 9.15 9.58 8.36 9.18 8.67 9.05")
    c = numbers("8.95 9.12 8.95 8.85 9.03 8.84 9.07 8.98 8.86 8.98")
    three, two = stats.levene(a, b, c), stats.levene(a, b)
    assert (three.statistic, three.pvalue) == pytest.approx(
        (7.584952755, 0.002431506), abs=1e-8
    )
    assert (two.statistic, two.pvalue) == pytest.approx(
        (8.461374, 0.009364738), abs=1e-6
    )


@pytest.mark.parametrize(
    ("values", "best"),
    [
        ([1, 2, 3], (2, 2.666667, 3)),
        ([1, 2, 3, 4, 5], (3, 4, 4.5, 4.8, 5)),
        ([0.70, 0.72, 0.75, 0.80], (0.7425, 0.77, 0.7875, 0.8)),
    ],
)
def test_expected_best_of_runs(values: list[float], best: tuple[float, ...]) -> None:
    assert expected_maximum(values) == pytest.approx(best, abs=1e-6)


def test_traps_of_scipy_are_not_ours() -> None:
    """Equal effects give infinity or nan there, and no interval here."""
    for effects in (np.full(3, 0.02), np.full(3, 0.1) + 0.2):
        found = estimate(Sample(effects))
        assert not found.determined
        assert claim_p("improves", Margins(0.01, 0.0), found) == 1.0
        assert claim_p("improves", Margins(0.02, 0.0), found) == 1.0


def test_crossed_half_width_of_the_worked_example() -> None:
    rows = np.zeros((3, 10))
    rows[:, :3] = 1
    rows[0, 3], rows[1, 4], rows[2, 5], rows[2, 6] = 1, -1, 1, 1
    assert rows.mean(axis=1) == pytest.approx([0.4, 0.2, 0.5])
    crossed = crossed_se(rows).spread
    half = float(stats.t.isf(0.025, crossed.df)) * crossed.error
    assert half == pytest.approx(0.379383, abs=1e-6)
    seeds = estimate(Sample(rows.mean(axis=1))).interval(0.95)
    assert (seeds[1] - seeds[0]) / 2 == pytest.approx(0.379458, abs=1e-6)


@pytest.mark.parametrize(
    ("text", "outer", "inner"),
    [
        (".021 .034 .027 .018 .030", (0.017905, 0.034095), (0.019785, 0.032215)),
        (".012 -.004 .020", (-0.021023, 0.039690), (-0.011268, 0.029935)),
        (".002 -.001 .003 0 .001", (-0.000963, 0.002963), (-0.000507, 0.002507)),
        (".004 .005 .0045 .0055 .005", (0.004092, 0.005508), (0.004256, 0.005344)),
        ("-.03 -.04 -.035", (-0.047421, -0.022579), (-0.043429, -0.026571)),
        (".030 .032 .031", (0.028516, 0.033484), (0.029314, 0.032686)),
        (".004 -.006 .001", (-0.013081, 0.012414), (-0.008984, 0.008318)),
        (".004 -.012 .010", (-0.027584, 0.028917), (-0.018506, 0.019839)),
        ("-.004 .001 -.002", (-0.007918, 0.004585), (-0.005909, 0.002576)),
        (".06 .02 .03 .05 .04", (0.020368, 0.059632), (0.024926, 0.055074)),
        (".05 .04 .06 .045 -.40", (-0.290355, 0.208355), (-0.232463, 0.150463)),
        (".05 .052", (0.038294, 0.063706), (0.044686, 0.057314)),
        ("-.003 .007 .002 .004 -.001", (-0.003120, 0.006720), (-0.001978, 0.005578)),
    ],
)
def test_intervals_of_the_vectors(
    text: str, outer: tuple[float, float], inner: tuple[float, float]
) -> None:
    found = estimate(Sample(numbers(text)))
    assert found.interval(0.95) == pytest.approx(outer, abs=1e-6)
    assert found.interval(0.90) == pytest.approx(inner, abs=1e-6)


def test_sizes_of_the_first_vector() -> None:
    effects = numbers(".021 .034 .027 .018 .030")
    assert standardised(effects) == pytest.approx(3.182138, abs=1e-6)
    assert signflip_p(effects - 0.01) == 0.0625


@pytest.mark.parametrize(("rows", "bound"), [(1000, 0.00299), (10_000, 0.000300)])
def test_rows_bound_disagreement(rows: int, bound: float) -> None:
    still = estimate(Sample(np.zeros(5)))
    _, upper = replace(still, agreeing_rows=rows).interval(0.90)
    assert upper == pytest.approx(bound, rel=2e-3)
