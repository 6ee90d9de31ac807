"""Hide a channel: every token shows the same placeholder in it."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from reportgen.training.data import Source, Split

PLACEHOLDER = "·"


@dataclass(frozen=True)
class HideChannel:
    """Replace one channel by a single placeholder symbol.

    The channel stays, with a vocabulary of one symbol: it carries no information
    whatever a model does, and the input keeps its shape (N, T, C).

    Args:
        channel: name of the channel to hide.
    """

    channel: str
    changes: ClassVar = ("the hidden channel shows one symbol only",)
    keeps: ClassVar = ("the other channels", "labels", "the order of tokens")
    redraws: ClassVar = False

    def __call__(
        self, split: Split, *, source: Source | None, rng: np.random.Generator
    ) -> Split:
        """Set the channel's codes to 0, the placeholder."""
        position = split.channel(self.channel)
        inputs = split.inputs.copy()
        inputs[:, :, position] = 0
        channels = list(split.channels)
        channels[position] = replace(channels[position], symbols=(PLACEHOLDER,))
        return replace(split, inputs=inputs, channels=tuple(channels))
