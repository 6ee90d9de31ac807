"""Paired or not: how often equal arms differ, and when pairing pays."""

import numpy as np
import pytest
from scipy import stats

from reportgen.analysis.claims.methods.pooled import estimate_pooled
from reportgen.analysis.claims.methods.welch import estimate_welch
from reportgen.analysis.statistics.estimate import Sample, estimate
from reportgen.records import Array

REPEATS, THEIRS = 20_000, 40_000
GAIN = 2.0  # SDs of one arm
# Seeds, correlation of two arms over seeds, then the two-sided 5 % size of the paired
# and of Welch's test, and their power at a gain of 2 SDs.
TABLE = """
3   0  .048 .035  .288 .366
3  .6  .050 .010  .543 .398
3  .9  .049 .002  .950 .485
5   0  .051 .045  .666 .765
5  .3  .047 .023  .803 .795
5  .6  .049 .008  .955 .838
10  0  .052 .051  .978 .989
10 .3  .050 .021  .997 .995
"""
BREAK_EVEN = {3: 0.584, 4: 0.409, 5: 0.310, 6: 0.249, 8: 0.177, 10: 0.137, 15: 0.088,
              20: 0.065, 30: 0.042}  # fmt: skip


def arms(n: int, rho: float, gain: float) -> Array:
    """Two arms of n seeds that go together by rho, shape (repeats, 2, n)."""
    rng = np.random.default_rng([7, n, round(100 * abs(rho)), round(gain)])
    own, rest = rng.standard_normal((2, REPEATS, n))
    other = rho * own + (1 - rho**2) ** 0.5 * rest
    return np.stack([own + gain, other], axis=1)


def paired_p(values: Array) -> Array:
    gaps = values[:, 0] - values[:, 1]
    n = gaps.shape[1]
    t = gaps.mean(axis=1) / (gaps.std(axis=1, ddof=1) / n**0.5)
    found: Array = 2 * stats.t.sf(np.abs(t), n - 1)
    return found


def welch_p(values: Array) -> Array:
    n = values.shape[2]
    own, other = values.var(axis=2, ddof=1).T / n
    gap = values[:, 0].mean(axis=1) - values[:, 1].mean(axis=1)
    df = (own + other) ** 2 * (n - 1) / (own**2 + other**2)
    found: Array = 2 * stats.t.sf(np.abs(gap) / (own + other) ** 0.5, df)
    return found


def near(p_values: Array, share: float) -> None:
    """Within four standard errors of both simulations, and the last digit printed."""
    error = (share * (1 - share) * (1 / REPEATS + 1 / THEIRS)) ** 0.5
    assert abs(float(np.mean(p_values < 0.05)) - share) <= 4 * error + 6e-4


@pytest.mark.parametrize(
    "line", TABLE.strip().splitlines(), ids=lambda line: " ".join(line.split()[:2])
)
def test_size_and_power_by_correlation(line: str) -> None:
    n, rho, *shares = (float(one) for one in line.split())
    for gain, paired, welch in ((0.0, *shares[:2]), (GAIN, *shares[2:])):
        values = arms(int(n), rho, gain)
        near(paired_p(values), paired)
        near(welch_p(values), welch)


@pytest.mark.parametrize("n", [5, 10])
def test_welch_errs_too_often_where_arms_go_against_each_other(n: int) -> None:
    values = arms(n, -0.3, 0.0)
    near(paired_p(values), 0.05)
    size = float(np.mean(welch_p(values) < 0.05))
    error = 4 * (0.077 * 0.923 / REPEATS) ** 0.5
    assert 0.074 - error < size < 0.080 + error


def test_the_tests_counted_are_those_of_the_methods() -> None:
    values = arms(5, 0.3, GAIN)[:20]
    for (own, other), paired, welch in zip(
        values, paired_p(values), welch_p(values), strict=True
    ):
        sample = Sample(own - other, scores=(own, other))
        pair = estimate(sample)
        two = estimate_welch(sample, over_rows=False)
        assert 2 * min(pair.p_greater(0), pair.p_less(0)) == pytest.approx(paired)
        assert 2 * min(two.p_greater(0), two.p_less(0)) == pytest.approx(welch)


@pytest.mark.parametrize(("n", "rho"), list(BREAK_EVEN.items()))
def test_correlation_from_which_pairing_gives_the_shorter_interval(
    n: int, rho: float
) -> None:
    """Equal spreads: the SE shrinks by sqrt(1 - rho), the quantile grows."""
    wide, narrow = (float(stats.t.isf(0.025, df)) for df in (n - 1, 2 * n - 2))
    assert 1 - (narrow / wide) ** 2 == pytest.approx(rho, abs=6e-4)
    values = np.array([-1.0, 1.0] * 15)[: n - n % 2]
    pair = estimate(Sample(values))
    assert pair.seeds is not None
    assert pair.interval(0.95)[1] == pytest.approx(
        float(stats.t.isf(0.025, len(values) - 1)) * pair.seeds.error
    )


@pytest.mark.parametrize(("ratio", "size"), [(1.0, 0.050), (3.0, 0.22)])
def test_pooling_unequal_arms_breaks_the_level(ratio: float, size: float) -> None:
    """Eight arms, three seeds: what pooling is refused for, by its own estimate."""
    rng = np.random.default_rng(31)
    hits, repeats = 0, 3000
    for _ in range(repeats):
        peers = rng.standard_normal((8, 3))
        peers[0] *= ratio
        sample = Sample(peers[0] - peers[1], scores=(peers[0], peers[1]), peers=peers)
        found = estimate_pooled(sample, over_rows=False)
        hits += 2 * min(found.p_greater(0), found.p_less(0)) < 0.05
    error = 4 * (size * (1 - size) * (1 / repeats + 1 / REPEATS)) ** 0.5
    assert abs(hits / repeats - size) < error + 5e-3
