"""Rows repeated: a set is as it was, and copies of its first rows follow it."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.training.invariant import (
    Change,
    Changes,
    Measured,
    broken,
    in_every_set,
    unmeasured,
)


@dataclass(frozen=True)
class RowsRepeated:
    """All rows in their order, then the first ones, each so many times in a row.

    Args:
        rows: how many are repeated; all of a set that has fewer.
        times: copies of each.
    """

    rows: int
    times: int
    name: ClassVar = "rows_repeated"

    @property
    def says(self) -> str:
        """What must hold."""
        return f"the first {self.rows} rows follow {self.times} times more"

    def measure(self, changes: Changes) -> Measured:
        """Count rows, and see which they are."""
        return in_every_set(changes, self._measure)

    def _measure(self, change: Change) -> Measured:
        before, after = len(change.before), len(change.after)
        repeated = min(self.rows, before)
        observed = f"{after - before} rows more than {before}"
        if after - before != repeated * self.times:
            return broken(observed)
        if change.rows is None:
            return unmeasured(f"{observed}; which ones cannot be told")
        copies = np.repeat(np.arange(repeated), self.times)
        wanted = np.concatenate([np.arange(before), copies])
        same = bool((change.rows == wanted).all())
        return Measured(same, observed if same else f"{observed}, not the first ones")
