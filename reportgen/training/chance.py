"""How far from chance: counts and samples in, bounds that hold at any size out.

Every bound is one-sided and errs on the safe side, so that a sound step raises an alarm
at most once in a million measurements.
"""

import math

import numpy as np

from reportgen.records import Array

ALPHA = 1e-6


def surplus_bound(
    surplus: Array, variance: Array, *, largest: float | Array = 1.0
) -> Array:
    """Bound on P(a sum of independent values exceeds its mean by `surplus`).

    Args:
        surplus: above the mean.
        variance: of the sum.
        largest: how far one value can be from its mean.

    Source: Bernstein's inequality.
    """
    positive = np.maximum(surplus, 0.0)
    spread = np.maximum(variance + largest * positive / 3, 1e-12)
    bound: Array = np.exp(-(positive**2) / (2 * spread))
    return bound


def sign_bound(wins: int, losses: int) -> float:
    """Bound on P(so many more wins than losses) where both are equally likely.

    Source: Hoeffding's inequality.
    """
    n = wins + losses
    if wins <= losses:
        return 1.0
    return math.exp(-((wins - losses) ** 2) / (2 * n))


def binomial_tail(hits: int, trials: int, chance: float) -> float:
    """P(at least `hits` of `trials`) where each one hits with probability `chance`."""
    if hits <= 0 or chance >= 1:
        return 1.0
    if chance <= 0:
        return 0.0
    odds = math.log(chance) - math.log1p(-chance)
    start = math.lgamma(trials + 1) + trials * math.log1p(-chance)
    terms = (
        math.exp(start - math.lgamma(k + 1) - math.lgamma(trials - k + 1) + k * odds)
        for k in range(hits, trials + 1)
    )
    return min(1.0, math.fsum(terms))


def two_sided(z: float) -> float:
    """P(|Z| > z) of a standard normal Z."""
    return math.erfc(abs(z) / math.sqrt(2))
