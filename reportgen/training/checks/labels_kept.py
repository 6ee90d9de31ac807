"""Labels kept: every row still has the label, and the rule's answer, it came with."""

from dataclasses import dataclass
from typing import ClassVar

from reportgen.training.invariant import (
    LOST,
    Change,
    Changes,
    Measured,
    in_every_set,
    same_rows,
)


@dataclass(frozen=True)
class LabelsKept:
    """Each row's label stays, wherever the row went."""

    name: ClassVar = "labels_kept"

    @property
    def says(self) -> str:
        """What must hold."""
        return "each row keeps its label"

    def measure(self, changes: Changes) -> Measured:
        """Compare labels byte for byte."""
        return in_every_set(changes, _measure)


def _measure(change: Change) -> Measured:
    origin, after = change.origin, change.after
    if origin is None:
        return LOST
    moved, rows = same_rows(origin.labels, after.labels)
    if origin.oracle is not None and after.oracle is not None:
        moved = max(moved, same_rows(origin.oracle, after.oracle)[0])
    return Measured(moved == 0, f"{moved} of {rows} labels differ")
