"""Inputs kept: every row still holds the same tokens in the same order."""

from dataclasses import dataclass
from typing import ClassVar

from reportgen.training.invariant import Changes, Measured, in_every_set, row_by_row


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
        return in_every_set(
            changes, lambda change: row_by_row(change, lambda split: split.inputs)
        )
