"""The power of each way to compare two arms: an effect and a spread in, a chance out.

Every law takes the distance of the truth from the margin (for equivalence the margin
itself, the truth being no difference), the noise, a number of seeds and the test, and
supposes normal scores of one spread in every arm.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from math import floor, sqrt

import numpy as np
from scipy import special, stats

from reportgen.analysis.statistics.power import (
    NODES,
    POWER,
    WEIGHTS,
    Noise,
    equivalence_power,
    fewest_seeds,
    smallest_effect,
    superiority_power,
)
from reportgen.records import Array

LARGEST_RATIO = 2.0  # of SDs that are pooled, the largest to the smallest
POINTS = 4096  # of the lattice over which sign-flip limits are integrated
SUBSETS_OF = 10  # differences whose subsets are walked; beyond, Student's law holds
HALVINGS = 50


@dataclass(frozen=True)
class Asked:
    """What a law is asked of.

    Attributes:
        alpha: two-sided level, or that of each one-sided test of equivalence.
        equivalence: whether the claim is one of equivalence.
        arms: of the study, where their spreads are pooled.
    """

    alpha: float
    equivalence: bool = False
    arms: int = 2

    @property
    def side(self) -> float:
        """The level of each of its one-sided tests."""
        return self.alpha if self.equivalence else self.alpha / 2


Law = Callable[[float, Noise, int, Asked], float]


def seeds_for(law: Law, effect: float, noise: Noise, asked: Asked) -> int | None:
    """The fewest seeds with 80 % power; None when no number up to 10,000 has it."""
    if effect <= 0:
        return None
    return fewest_seeds(lambda n: law(effect, noise, n, asked) >= POWER)


def effect_for(law: Law, n: int, noise: Noise, asked: Asked) -> float | None:
    """The smallest effect that n seeds resolve with 80 % power; None where none is."""
    return smallest_effect(
        lambda effect: law(effect, noise, n, asked), noise.spread(n)[0]
    )


def paired_law(effect: float, noise: Noise, n: int, asked: Asked) -> float:
    """Student's t of paired differences: n - 1 degrees of freedom."""
    return _student(effect, noise, n, asked, df=n - 1)


def unpaired_law(effect: float, noise: Noise, n: int, asked: Asked) -> float:
    """Welch's t of two arms that vary alike: 2 (n - 1) degrees of freedom."""
    return _student(effect, noise, n, asked, df=2 * (n - 1))


def pooled_law(effect: float, noise: Noise, n: int, asked: Asked) -> float:
    """One spread of k arms, k (n - 1) degrees of freedom, where it is not refused.

    Whether spreads look alike does not depend on their mean square (Basu 1955, Sankhya
    15:377), so the two chances multiply.
    """
    shown = _student(effect, noise, n, asked, df=asked.arms * (n - 1))
    return shown * (1 - unlike_spreads(asked.arms, n))


@lru_cache(maxsize=512)
def unlike_spreads(arms: int, n: int, ratio: float = LARGEST_RATIO) -> float:
    """Chance that the largest of k equal spreads is seen above `ratio` x the smallest.

    Each is the SD of n normal scores. Source: the law of a range, k times the integral
    of f(s) (F(ratio s) - F(s))^(k - 1).
    """
    low, high = stats.chi.ppf((1e-10, 1 - 1e-10), n - 1)
    s = low + (high - low) * (NODES + 1) / 2
    law = stats.chi(n - 1)
    within = law.pdf(s) * (law.cdf(ratio * s) - law.cdf(s)) ** (arms - 1)
    return float(min(1.0, max(0.0, 1 - arms * (high - low) / 2 * (WEIGHTS @ within))))


def _student(effect: float, noise: Noise, n: int, asked: Asked, *, df: int) -> float:
    power = equivalence_power if asked.equivalence else superiority_power
    return power(effect, noise, n, alpha=asked.alpha, df=df)


def rope_law(effect: float, noise: Noise, n: int, asked: Asked) -> float:
    """The posterior of the mean: Student's for a direction; both tails for equivalence.

    Equivalence asks that the tails beyond both margins together stay below twice the
    level of a side, so for each spread seen the means that pass are found first.
    """
    error, df = noise.spread(n)
    if not asked.equivalence or error == 0:
        return paired_law(effect, noise, n, asked)
    df = min(df, 1e6)
    low, high = (sqrt(special.chdtri(df, tail) / df) for tail in (1 - 1e-12, 1e-12))
    ratio = low + (high - low) * (NODES + 1) / 2
    seen = ratio * error

    def tails(mean: Array) -> Array:
        upper, lower = (effect - mean) / seen, (effect + mean) / seen
        found: Array = special.stdtr(df, -upper) + special.stdtr(df, -lower)
        return found

    inner, outer = np.zeros_like(seen), np.full_like(seen, effect)
    passing = tails(inner) < 2 * asked.alpha
    for _ in range(HALVINGS):
        middle = (inner + outer) / 2
        holds = tails(middle) < 2 * asked.alpha
        inner, outer = np.where(holds, middle, inner), np.where(holds, outer, middle)
    inside = np.where(passing, 2 * special.ndtr(inner / error) - 1, 0.0)
    density = stats.chi.pdf(ratio * sqrt(df), df) * sqrt(df)
    return float((high - low) / 2 * (WEIGHTS @ (inside * density)))


def signflip_law(effect: float, noise: Noise, n: int, asked: Asked) -> float:
    """The sign-flip test of n normal differences; no surer than the crossed interval.

    Of the 2^n flips, K may look as extreme. Where K is 1 every difference has to lie on
    the right side of the margin, and the chance is Phi^n. Where the K smallest means of
    subsets are those of ten differences or fewer, their law is integrated over a
    lattice. Beyond, the test has the power of Student's at the level 2 K / 2^n, to
    within .01 (Hoeffding 1952, Ann. Math. Stat. 23:169).
    """
    few = floor(asked.side * 2.0 ** min(n, 60))
    if few < 1:
        return 0.0
    seeds = Noise(noise.seed_sd)
    crossed = paired_law(effect, noise, n, asked) if noise.row_variance > 0 else 1.0
    if noise.seed_sd == 0:
        return crossed
    distance = effect / noise.seed_sd
    if few == 1 and not asked.equivalence:
        return min(crossed, float(special.ndtr(distance) ** n))
    if min(n, few) <= SUBSETS_OF:
        reach = _reach(n, few, both=asked.equivalence)
        share = float(np.searchsorted(reach, distance, side="left")) / len(reach)
        return min(crossed, share)
    level = few / 2.0 ** min(n, 60) * (1 if asked.equivalence else 2)
    return min(crossed, paired_law(effect, seeds, n, Asked(level, asked.equivalence)))


@lru_cache(maxsize=64)
def _reach(n: int, few: int, *, both: bool) -> Array:
    """How far below 0 the lower limit lies, of n standard normals; ascending.

    With `both`, the farther limit. The limit is the `few`-th smallest mean of a subset,
    and such a subset holds none but the `few` smallest values.
    """
    values = np.sort(special.ndtri(_lattice(n)), axis=1)
    size = min(n, few)
    members = (np.arange(1, 2**size)[:, None] >> np.arange(size)) & 1
    shares = (members / members.sum(axis=1, keepdims=True)).T  # (size, subsets)

    def limits(lowest: Array) -> Array:
        ordered: Array = np.partition(lowest @ shares, few - 1, axis=1)
        return ordered[:, few - 1]

    found = -limits(values[:, :size])
    if both:
        found = np.maximum(found, -limits(-values[:, ::-1][:, :size]))
    found.sort()
    found.flags.writeable = False
    return found


def _lattice(dimensions: int) -> Array:
    """Evenly spread points of the unit cube, shape (points, dimensions).

    Source: Kronecker's sequence with the powers of the root of x^(d+1) = x + 1.
    """
    root = 2.0
    for _ in range(HALVINGS):
        root = (1 + root) ** (1 / (dimensions + 1))
    steps = root ** -np.arange(1.0, dimensions + 1)
    found: Array = (0.5 + np.arange(1, POINTS + 1)[:, None] * steps) % 1
    return np.clip(found, 1e-12, 1 - 1e-12)
