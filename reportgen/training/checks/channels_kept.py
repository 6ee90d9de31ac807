"""Channels kept: every channel but one is untouched, byte for byte."""

from dataclasses import dataclass
from typing import ClassVar

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
class ChannelsKept:
    """All other channels stay as they are, codes and symbols.

    Args:
        but: the channel that may change.
    """

    but: str
    name: ClassVar = "channels_kept"

    @property
    def says(self) -> str:
        """What must hold."""
        return f"every channel but {self.but} is kept, byte for byte"

    def measure(self, changes: Changes) -> Measured:
        """Compare the other channels byte for byte."""
        return in_every_set(changes, self._measure)

    def _measure(self, change: Change) -> Measured:
        before, after = (
            [one for one in split.channels if one.name != self.but]
            for split in (change.before, change.after)
        )
        if before != after:
            return broken("their names or symbols differ")
        return row_by_row(change, self._read)

    def _read(self, split: Split) -> Array:
        """The channels that stay, (N, T, C')."""
        kept = [
            place
            for place, channel in enumerate(split.channels)
            if channel.name != self.but
        ]
        found: Array = split.inputs[:, :, kept]
        return found
