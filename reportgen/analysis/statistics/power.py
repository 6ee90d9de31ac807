"""What seeds and rows can show: a spread and an effect in, numbers of seeds out.

Nothing here uses an observed effect: power at the observed effect only restates p.

Source: Hoenig & Heisey (2001), Am. Stat. 55:19; noncentral t and chi laws.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, inf, isfinite, log, sqrt

import numpy as np
from scipy import optimize, special, stats

POWER = 0.80
MOST_SEEDS = 10_000
FEWEST_SEEDS = 3
PILOT_CONFIDENCE = 0.80
# Gauss-Legendre: smooth integrands over one hump, far beyond the digits printed.
NODES, WEIGHTS = np.polynomial.legendre.leggauss(120)


@dataclass(frozen=True)
class Noise:
    """Variance of a mean over n seeds: `seed_sd`^2 / n + `row_variance`."""

    seed_sd: float
    row_variance: float = 0.0

    def spread(self, n: int) -> tuple[float, float]:
        """Standard error over n seeds and its degrees of freedom."""
        over_seeds = self.seed_sd**2 / n
        total = over_seeds + self.row_variance
        df = (n - 1) * (total / over_seeds) ** 2 if over_seeds > 0 else inf
        return sqrt(total), df


def superiority_power(effect: float, noise: Noise, n: int, *, alpha: float) -> float:
    """Chance to show an effect beyond its margin, `effect` away from it."""
    error, df = noise.spread(n)
    if error == 0:
        return 1.0
    if not isfinite(df):
        return float(stats.norm.sf(stats.norm.isf(alpha / 2) - effect / error))
    return float(stats.nct.sf(stats.t.isf(alpha / 2, df), df, effect / error))


def equivalence_power(margin: float, noise: Noise, n: int, *, alpha: float) -> float:
    """Chance that two one-sided tests show |effect| < margin, when there is none."""
    error, df = noise.spread(n)
    if error == 0:
        return 1.0
    return tost_power(margin, (0.0, error, min(df, 1e6)), alpha=alpha)


def tost_power(
    margin: float, truth: tuple[float, float, float], *, alpha: float
) -> float:
    """Chance of an equivalence verdict.

    Args:
        margin: of equivalence.
        truth: the effect, the true standard error of its estimate, and df.
        alpha: of each one-sided test.
    """
    effect, error, df = truth
    quantile = float(stats.t.isf(alpha, df))

    # The law of the ratio s / sigma lies within these bounds but for 1e-12 of it.
    low, high = (sqrt(special.chdtri(df, tail) / df) for tail in (1 - 1e-12, 1e-12))
    high = min(high, margin / (quantile * error))
    if high <= low:
        return 0.0
    ratio = low + (high - low) * (NODES + 1) / 2
    half = quantile * ratio * error
    inside = special.ndtr((margin - half - effect) / error) - special.ndtr(
        (-margin + half - effect) / error
    )
    x = ratio * sqrt(df)
    log_density = (df - 1) * np.log(x) - x**2 / 2 - (df / 2 - 1) * log(2)
    density = np.exp(log_density - special.gammaln(df / 2)) * sqrt(df)
    return float((high - low) / 2 * (WEIGHTS @ (inside * density)))


def seeds_needed(
    effect: float,
    noise: Noise,
    *,
    alpha: float = 0.05,
    power: float = POWER,
    equivalence: bool = False,
) -> int | None:
    """The fewest seeds that reach the power; None when no number up to 10,000 does.

    Args:
        effect: distance from the margin to resolve, or the equivalence margin.
        noise: spread of one pair, and what seeds cannot average out.
        alpha: two-sided level, or that of each one-sided test of equivalence.
        power: to be reached.
        equivalence: whether the claim is one of equivalence.
    """
    chance = equivalence_power if equivalence else superiority_power

    def enough(n: int) -> bool:
        return chance(effect, noise, n, alpha=alpha) >= power

    return None if effect <= 0 else fewest_seeds(enough)


def fewest_seeds(
    enough: Callable[[int], bool], *, most: int = MOST_SEEDS
) -> int | None:
    """The fewest seeds that are enough, if more never are too few; None beyond `most`.

    At least three, below which no verdict is given.
    """
    if not enough(most):
        return None
    low, high = FEWEST_SEEDS - 1, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def resolvable(
    effect: float, row_variance: float, *, alpha: float = 0.05, power: float = POWER
) -> bool:
    """Whether any number of seeds could resolve the effect on these test rows."""
    return row_variance < (effect / _normal_distance(alpha, power)) ** 2


def rows_needed(
    effect: float,
    row_variance: float,
    rows: int,
    *,
    alpha: float = 0.05,
    power: float = POWER,
) -> int:
    """Test rows below which the effect cannot be resolved by any number of seeds."""
    distance = _normal_distance(alpha, power)
    return ceil(rows * distance**2 * row_variance / effect**2)


def _normal_distance(alpha: float, power: float) -> float:
    return float(stats.norm.isf(alpha / 2) + stats.norm.ppf(power))


def upper_sd(sd: float, n: int, *, confidence: float = PILOT_CONFIDENCE) -> float:
    """Upper one-sided confidence limit of an SD estimated from n normal values."""
    return sd * sqrt((n - 1) / float(stats.chi2.ppf(1 - confidence, n - 1)))


def sd_interval(sd: float, n: int, *, level: float = 0.95) -> tuple[float, float]:
    """Two-sided interval of an SD estimated from n normal values, n >= 2."""
    tail = (1 - level) / 2
    low, high = (
        sd * sqrt((n - 1) / float(stats.chi2.ppf(q, n - 1))) for q in (1 - tail, tail)
    )
    return low, high


def detectable_effect(
    n: int,
    *,
    noise: Noise = Noise(1.0),
    alpha: float = 0.05,
    power: float = POWER,
    equivalence: bool = False,
) -> float | None:
    """Smallest distance from the margin that n seeds resolve; None below three seeds.

    Args:
        n: seeds.
        noise: of a difference; an SD of 1 gives the answer in SDs.
        alpha: two-sided level, or that of each one-sided test of equivalence.
        power: to be reached.
        equivalence: whether to ask for the smallest margin that equal arms are shown
            to keep.
    """
    if n < FEWEST_SEEDS:
        return None

    chance = equivalence_power if equivalence else superiority_power

    def lacking(effect: float) -> float:
        return chance(effect, noise, n, alpha=alpha) - power

    # At n = 3 and alpha = .05/20 the answer is below 60 SEs; brentq needs a bracket.
    error, _ = noise.spread(n)
    return float(optimize.brentq(lacking, 1e-6 * error, 10_000 * error))


def chance_seeds(gamma: float, *, alpha: float = 0.05, power: float = POWER) -> int:
    """Runs an arm that tell a chance of improvement of `gamma` from an even one.

    Args:
        gamma: the chance, above one half.
        alpha: two-sided.
        power: to be reached.

    Source: Noether (1987), J. Am. Stat. Assoc. 82:645.
    """
    return ceil((_normal_distance(alpha, power) / (gamma - 0.5)) ** 2 / 6)


def detectable_chance(n: int, *, alpha: float = 0.05, power: float = POWER) -> float:
    """The chance of improvement that n runs an arm tell from an even one; at most 1."""
    return min(1.0, 0.5 + _normal_distance(alpha, power) / sqrt(6 * n))
