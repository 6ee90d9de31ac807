"""Shuffle tokens: each row keeps its tokens and loses their order."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from reportgen.training.data import Source, Split


@dataclass(frozen=True)
class ShuffleTokens:
    """Put the tokens of each row into a random order of its own.

    Labels stay: they say what the rule answered before the order was lost.
    """

    changes: ClassVar = ("the order of tokens within each row",)
    keeps: ClassVar = ("each row's multiset of tokens", "labels")
    redraws: ClassVar = False

    def __call__(
        self, split: Split, *, source: Source | None, rng: np.random.Generator
    ) -> Split:
        """Permute each row's tokens, all channels of a token together."""
        rows, length, _ = split.inputs.shape
        order = rng.permuted(np.tile(np.arange(length), (rows, 1)), axis=1)  # (N, T)
        inputs = np.take_along_axis(split.inputs, order[:, :, None], axis=1)
        return replace(split, inputs=inputs)
