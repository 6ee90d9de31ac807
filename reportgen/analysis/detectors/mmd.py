"""Maximum mean discrepancy: do two sets of rows come from one distribution?

Rows are compared by how many of their tokens differ; the kernel is Gaussian in that
distance, its width the median over all pairs.

Source: Gretton et al. (2012), J. Mach. Learn. Res. 13:723 (unbiased estimate).
"""

import numpy as np

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.fed import FedPair, shift_pairs
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.rows.features import RowFeatures, groupings, permutation_p
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
    found = discrepancies(features, len(first))
    p = permutation_p(found)
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
        p=p,
        n_used=len(features),
        expected=0.0,
        declared=pair.declared,
    )


def discrepancies(features: Array, split: int) -> Array:
    """Unbiased squared MMD of two groups as they are, then as permuted; (B + 1,).

    Args:
        features: shape (N, F).
        split: the first group's rows; the others follow.
    """
    kernel = gaussian_kernel(features)
    np.fill_diagonal(kernel, 0.0)
    groups = groupings(len(features), split).astype(np.float64)
    n, m = split, len(features) - split
    reached = groups @ kernel  # (B + 1, N)
    within = (reached * groups).sum(axis=1)
    touched = reached.sum(axis=1)  # within the first, and from it to the second
    across = touched - within
    others = kernel.sum() - within - 2 * across
    found: Array = (
        within / (n * (n - 1)) + others / (m * (m - 1)) - 2 * across / (n * m)
    )
    return found


def gaussian_kernel(features: Array) -> Array:
    """exp(-d / median d) of squared distances d between rows; (N, F) to (N, N)."""
    rows = features.astype(np.float64)
    squares = (rows**2).sum(axis=1)
    distances = np.maximum(squares[:, None] + squares - 2 * rows @ rows.T, 0.0)
    median = float(np.median(distances[np.triu_indices(len(rows), 1)]))
    kernel: Array = np.exp(-distances / (median or 1.0))
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
