"""Keep rows: only the first rows of a split."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.errors import SettingError
from reportgen.training.data import Source, Split


@dataclass(frozen=True)
class KeepRows:
    """Keep the first rows; splits come shuffled, so they are a random sample.

    Args:
        rows: how many to keep, at least 1 and at most what there is.
    """

    rows: int
    changes: ClassVar = ("number of rows",)
    keeps: ClassVar = ("the rows kept, their labels and their order",)
    redraws: ClassVar = False

    def __call__(
        self, split: Split, *, source: Source | None, rng: np.random.Generator
    ) -> Split:
        """Cut the split short."""
        if not 1 <= self.rows <= len(split):
            what = f"cannot keep {self.rows} of {len(split)} rows"
            raise SettingError("rows", what, f"use a number from 1 to {len(split)}")
        return split.take(np.arange(self.rows))
