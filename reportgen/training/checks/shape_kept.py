"""Shape kept: as many rows, as many tokens a row, and the same symbols."""

from dataclasses import dataclass
from typing import ClassVar

from reportgen.training.invariant import (
    Change,
    Changes,
    Measured,
    broken,
    in_every_set,
)


@dataclass(frozen=True)
class ShapeKept:
    """Rows, tokens and channels are as before.

    Args:
        copies: how often each row is meant to come.
    """

    copies: int = 1
    name: ClassVar = "shape_kept"

    @property
    def says(self) -> str:
        """What must hold."""
        rows = "the number of rows" if self.copies == 1 else f"{self.copies} × the rows"
        return f"{rows}, their length and the channels are kept"

    def measure(self, changes: Changes) -> Measured:
        """Compare shapes and symbols."""
        return in_every_set(changes, self._measure)

    def _measure(self, change: Change) -> Measured:
        before, after = change.before, change.after
        rows, length, _ = before.inputs.shape
        observed = f"{len(after)} rows of {after.inputs.shape[1]} tokens"
        same = (len(after), after.inputs.shape[1]) == (self.copies * rows, length)
        if before.channels != after.channels:
            return broken(f"{observed}, with other channels or symbols")
        return Measured(same, observed)
