"""Counts of classes in two samples: a table in, a p-value out."""

import numpy as np
from scipy import stats

from reportgen.records import Array

FEWEST_EXPECTED = 5.0  # in a cell of the table; rarer classes are put together


def same_shares_p(table: Array) -> float | None:
    """P of a chi-square test that two samples, shape (2, K), share their classes.

    Yates' correction for two classes; None where but one class is left.
    """
    table = merge_rare(table)
    if table.shape[1] < 2:
        return None
    return float(stats.chi2_contingency(table).pvalue)


def merge_rare(table: Array) -> Array:
    """The table without empty classes, those too rare to test put together."""
    table = table[:, table.sum(axis=0) > 0]
    sides = table.sum(axis=1) / table.sum()
    rare = sides.min() * table.sum(axis=0) < FEWEST_EXPECTED
    if not rare.any():
        return table
    together = table[:, rare].sum(axis=1, keepdims=True)
    merged: Array = np.concatenate([table[:, ~rare], together], axis=1)
    return merged
