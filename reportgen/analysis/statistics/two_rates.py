"""How far two failure rates lie apart: counts in, exact interval and p-values out.

A difference is compatible with the counts unless they, or counts more extreme by the
score statistic, are unlikely whatever the two rates may be that differ by so much. No
difference is shown where Fisher's exact test shows none.

Beyond 60 runs an arm the score statistic is taken as normal. The two counts are taken
as independent; seeds under which both arms fail together make the tests cautious.

Source: Chan & Zhang (1999), Biometrics 55:1202 (exact interval); Miettinen & Nurminen
(1985), Stat. Med. 4:213 (score statistic); Fisher (1935), J. R. Stat. Soc. 98:39.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import stats

from reportgen.analysis.statistics.estimate import Estimate, Sample
from reportgen.records import Array

GRID = 201  # supposed rates among which the largest p is sought
HALVINGS = 20  # of an interval's end, down to 2e-6
EXACT_UP_TO = 60  # runs an arm; beyond, the score statistic is taken as normal


@dataclass(frozen=True)
class RateEstimate(Estimate):
    """A difference of two failure rates, reference minus variant.

    Attributes:
        failed: runs of variant and reference that failed, each of `n`.
    """

    failed: tuple[int, int] = (0, 0)

    @property
    def determined(self) -> bool:
        """Whether an interval exists."""
        return self.n > 0

    def interval(self, level: float) -> tuple[float, float]:
        """Differences that neither one-sided exact test rejects."""
        tail = (1 - level) / 2
        own, other = self.failed
        return _lower(other, own, self.n, tail), -_lower(own, other, self.n, tail)

    def p_greater(self, null: float) -> float:
        """One-sided p for a difference above `null`."""
        own, other = self.failed
        return exact_p(other, own, self.n, null)

    def p_less(self, null: float) -> float:
        """One-sided p for a difference below `null`."""
        own, other = self.failed
        return exact_p(own, other, self.n, -null)

    def negated(self) -> "RateEstimate":
        """The same estimate with the arms exchanged."""
        own, other = self.failed
        return RateEstimate(
            -self.mean, self.n, self.sd, (), None, None, failed=(other, own)
        )


@lru_cache(maxsize=4096)
def exact_p(first: int, second: int, n: int, null: float) -> float:
    """One-sided p of rate(first) - rate(second) > null, both counts of n runs.

    The largest chance, over all pairs of rates that differ by `null`, of counts at
    least as far beyond it. Never below Fisher's p where null >= 0.
    """
    if null >= 1:
        return 1.0
    if null < -1:
        return 0.0
    if n > EXACT_UP_TO:
        counts = np.array(first / n), np.array(second / n)
        p = float(stats.norm.sf(_score(*counts, n, null)))
        return max(p, fisher_one_sided(first, second, n)) if null >= 0 else p
    scores = _scores(n, null)
    beyond = (scores >= scores[first, second] - 1e-9).astype(np.float64)
    lower, upper = max(0.0, -null), min(1.0, 1 - null)
    rates = np.linspace(lower, upper, GRID)
    p = float(_chances(n, rates + null, rates, beyond).max())
    return max(p, fisher_one_sided(first, second, n)) if null >= 0 else p


def fisher_one_sided(first: int, second: int, n: int) -> float:
    """Fisher's one-sided p of the first count being the larger by its rate."""
    table = [[first, n - first], [second, n - second]]
    return float(stats.fisher_exact(table, alternative="greater").pvalue)


def _chances(n: int, first: Array, second: Array, wanted: Array) -> Array:
    """Chance of the wanted tables, for each pair of rates."""
    counts = np.arange(n + 1)
    own = stats.binom.pmf(counts, n, np.clip(first, 0, 1)[:, None])
    other = stats.binom.pmf(counts, n, np.clip(second, 0, 1)[:, None])
    found: Array = ((own @ wanted) * other).sum(axis=1)
    return found


@lru_cache(maxsize=256)
def _scores(n: int, null: float) -> Array:
    """The score statistic of every table, first count by second."""
    rates = np.arange(n + 1) / n
    first, second = np.meshgrid(rates, rates, indexing="ij")
    return _score(first, second, n, null)


def _score(first: Array, second: Array, n: int, null: float) -> Array:
    """The score statistic; its variance is that of the likeliest rates `null` apart."""
    own = _likeliest(first, second, null)
    other = np.clip(own - null, 0, 1)
    variance = (own * (1 - own) + other * (1 - other)) / n
    gap = first - second - null
    with np.errstate(divide="ignore", invalid="ignore"):
        scores: Array = np.where(
            variance > 1e-15, gap / np.sqrt(variance), np.sign(np.round(gap, 12)) * 1e6
        )
    return scores


def _likeliest(first: Array, second: Array, null: float) -> Array:
    """The first of the two likeliest rates that differ by `null`, for equal n.

    The root of a cubic, in closed form.
    """
    a = 2.0
    b = -(2 + first + second + 3 * null)
    c = null**2 + null * (2 * first + 2) + first + second
    d = -first * null * (1 + null)
    shift = b / (3 * a)
    v = shift**3 - b * c / (6 * a**2) + d / (2 * a)
    u = np.sign(v) * np.sqrt(np.maximum(0.0, shift**2 - c / (3 * a)))
    u = np.where(v == 0, np.sqrt(np.maximum(0.0, shift**2 - c / (3 * a))), u)
    with np.errstate(divide="ignore", invalid="ignore"):
        cosine = np.where(np.abs(u) > 1e-12, v / u**3, 0.0)
    angle = (np.pi + np.arccos(np.clip(cosine, -1, 1))) / 3
    found: Array = np.clip(
        2 * u * np.cos(angle) - shift, max(0, null), min(1, 1 + null)
    )
    return found


@lru_cache(maxsize=4096)
def _lower(first: int, second: int, n: int, tail: float) -> float:
    """The largest difference below which every one-sided test at `tail` rejects."""
    low, high = -1.0, (first - second) / n
    if exact_p(first, second, n, low) > tail:
        return low
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if exact_p(first, second, n, middle) > tail:
            high = middle
        else:
            low = middle
    return low


def estimate_rates(sample: Sample, *, over_rows: bool) -> Estimate:  # noqa: ARG001
    """The difference of two failure rates."""
    if sample.scores is None:
        raise ValueError("failure rates need the ends of both arms' runs")
    own, other = (round(-float(one.sum())) for one in sample.scores)
    effects = sample.effects
    sd = float(np.std(effects, ddof=1)) if sample.n > 1 else 0.0
    mean = (other - own) / sample.n
    return RateEstimate(mean, sample.n, sd, (), None, None, failed=(own, other))
