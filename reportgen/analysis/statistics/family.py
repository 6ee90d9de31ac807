"""Several claims at once: p-values in, adjusted p-values and interval levels out.

Every correction gives each claim a level of its own, at which its interval excludes the
margin exactly where its adjusted p is below the family's level.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

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


def bonferroni_adjusted(p_values: Sequence[float]) -> list[float]:
    """Every p-value times their number; holds whatever the claims share."""
    return [min(1.0, len(p_values) * p) for p in p_values]


def bonferroni_levels(
    p_values: Sequence[float], *, alpha: float = ALPHA
) -> list[float]:
    """An equal share of the level for every claim."""
    return [alpha / len(p_values)] * len(p_values)


def bh_adjusted(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values that keep the share of false discoveries at its level.

    Source: Benjamini & Hochberg (1995), J. R. Stat. Soc. B 57:289.
    """
    if not p_values:
        return []
    adjusted = stats.false_discovery_control(np.asarray(p_values, dtype=np.float64))
    return [float(value) for value in adjusted]


def bh_levels(p_values: Sequence[float], *, alpha: float = ALPHA) -> list[float]:
    """The level R alpha / k, for R rejected claims of k, at least one counted.

    Among the intervals of rejected claims, the expected share that misses the truth is
    at most alpha: the false coverage rate.

    Source: Benjamini & Yekutieli (2005), J. Am. Stat. Assoc. 100:71.
    """
    rejected = sum(p < alpha for p in bh_adjusted(p_values))
    return [max(1, rejected) * alpha / len(p_values)] * len(p_values)


@dataclass(frozen=True)
class Correction:
    """How the claims of a study share their error rate.

    Attributes:
        name: as a spec writes it.
        title: as a report calls it.
        explained: what it keeps, for readers without a course in statistics.
    """

    name: str
    title: str
    explained: str
    adjusted: Callable[[Sequence[float]], list[float]]
    levels: Callable[..., list[float]]


CORRECTIONS = {
    "holm": Correction(
        "holm",
        "Holm",
        "the chance that any one of all registered claims gets a false verdict stays "
        "below the level, step by step from the clearest claim on",
        holm_adjusted,
        holm_levels,
    ),
    "bonferroni": Correction(
        "bonferroni",
        "Bonferroni",
        "every claim gets an equal share of the level, so that the chance of any false "
        "verdict stays below it however the claims hang together",
        bonferroni_adjusted,
        bonferroni_levels,
    ),
    "bh": Correction(
        "bh",
        "Benjamini–Hochberg",
        "the expected share of false ones among all verdicts stays below the level, "
        "which allows more of them than keeping every verdict safe; intervals that "
        "decide are as wide as keeps the same share of them from missing the truth",
        bh_adjusted,
        bh_levels,
    ),
}


@dataclass(frozen=True)
class Shares:
    """What a family leaves to its hypotheses, in the order given."""

    levels: tuple[float, ...]
    adjusted: tuple[float, ...]


def share(p_values: Sequence[float], correction: Correction, *, looks: int) -> Shares:
    """Share the error rate among hypotheses and among looks at the data.

    Args:
        p_values: one per hypothesis.
        correction: of the study.
        looks: how often the data are looked at; each look gets an equal part of the
            level, and adjusted p-values count them.
    """
    levels = correction.levels(p_values, alpha=ALPHA / looks)
    adjusted = [min(1.0, looks * p) for p in correction.adjusted(p_values)]
    return Shares(tuple(levels), tuple(adjusted))
