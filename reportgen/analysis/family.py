"""Several claims at once: p-values in, adjusted p-values and interval levels out."""

from collections.abc import Sequence

import numpy as np
from scipy import stats

ALPHA = 0.05
FALSE_DISCOVERY_RATE = 0.10


def holm_adjusted(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values, in the order given, that keep the family at its level.

    Source: Holm (1979), Scand. J. Stat. 6:65.
    """
    order = np.argsort(p_values, kind="stable")
    adjusted = [1.0] * len(p_values)
    running = 0.0
    for rank, place in enumerate(order):
        scaled = (len(p_values) - rank) * p_values[place]
        running = max(running, min(1.0, scaled))
        adjusted[place] = running
    return adjusted


def holm_levels(p_values: Sequence[float], *, alpha: float = ALPHA) -> list[float]:
    """The level of each claim's own interval, so that interval and Holm agree.

    A claim rejected at rank i (from 1) of k gets alpha / (k - i + 1); every other one
    gets the level at which the first of them failed.
    """
    k = len(p_values)
    order = np.argsort(p_values, kind="stable")
    levels = [alpha] * k
    failed: float | None = None
    for rank, place in enumerate(order):
        level = alpha / (k - rank)
        if failed is None and p_values[place] >= level:
            failed = level
        levels[place] = level if failed is None else failed
    return levels


def bh_adjusted(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values that keep the share of false discoveries at its level.

    Source: Benjamini & Hochberg (1995), J. R. Stat. Soc. B 57:289.
    """
    if not p_values:
        return []
    adjusted = stats.false_discovery_control(np.asarray(p_values, dtype=np.float64))
    return [float(value) for value in adjusted]
