"""Tokens kept: every row still holds the same tokens, in whatever order."""

from dataclasses import dataclass
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
    row_by_row,
)


@dataclass(frozen=True)
class TokensKept:
    """Each row keeps its multiset of tokens, all channels of a token together."""

    name: ClassVar = "tokens_kept"

    @property
    def says(self) -> str:
        """What must hold."""
        return "each row keeps its tokens, each as often as before (its multiset)"

    def measure(self, changes: Changes) -> Measured:
        """Compare rows after sorting their tokens."""
        return in_every_set(changes, _measure)


def _measure(change: Change) -> Measured:
    if change.before.channels != change.after.channels:
        return broken("the channels differ")
    return row_by_row(change, _sorted, "rows hold other tokens")


def _sorted(split: Split) -> Array:
    """Each row's whole tokens as codes, in rising order: (N, T)."""
    sizes = [len(channel.symbols) for channel in split.channels]
    codes = np.zeros(split.inputs.shape[:2], dtype=np.int64)
    for place, size in enumerate(sizes):
        codes = codes * size + split.inputs[:, :, place]
    found: Array = np.sort(codes, axis=1)
    return found
