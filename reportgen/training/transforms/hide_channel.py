"""Hide a channel: every token shows the same placeholder in it."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from reportgen.training.checks.channel_hidden import ChannelHidden
from reportgen.training.checks.channels_kept import ChannelsKept
from reportgen.training.checks.labels_kept import LabelsKept
from reportgen.training.data import Source, Split
from reportgen.training.invariant import Invariant

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
    redraws: ClassVar = False

    @property
    def changes(self) -> tuple[Invariant, ...]:
        """The channel goes."""
        return (ChannelHidden(self.channel),)

    @property
    def keeps(self) -> tuple[Invariant, ...]:
        """All else stays where it is."""
        return (ChannelsKept(self.channel), LabelsKept())

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
