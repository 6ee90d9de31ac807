"""Tokens kept: every row still holds the same tokens, in whatever order."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.training.invariant import (
    LOST,
    Change,
    Changes,
    Measured,
    broken,
    in_every_set,
    same_rows,
    token_codes,
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
    origin, after = change.origin, change.after
    if origin is None:
        return LOST
    if origin.channels != after.channels:
        return broken("the channels differ")
    before, now = token_codes(origin.inputs, after.inputs)  # (N, T)
    moved, rows = same_rows(np.sort(before, axis=1), np.sort(now, axis=1))
    return Measured(moved == 0, f"{moved} of {rows} rows hold other tokens")
