"""Blocks sorted: tokens rise within blocks, and nothing is sorted beyond them."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.training.chance import ALPHA
from reportgen.training.invariant import (
    Change,
    Changes,
    Measured,
    broken,
    held,
    in_every_set,
    token_codes,
)


@dataclass(frozen=True)
class BlocksSorted:
    """Within each block of `size` tokens codes never fall; across blocks they do.

    Args:
        size: tokens per block.
    """

    size: int
    name: ClassVar = "blocks_sorted"

    @property
    def says(self) -> str:
        """What must hold."""
        return f"tokens are sorted within blocks of {self.size}, not across blocks"

    def measure(self, changes: Changes) -> Measured:
        """Count falls within blocks and where blocks meet."""
        return in_every_set(changes, self._measure)

    def _measure(self, change: Change) -> Measured:
        before, after = token_codes(change.before.inputs, change.after.inputs)
        within, across = self._falls(after)
        were, _ = self._falls(before)
        observed = f"{within} falls within blocks ({were} before)"
        if within or not were:
            return broken(observed)
        rows, length = after.shape
        meetings = rows * ((length - 1) // self.size)
        # Where blocks meet, every second pair or so falls; none at all is no chance.
        if not across and 0.75**meetings < ALPHA:
            return broken(f"{observed}; no fall across blocks either")
        return held(f"{observed}, {across} across")

    def _falls(self, codes: np.ndarray) -> tuple[int, int]:
        falls = np.diff(codes, axis=1) < 0  # (N, T - 1)
        meets = (np.arange(1, codes.shape[1]) % self.size) == 0
        return int(falls[:, ~meets].sum()), int(falls[:, meets].sum())
