"""Shuffle tokens: each row keeps its tokens and loses their order."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from reportgen.errors import SettingError
from reportgen.training.checks.labels_kept import LabelsKept
from reportgen.training.checks.order_lost import OrderLost
from reportgen.training.checks.shape_kept import ShapeKept
from reportgen.training.checks.tokens_kept import TokensKept
from reportgen.training.data import Source, Split
from reportgen.training.invariant import Invariant


@dataclass(frozen=True)
class ShuffleTokens:
    """Put the tokens of each row into a random order of its own.

    Labels stay: they say what the rule answered before the order was lost.

    Args:
        copies: how often the whole set is given, each time in other orders; more than
            one is for averages over orders, as a shift.
    """

    copies: int = 1
    redraws: ClassVar = False

    def __post_init__(self) -> None:
        if self.copies < 1:
            what = f"{self.copies} copies leave no row"
            raise SettingError("copies", what, "use 1 or more")

    @property
    def changes(self) -> tuple[Invariant, ...]:
        """Positions lose their meaning."""
        return (OrderLost(),)

    @property
    def keeps(self) -> tuple[Invariant, ...]:
        """Each row keeps what it holds, and its label."""
        return (TokensKept(), LabelsKept(), ShapeKept(self.copies))

    def __call__(
        self, split: Split, *, source: Source | None, rng: np.random.Generator
    ) -> Split:
        """Permute each row's tokens, all channels of a token together."""
        if self.copies > 1:
            split = split.take(np.tile(np.arange(len(split)), self.copies))
        rows, length, _ = split.inputs.shape
        order = rng.permuted(np.tile(np.arange(length), (rows, 1)), axis=1)  # (N, T)
        inputs = np.take_along_axis(split.inputs, order[:, :, None], axis=1)
        return replace(split, inputs=inputs)
