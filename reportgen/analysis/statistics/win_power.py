"""Power of the probability of improvement: a chance and runs in, a power out.

Two arms of n normal scores with one spread are supposed, and the test is the one that
judges: which counts U of winning pairs it lets through is found first, then how often U
is among them. Under an even chance the law of U is that of ranks alone. Otherwise, up
to 20 runs an arm, U is counted in 10,000 fixed draws; beyond, it is taken as normal
with its exact mean and variance, which is right to within .02.

Source: Lehmann & D'Abrera (1975), Nonparametrics, 2.3 (variance under a shift of normal
scores). Noether (1987), J. Am. Stat. Assoc. 82:645, takes the variance of equal arms,
which at 5 runs an arm gives more than twice the power there is.
"""

from functools import lru_cache
from math import ceil, comb, floor, inf, sqrt

import numpy as np
from scipy import special, stats

from reportgen.analysis.statistics.power import POWER, fewest_seeds
from reportgen.analysis.statistics.win_chance import (
    EXACT_LIMIT,
    HALF,
    chance_variance,
    rank_sums,
)
from reportgen.records import Array
from reportgen.spec.claims import Kind

DRAWN_UP_TO = 20  # runs an arm
DRAWS = 10_000
MOST_RUNS = 1_000_000
HALVINGS = 40
LEAST_RISE = 1e-6  # of a chance above one half


def rank_power(kind: Kind, gamma: float, n: int, *, alpha: float) -> float:
    """Chance that n runs an arm support a claim.

    Args:
        kind: claims of a direction or of a difference suppose a chance of improvement
            of `gamma`, all others an even one.
        gamma: the chance worth having, above one half.
        n: runs of each arm.
        alpha: two-sided, or that of each one-sided test of equivalence.
    """
    pairs = n * n
    if kind in ("noninferior", "equivalent"):
        tail = alpha if kind == "equivalent" else alpha / 2
        least = _beyond(n, tail, 1 - gamma)
        if kind == "noninferior":
            return _even_from(n, least)
        return max(0.0, 2 * _even_from(n, least) - 1) if 2 * least <= pairs else 0.0
    least = _even_excluded(n, alpha / 2)
    if kind != "differs":  # the chance worth having must not be excluded either
        least = max(least, pairs - _beyond(n, alpha / 2, 1 - gamma) + 1)
    return _shifted_from(n, least, gamma)


def runs_for_chance(
    kind: Kind, gamma: float, *, alpha: float = 0.05, power: float = POWER
) -> int | None:
    """The fewest runs an arm that support a claim so often; None beyond a million."""
    return fewest_seeds(
        lambda n: rank_power(kind, gamma, n, alpha=alpha) >= power, most=MOST_RUNS
    )


def detectable_chance(
    kind: Kind, n: int, *, alpha: float = 0.05, power: float = POWER
) -> float:
    """The chance of improvement that n runs an arm tell from an even one; at most 1."""
    asked: Kind = "differs" if kind in ("improves", "worse") else kind
    low, high = HALF + LEAST_RISE, 1 - LEAST_RISE
    if rank_power(asked, high, n, alpha=alpha) < power:
        return 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        enough = rank_power(asked, middle, n, alpha=alpha) >= power
        low, high = (low, middle) if enough else (middle, high)
    return high


def _beyond(n: int, tail: float, null: float) -> int:
    """The fewest winning pairs by which the score test excludes a chance below ½."""
    quantile = float(stats.t.isf(tail, 2 * n - 2))
    limit = null + quantile * sqrt(chance_variance(null, (n, n)))
    return floor(limit * n * n + 1e-9) + 1


@lru_cache(maxsize=512)
def _even_excluded(n: int, tail: float) -> int:
    """The fewest winning pairs by which score and exact test exclude an even chance."""
    if n > EXACT_LIMIT:
        error = n * sqrt((2 * n + 1) / 12)
        exact = n * n / 2 + 0.5 + float(stats.norm.isf(tail)) * error
        return max(_beyond(n, tail, HALF), ceil(exact))
    allowed = np.flatnonzero(_even_law(n) <= tail * (1 + 1e-12))
    least = int(allowed[0]) if len(allowed) else n * n + 1
    return max(_beyond(n, tail, HALF), least)


@lru_cache(maxsize=64)
def _even_law(n: int) -> Array:
    """Chance of at least so many winning pairs, 0 to n², of two equal arms."""
    ways = rank_sums(np.arange(1, 2 * n + 1), n)[n * (n + 1) // 2 :][: n * n + 1]
    found: Array = np.cumsum(ways[::-1])[::-1] / comb(2 * n, n)
    return found


def _even_from(n: int, least: int) -> float:
    if least > n * n:
        return 0.0
    if n <= EXACT_LIMIT:
        return float(_even_law(n)[max(0, least)])
    return _normal_from(n, least, HALF)


def _shifted_from(n: int, least: int, chance: float) -> float:
    if least > n * n:
        return 0.0
    if n > DRAWN_UP_TO:
        return _normal_from(n, least, chance)
    shift = sqrt(2) * float(special.ndtri(chance))
    reach = _shifts(n, least)
    return float(np.searchsorted(reach, shift, side="left")) / len(reach)


@lru_cache(maxsize=64)
def _shifts(n: int, least: int) -> Array:
    """By how much an arm has to be raised to win so many pairs, ascending."""
    rng = np.random.default_rng(n)
    found = []
    for _ in range(10):
        own, other = rng.standard_normal((2, DRAWS // 10, n), dtype=np.float32)
        gaps = (other[:, None, :] - own[:, :, None]).reshape(len(own), -1)
        found.append(np.partition(gaps, least - 1, axis=1)[:, least - 1])
    return np.sort(np.concatenate(found))


def _normal_from(n: int, least: int, chance: float) -> float:
    """Chance of at least so many winning pairs, their number taken as normal."""
    height = float(special.ndtri(chance))
    # That two runs both beat a third: a bivariate normal chance with correlation ½.
    both = chance - 2 * float(special.owens_t(height, 1 / sqrt(3)))
    spread = chance * (1 - chance) + 2 * (n - 1) * (both - chance**2)
    error = n * sqrt(max(0.0, spread))
    distance = n * n * chance - (least - 0.5)
    return float(special.ndtr(distance / error if error > 0 else distance * inf))
