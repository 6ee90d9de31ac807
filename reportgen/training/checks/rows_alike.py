"""Rows alike: every row holds the same tokens, so that none tells anything."""

from dataclasses import dataclass
from typing import ClassVar

from reportgen.training.invariant import Change, Changes, Measured, in_every_set


@dataclass(frozen=True)
class RowsAlike:
    """All rows of a set hold the very same tokens in the same order."""

    name: ClassVar = "rows_alike"

    @property
    def says(self) -> str:
        """What must hold."""
        return "all rows are alike: nothing tells one from another"

    def measure(self, changes: Changes) -> Measured:
        """Compare every row with the first."""
        return in_every_set(changes, _measure)


def _measure(change: Change) -> Measured:
    inputs = change.after.inputs
    other = int((inputs != inputs[:1]).any(axis=(1, 2)).sum())
    return Measured(other == 0, f"{other} of {len(inputs)} rows differ from the first")
