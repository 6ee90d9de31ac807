"""How far an observed gap may lie from the true one: sizes in, half-widths out."""

from collections.abc import Sequence
from math import log, sqrt

import numpy as np
from scipy import stats

from reportgen.records import Array


def gap_half_width(sizes: Sequence[int], *, error: float, classes: int = 2) -> float:
    """How far the largest gap of two empirical laws may lie from that of the true laws.

    Holds for every law, whatever its ties. Each sample strays by more than e with a
    chance of at most 2 exp(-2 n e^2), in its distribution function, and of
    (2^K - 2) exp(-2 n e^2) in the total variation of K classes.

    Args:
        sizes: rows of the two samples, none of them a copy of another.
        error: chance that the half-width is too small.
        classes: K, for the total variation of classes; 2 for distribution functions.

    Source: Massart (1990), Ann. Probab. 18:1269; Weissman et al. (2003), HP
    Laboratories HPL-2003-97.
    """
    odds = log(2 / error) + (classes * log(2) if classes > 2 else log(2))
    return sum(sqrt(odds / (2 * n)) for n in sizes)


def clustered_variance(influences: Array, sources: Array) -> float:
    """Variance of a sum of influences, shape (N,), of rows that copy some sources.

    Copies of one source count together, as they are all drawn or all left out.
    """
    known = np.unique(sources, return_inverse=True)[1]
    centred = np.bincount(known, weights=influences - influences.mean())
    groups = len(centred)
    return float(groups / (groups - 1) * (centred**2).sum()) if groups > 1 else 0.0


def auc_interval(auc: float, rows: int, *, error: float = 0.05) -> tuple[float, float]:
    """An interval of an AUC whose smaller class has so many rows, whatever the scores.

    Wilson's, since the variance of an AUC is never above that of a share of `rows`.

    Source: Birnbaum & Klose (1957), Ann. Math. Stat. 28:933.
    """
    z2 = float(stats.norm.isf(error / 2)) ** 2
    centre = (auc + z2 / (2 * rows)) / (1 + z2 / rows)
    half = sqrt(z2 * (auc * (1 - auc) / rows + z2 / (4 * rows**2))) / (1 + z2 / rows)
    return max(0.0, centre - half), min(1.0, centre + half)
