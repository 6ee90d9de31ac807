"""Repeat rows: the first rows of a split once more, each in company of its copies."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.errors import SettingError
from reportgen.training.checks.inputs_kept import InputsKept
from reportgen.training.checks.labels_kept import LabelsKept
from reportgen.training.checks.rows_repeated import RowsRepeated
from reportgen.training.data import Source, Split
from reportgen.training.invariant import Invariant


@dataclass(frozen=True)
class RepeatRows:
    """Append the first rows again, each so many times in a row.

    Args:
        rows: how many rows, from the first; all of a split that has fewer.
        times: how often each of them is given.
    """

    rows: int
    times: int
    redraws: ClassVar = False

    @property
    def changes(self) -> tuple[Invariant, ...]:
        """Copies come at the end."""
        return (RowsRepeated(self.rows, self.times),)

    @property
    def keeps(self) -> tuple[Invariant, ...]:
        """Copies are copies."""
        return (InputsKept(), LabelsKept())

    def __post_init__(self) -> None:
        for name, value in (("rows", self.rows), ("times", self.times)):
            if value < 1:
                what = f"cannot repeat with {name} at {value}"
                raise SettingError(name, what, "use 1 or more")

    def __call__(
        self, split: Split, *, source: Source | None, rng: np.random.Generator
    ) -> Split:
        """Lengthen the split."""
        own = np.arange(len(split))
        return split.take(
            np.concatenate([own, np.repeat(own[: self.rows], self.times)])
        )
