"""Labels unseen: a step does to a row what it does whatever the label says."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from reportgen.records import Array
from reportgen.training.data import Split
from reportgen.training.invariant import (
    Change,
    Changes,
    Measured,
    broken,
    in_every_set,
)


@dataclass(frozen=True)
class LabelsUnseen:
    """Done again to rows with other labels, the step gives the same inputs.

    It is asked of every step that draws no rows, declared or not. A step that draws
    random numbers must draw them row by row and not class by class.
    """

    name: ClassVar = "labels_unseen"

    @property
    def says(self) -> str:
        """What must hold."""
        return "inputs come out the same whatever the labels are"

    def measure(self, changes: Changes) -> Measured:
        """Do the step again, with the labels as they are and with others."""
        return in_every_set(changes, _measure)


def _measure(change: Change) -> Measured:
    again, rows = change.replay(change.before)
    if again.inputs.shape != change.after.inputs.shape:
        return broken("done again it gives other rows")
    repeated = int(_unlike(again.inputs, change.after.inputs))
    if repeated:
        return broken(f"done again it changes {repeated} rows otherwise")
    other, other_rows = change.replay(_relabelled(change.before))
    if rows is None or other_rows is None:
        comparable = other.inputs.shape == again.inputs.shape
        moved = _unlike(other.inputs, again.inputs) if comparable else len(again)
        return Measured(moved == 0, f"{moved} of {len(again)} inputs follow the label")
    common, mine, theirs = np.intersect1d(rows, other_rows, return_indices=True)
    moved = _unlike(again.inputs[mine], other.inputs[theirs])
    return Measured(moved == 0, f"{moved} of {len(common)} inputs follow the label")


def _relabelled(split: Split) -> Split:
    """The same rows with the labels turned round, the last for the first."""
    top = int(split.labels.max(initial=0))
    oracle = None if split.oracle is None else top - split.oracle
    return replace(split, labels=top - split.labels, oracle=oracle)


def _unlike(first: Array, second: Array) -> int:
    return int((first != second).reshape(len(first), -1).any(axis=1).sum())
