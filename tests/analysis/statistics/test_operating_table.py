"""Every cell of the tables that say how often the rule decides."""

import numpy as np
import pytest
from scipy import stats

from reportgen.analysis.claims.rule import Margins, decide
from reportgen.analysis.statistics.estimate import Sample, estimate
from reportgen.analysis.statistics.power import Noise, superiority_power, tost_power
from reportgen.records import Array

REPEATS = 20_000
VERDICTS = ("supported", "equivalent", "refuted", "inconclusive")
# SD over margin, seeds, then P(L > m), P(U < m), P(TOST) at 0, 1, 2 and 3 margins.
EXACT = """
.5 3   0 .4707 .5580   .0250 .0250 .0500   .4707 0 0   .9085 0 0
.5 5   0 .9089 .9500   .0250 .0250 .0500   .9089 0 0   1 0 0
.5 10  0 .9998 1       .0250 .0250 .0500   .9998 0 0   1 0 0
.5 20  0 1 1           .0250 .0250 .0500   1 0 0       1 0 0
1 3    .0006 .1786 .1273   .0250 .0250 .0409   .1786 .0006 .0013   .4707 0 0
1 5    .0001 .4013 .2939   .0250 .0250 .0462   .4013 .0001 .0002   .9089 0 0
1 10   0 .8031 .7952       .0250 .0250 .0500   .8031 0 0           .9998 0 0
1 20   0 .9886 .9922       .0250 .0250 .0500   .9886 0 0           1 0 0
2 3    .0052 .0789 .0190   .0250 .0250 .0134   .0789 .0052 .0047   .1786 .0006 .0008
2 5    .0021 .1385 .0203   .0250 .0250 .0113   .1385 .0021 .0019   .4013 .0001 .0001
2 10   .0003 .2928 .0655   .0250 .0250 .0203   .2928 .0003 .0006   .8031 0 0
2 20   0 .5645 .3935       .0250 .0250 .0464   .5645 0 .0001       .9886 0 0
"""
# SD over margin, seeds, then the verdicts at 0, 1 and 2 margins; 200,000 repeats.
HEADLINE = """
.5 3  .000 .325 .147 .528   .025 .025 .000 .950   .471 .000 .000 .529
.5 5  .000 .829 .079 .091   .025 .025 .000 .951   .910 .000 .000 .090
1 3   .001 .062 .115 .822   .025 .020 .005 .950   .178 .001 .000 .821
1 5   .000 .150 .253 .596   .025 .021 .003 .951   .403 .000 .000 .597
1 10  .000 .615 .188 .197   .024 .025 .000 .951   .804 .000 .000 .196
1 20  .000 .977 .011 .012   .026 .025 .000 .949   .989 .000 .000 .011
2 3   .005 .009 .070 .916   .025 .006 .019 .950   .078 .002 .003 .916
2 5   .002 .008 .131 .859   .025 .004 .020 .951   .138 .001 .001 .860
2 10  .000 .020 .273 .707   .024 .006 .019 .951   .294 .000 .000 .705
2 20  .000 .181 .382 .436   .026 .019 .006 .949   .565 .000 .000 .435
"""


def lines(table: str) -> list[tuple[float, int, list[float]]]:
    found = []
    for line in table.strip().splitlines():
        ratio, n, *shares = (float(one) for one in line.split())
        found.append((ratio, int(n), shares))
    return found


def draw(truth: float, ratio: float, n: int) -> Array:
    rng = np.random.default_rng([n, round(10 * ratio), round(truth)])
    values: Array = truth + ratio * rng.standard_normal((REPEATS, n))
    return values


def limits(values: Array, level: float) -> tuple[Array, Array]:
    n = values.shape[1]
    error = values.std(axis=1, ddof=1) / n**0.5
    half = stats.t.isf((1 - level) / 2, n - 1) * error
    return values.mean(axis=1) - half, values.mean(axis=1) + half


def verdicts(values: Array) -> Array:
    """Places in VERDICTS of "improves by at least 1", for all rows at once."""
    lower, upper = limits(values, 0.95)
    within = (lower > -1) & (upper < 1)
    found: Array = np.select([lower > 1, within, upper < 1], [0, 1, 2], 3)
    return found


def near(found: float, share: float, repeats: int = REPEATS) -> None:
    """Within four standard errors and the last digit printed."""
    assert abs(found - share) <= 4 * (share * (1 - share) / repeats) ** 0.5 + 1e-3


@pytest.mark.parametrize(("ratio", "n", "shares"), lines(EXACT))
def test_exact_table(ratio: float, n: int, shares: list[float]) -> None:
    for truth in range(4):
        support, refute, match = shares[3 * truth : 3 * truth + 3]
        noise = Noise(ratio)
        above = superiority_power(truth - 1, noise, n, alpha=0.05)
        below = superiority_power(1 - truth, noise, n, alpha=0.05)
        inside = tost_power(1.0, (truth, ratio / n**0.5, n - 1), alpha=0.05)
        assert (above, below, inside) == pytest.approx(
            (support, refute, match), abs=6e-5
        )


@pytest.mark.parametrize(("ratio", "n", "shares"), lines(EXACT))
def test_simulated_intervals_agree_with_the_exact_table(
    ratio: float, n: int, shares: list[float]
) -> None:
    for truth in range(4):
        values = draw(truth, ratio, n)
        lower, upper = limits(values, 0.95)
        inner = limits(values, 0.90)
        found = (
            np.mean(lower > 1),
            np.mean(upper < 1),
            np.mean((inner[0] > -1) & (inner[1] < 1)),
        )
        for one, share in zip(found, shares[3 * truth : 3 * truth + 3], strict=True):
            tolerance = 4 * (share * (1 - share) / REPEATS) ** 0.5 + 1e-4
            assert abs(float(one) - share) <= tolerance + 5e-5


@pytest.mark.parametrize(("ratio", "n", "shares"), lines(HEADLINE))
def test_headline_table(ratio: float, n: int, shares: list[float]) -> None:
    for truth in range(3):
        found = verdicts(draw(truth, ratio, n))
        for place, share in enumerate(shares[4 * truth : 4 * truth + 4]):
            near(float(np.mean(found == place)), share)


def test_the_rule_is_what_the_table_counts() -> None:
    margins = Margins(1.0, 1.0)
    for ratio, n in ((0.5, 3), (1.0, 5), (2.0, 10)):
        for truth in range(3):
            values = draw(truth, ratio, n)[:100]
            for row, place in zip(values, verdicts(values), strict=True):
                found = decide("improves", margins, estimate(Sample(row)))
                assert found.verdict == VERDICTS[int(place)]


@pytest.mark.parametrize(
    ("looks", "plain", "shared"),
    [
        ((3, 5), 0.087, 0.046),
        ((3, 5, 10), 0.121, 0.045),
        ((3, 5, 10, 20), 0.151, 0.043),
        (tuple(range(3, 21)), 0.229, 0.020),
    ],
)
def test_looking_again_inflates_errors_unless_the_level_is_shared(
    looks: tuple[int, ...], plain: float, shared: float
) -> None:
    values = np.random.default_rng(7).standard_normal((REPEATS, looks[-1]))
    found = []
    for alpha in (0.05, 0.05 / len(looks)):
        decided = np.zeros(REPEATS, dtype=bool)
        for n in looks:
            lower, upper = limits(values[:, :n], 1 - alpha)
            decided |= (lower > 0) | (upper < 0)
        found.append(float(np.mean(decided)))
    near(found[0], plain)
    near(found[1], shared)
