"""Sort blocks: fresh rows whose tokens are sorted within consecutive blocks."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.errors import SettingError
from reportgen.records import Array
from reportgen.training.checks.blocks_sorted import BlocksSorted
from reportgen.training.checks.classes_kept import ClassesKept
from reportgen.training.checks.composition_kept import CompositionKept
from reportgen.training.checks.labels_by_rule import LabelsByRule
from reportgen.training.checks.shape_kept import ShapeKept
from reportgen.training.data import Draw, Source, Split, require_source
from reportgen.training.invariant import Invariant


@dataclass(frozen=True)
class SortBlocks:
    """Draw the split anew, with tokens sorted inside blocks of `size`.

    Fresh rows are cut into blocks of `size` tokens (the last may be shorter), each
    block is sorted by the first channel's code, then the second's, and the rule labels
    the result; rows are drawn until the classes are as balanced as before. What a row
    contains is as in the dataset, up to what balance under the new order selects.

    Args:
        size: tokens per block, 2 or more.
    """

    size: int
    redraws: ClassVar = True

    @property
    def changes(self) -> tuple[Invariant, ...]:
        """Blocks are sorted."""
        return (BlocksSorted(self.size),)

    @property
    def keeps(self) -> tuple[Invariant, ...]:
        """Shape, classes and rule stay, and what each block holds."""
        return (
            ShapeKept(),
            ClassesKept(),
            LabelsByRule(),
            CompositionKept(window=self.size),
        )

    def __post_init__(self) -> None:
        if self.size < 2:
            what = f"a block of {self.size} has nothing to sort"
            raise SettingError("size", what, "use 2 or more")

    def __call__(
        self, split: Split, *, source: Source | None, rng: np.random.Generator
    ) -> Split:
        """Draw as many rows as the split has."""
        drawn_from = require_source(source, "sort_blocks")
        return drawn_from.draw(len(split), rng, Draw(arrange=self._arrange))

    def _arrange(self, inputs: Array, rng: np.random.Generator) -> Array:
        """Sort within blocks; (N, T, C) to (N, T, C). Consumes no randomness."""
        rank = np.zeros(inputs.shape[:2], dtype=np.int64)  # (N, T)
        for channel in range(inputs.shape[2]):
            codes = inputs[:, :, channel].astype(np.int64)
            rank = rank * (int(codes.max(initial=0)) + 1) + codes
        block = np.arange(inputs.shape[1]) // self.size  # (T,)
        rank += block * (int(rank.max(initial=0)) + 1)
        order = np.argsort(rank, axis=1, kind="stable")
        return np.take_along_axis(inputs, order[:, :, None], axis=1)
