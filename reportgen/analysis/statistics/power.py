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

    def spread(self, n: int, df: int | None = None) -> tuple[float, float]:
        """Standard error over n seeds and its degrees of freedom.

        Args:
            n: seeds.
            df: of `seed_sd`; n - 1 where None.
        """
        over_seeds = self.seed_sd**2 / n
        total = over_seeds + self.row_variance
        if over_seeds == 0:
            return sqrt(total), inf
        return sqrt(total), (n - 1 if df is None else df) * (total / over_seeds) ** 2


def superiority_power(
    effect: float, noise: Noise, n: int, *, alpha: float, df: int | None = None
) -> float:
    """Chance to show an effect beyond its margin, `effect` away from it."""
    error, df_error = noise.spread(n, df)
    if error == 0:
        return 1.0
    if not isfinite(df_error):
        return float(stats.norm.sf(stats.norm.isf(alpha / 2) - effect / error))
    quantile = stats.t.isf(alpha / 2, df_error)
    return float(stats.nct.sf(quantile, df_error, effect / error))


def equivalence_power(
    margin: float, noise: Noise, n: int, *, alpha: float, df: int | None = None
) -> float:
    """Chance that two one-sided tests show |effect| < margin, when there is none."""
    error, df_error = noise.spread(n, df)
    if error == 0:
        return 1.0
    return tost_power(margin, (0.0, error, min(df_error, 1e6)), alpha=alpha)


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
    effect: float,
    row_variance: float,
    *,
    alpha: float = 0.05,
    equivalence: bool = False,
) -> bool:
    """Whether any number of seeds could resolve the effect on these test rows.

    Args:
        effect: distance from the margin to resolve, or the equivalence margin.
        row_variance: of the mean, from the rows.
        alpha: two-sided level, or that of each one-sided test of equivalence.
        equivalence: whether the claim is one of equivalence.
    """
    distance = normal_distance(alpha, POWER, equivalence=equivalence)
    return row_variance < (effect / distance) ** 2


def rows_needed(
    effect: float,
    row_variance: float,
    rows: int,
    *,
    alpha: float = 0.05,
    equivalence: bool = False,
) -> int:
    """Test rows below which the effect cannot be resolved by any number of seeds."""
    distance = normal_distance(alpha, POWER, equivalence=equivalence)
    return ceil(rows * distance**2 * row_variance / effect**2)


def normal_distance(alpha: float, power: float, *, equivalence: bool = False) -> float:
    """Standard errors from a margin at which a normal law has the power.

    Equivalence errs on two sides, each with half of what the power leaves.
    """
    if equivalence:
        alpha, power = 2 * alpha, (1 + power) / 2
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
    return smallest_effect(
        lambda effect: chance(effect, noise, n, alpha=alpha),
        noise.spread(n)[0],
        power=power,
    )


def smallest_effect(
    chance: Callable[[float], float], error: float, *, power: float = POWER
) -> float | None:
    """The effect at which a chance reaches the power; None where it never does.

    Args:
        chance: rising with the effect.
        error: a standard error, to search in its multiples.
        power: to be reached.
    """
    # At n = 3 and alpha = .05/20 the answer is below 60 SEs; brentq needs a bracket.
    low, high = 1e-6 * error, 10_000 * error
    if error == 0 or chance(high) < power:
        return None
    return float(optimize.brentq(lambda effect: chance(effect) - power, low, high))
