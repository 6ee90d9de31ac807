"""Keep rows: only the first rows of a split."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.errors import SettingError
from reportgen.training.checks.inputs_kept import InputsKept
from reportgen.training.checks.labels_kept import LabelsKept
from reportgen.training.checks.rows_cut import RowsCut
from reportgen.training.data import Source, Split
from reportgen.training.invariant import Invariant


@dataclass(frozen=True)
class KeepRows:
    """Keep the first rows; splits come shuffled, so they are a random sample.

    Args:
        rows: how many to keep, at least 1 and at most what there is.
        or_all: keep all of a split that has fewer.
    """

    rows: int
    or_all: bool = False
    redraws: ClassVar = False

    @property
    def changes(self) -> tuple[Invariant, ...]:
        """Rows go."""
        return (RowsCut(self.rows, or_all=self.or_all),)

    @property
    def keeps(self) -> tuple[Invariant, ...]:
        """Those that are left stay as they are."""
        return (InputsKept(), LabelsKept())

    def __call__(
        self, split: Split, *, source: Source | None, rng: np.random.Generator
    ) -> Split:
        """Cut the split short."""
        rows = min(self.rows, len(split)) if self.or_all else self.rows
        if not 1 <= rows <= len(split):
            what = f"cannot keep {self.rows} of {len(split)} rows"
            raise SettingError("rows", what, f"use a number from 1 to {len(split)}")
        return split.take(np.arange(rows))
