"""Inputs kept: every row still holds the same tokens in the same order."""

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
class InputsKept:
    """Each row's input stays byte for byte, wherever the row went."""

    name: ClassVar = "inputs_kept"

    @property
    def says(self) -> str:
        """What must hold."""
        return "each row keeps its input, byte for byte"

    def measure(self, changes: Changes) -> Measured:
        """Compare inputs byte for byte."""
        return in_every_set(changes, _measure)


def _measure(change: Change) -> Measured:
    origin = change.origin
    if origin is None:
        return LOST
    moved, rows = same_rows(origin.inputs, change.after.inputs)
    return Measured(moved == 0, f"{moved} of {rows} rows differ")
