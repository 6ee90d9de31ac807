"""Maximum mean discrepancy: do two sets of rows come from one distribution?

Rows are compared by how many of their tokens differ; the kernel is Gaussian in that
distance, its width the median over all pairs. The interval leaves out one row after the
other. Of sets that are alike the estimate varies less than it says, and so it does
where the second set holds the rows of the first in another form.

Source: Gretton et al. (2012), J. Mach. Learn. Res. 13:723 (unbiased estimate); Arvesen
(1969), Ann. Math. Stat. 40:2076 (jackknife of two-sample U-statistics).
"""

import numpy as np
from scipy import stats

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.fed import FedPair, shift_pairs
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import Interval
from reportgen.analysis.rows.features import RowFeatures, groupings, permutation_p
from reportgen.analysis.statistics.spans import clustered_variance
from reportgen.records import Array

FEWEST_ROWS = 100
MOST_ROWS = 1_000  # a side: cost grows with the square
ALPHA = 0.05


def _read(results: Results) -> list[Reading | Missing]:
    found = [_reading(pair) for pair in shift_pairs(results)]
    return found or [Missing("every set", "the rows fed were not kept")]


def _reading(pair: FedPair) -> Reading | Missing:
    first, second = pair.first.inputs[:MOST_ROWS], pair.second.inputs[:MOST_ROWS]
    if min(len(first), len(second)) < FEWEST_ROWS:
        return Missing(pair.subject, f"needs {FEWEST_ROWS} rows a side")
    features = RowFeatures(np.concatenate([first, second])).places
    kernel = gaussian_kernel(features)
    found = discrepancies(kernel, len(first))
    p = permutation_p(found)
    sources = (pair.first.sources[:MOST_ROWS], pair.second.sources[:MOST_ROWS])
    half = float(stats.norm.isf(0.025)) * jackknife_error(kernel, sources)
    flag = p < ALPHA
    note = (
        "rows of the two sets are less alike than rows of one set"
        if flag
        else "rows of the two sets are as alike as rows of one set"
    )
    return Reading(
        pair.subject,
        flag,
        note,
        float(found[0]),
        Interval(level=0.95, lower=found[0] - half, upper=found[0] + half),
        p=p,
        n_used=len(features),
        expected=0.0,
        declared=pair.declared,
    )


def discrepancies(kernel: Array, split: int) -> Array:
    """Unbiased squared MMD of two groups as they are, then as permuted; (B + 1,).

    Args:
        kernel: of pairs of rows, shape (N, N), 0 of a row with itself.
        split: the first group's rows; the others follow.
    """
    groups = groupings(len(kernel), split).astype(np.float64)
    n, m = split, len(kernel) - split
    reached = groups @ kernel  # (B + 1, N)
    within = (reached * groups).sum(axis=1)
    touched = reached.sum(axis=1)  # within the first, and from it to the second
    across = touched - within
    others = kernel.sum() - within - 2 * across
    found: Array = (
        within / (n * (n - 1)) + others / (m * (m - 1)) - 2 * across / (n * m)
    )
    return found


def jackknife_error(kernel: Array, sources: tuple[Array, Array]) -> float:
    """Standard error of the unbiased squared MMD, its kernel taken as fixed.

    Args:
        kernel: as above.
        sources: of the rows of each group; copies of one row are left out together.
    """
    n, m = (len(one) for one in sources)
    first = np.arange(n + m) < n
    own, across = kernel[:n] @ first, kernel[:n] @ ~first
    other, back = kernel[n:] @ ~first, kernel[n:] @ first
    crossed = across.sum()
    without_first = (own.sum() - 2 * own) / ((n - 1) * (n - 2)) - 2 * (
        crossed - across
    ) / ((n - 1) * m)
    without_second = (other.sum() - 2 * other) / ((m - 1) * (m - 2)) - 2 * (
        crossed - back
    ) / (n * (m - 1))
    variance = clustered_variance(without_first, sources[0])
    return float(np.sqrt(variance + clustered_variance(without_second, sources[1])))


def gaussian_kernel(features: Array) -> Array:
    """exp(-d / median d) of squared distances d between rows; (N, F) to (N, N).

    0 of a row with itself, which no estimate counts.
    """
    rows = features.astype(np.float64)
    squares = (rows**2).sum(axis=1)
    distances = np.maximum(squares[:, None] + squares - 2 * rows @ rows.T, 0.0)
    median = float(np.median(distances[np.triu_indices(len(rows), 1)]))
    kernel: Array = np.exp(-distances / (median or 1.0))
    np.fill_diagonal(kernel, 0.0)
    return kernel


MMD = Detector(
    name="mmd",
    title="sets of unlike rows",
    statistic_name="unbiased squared maximum mean discrepancy",
    threshold="p < 0.05 over 999 permutations of whole rows",
    source="Gretton et al. (2012)",
    false_positives="0.040 to 0.060 of 400 clean pairs",
    read=_read,
)
