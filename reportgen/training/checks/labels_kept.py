"""Labels kept: every row still has the label, and the rule's answer, it came with."""

from dataclasses import dataclass
from typing import ClassVar

from reportgen.records import Array
from reportgen.training.data import Split
from reportgen.training.invariant import (
    Change,
    Changes,
    Measured,
    in_every_set,
    row_by_row,
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
    found = row_by_row(change, lambda split: split.labels, "labels differ")
    unknown = change.before.oracle is None or change.after.oracle is None
    if unknown or not found.passed:
        return found
    return row_by_row(change, _answers, "labels differ before noise")


def _answers(split: Split) -> Array:
    return split.labels if split.oracle is None else split.oracle
