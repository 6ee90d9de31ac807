"""Rows cut: the first rows of a set are left, as they were, and no others."""

from dataclasses import dataclass
from typing import ClassVar

from reportgen.training.invariant import (
    Change,
    Changes,
    Measured,
    broken,
    in_every_set,
    unmeasured,
)


@dataclass(frozen=True)
class RowsCut:
    """So many rows are left, the first ones.

    Args:
        rows: how many.
        or_all: all of a set that has fewer.
    """

    rows: int
    or_all: bool = False
    name: ClassVar = "rows_cut"

    @property
    def says(self) -> str:
        """What must hold."""
        return f"the first {self.rows} rows are left and no others"

    def measure(self, changes: Changes) -> Measured:
        """Count them, and see which they are."""
        return in_every_set(changes, self._measure)

    def _measure(self, change: Change) -> Measured:
        left = len(change.after)
        observed = f"{left} of {len(change.before)} rows are left"
        wanted = min(self.rows, len(change.before)) if self.or_all else self.rows
        if left != wanted:
            return broken(observed)
        if change.rows is None:
            return unmeasured(f"{observed}; which ones cannot be told")
        first = bool((change.rows == range(left)).all())
        return Measured(first, observed if first else f"{observed}, not the first")
