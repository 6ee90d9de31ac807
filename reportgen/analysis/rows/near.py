"""Near rows: two sets of rows in, the pairs that nearly repeat each other out.

Two rows are near where one becomes the other by few edits, or where they share most of
their runs of three tokens; identical rows are not meant. Pairs are joined on keys that
near rows must share and then verified, so none is missed. Above 10,000 rows, or where
too many pairs compete, MinHash finds those that share their runs; where even these
abound, every k-th row is looked at.
"""

from dataclasses import dataclass

import numpy as np

from reportgen.analysis.rows.clean import occurrences, row_keys
from reportgen.analysis.rows.joins import MOST_PAIRS, edit_join, run_join
from reportgen.records import Array


@dataclass(frozen=True)
class Near:
    """Pairs of near rows.

    Attributes:
        rows: indices of the first set's rows looked at: all, unless near rows abound.
        first: of each pair, the index in the first set.
        second: of each pair, the index in the second.
    """

    rows: Array
    first: Array
    second: Array

    def found(self, among: Array | None = None) -> Array:
        """Whether each row looked at is near any of the second set, or of some rows.

        Args:
            among: shape (M,), True for the rows of the second set that count.
        """
        first = self.first if among is None else self.first[among[self.second]]
        return np.isin(self.rows, first)


def token_codes(first: Array, second: Array) -> tuple[Array, Array]:
    """One code per token for all its channels; (N, T, C), (M, T, C) to (N, T), (M, T).

    Codes are whole numbers from 0, alike in both sets.
    """
    both = np.concatenate([first, second]).astype(np.int64)
    code = np.zeros(both.shape[:2], dtype=np.int64)
    for channel in range(both.shape[2]):
        code = code * (both[:, :, channel].max() + 1) + both[:, :, channel]
    return code[: len(first)], code[len(first) :]


def near_rows(first: Array, second: Array) -> Near:
    """Pairs of near rows of two sets of token codes, (N, T) and (M, T)."""
    joins = [*edit_join(first, second), *run_join(first, second)]
    every = np.arange(len(first))
    step = max([1, *(-(-join.size(every) // MOST_PAIRS) for join in joins)])
    rows = every[::step]
    found: list[Array] = [np.zeros((2, 0), dtype=np.int64)]
    for join in joins:
        i, j = join.pairs(rows)
        apart = (first[i] != second[j]).any(axis=1)
        i, j = i[apart], j[apart]
        near = join.verify(i, j)
        found.append(np.stack([i[near], j[near]]))
    pairs = np.concatenate(found, axis=1)
    return Near(rows, pairs[0], pairs[1])


def reordered_rows(first: Array, second: Array) -> Array:
    """Whether each row of the first set stands in the second in another order."""
    sorts = (row_keys(np.sort(first, axis=1)), row_keys(np.sort(second, axis=1)))
    alike = occurrences(*sorts)
    same: Array = alike > occurrences(row_keys(first), row_keys(second))
    return same
