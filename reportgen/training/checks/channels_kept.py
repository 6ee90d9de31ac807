"""Channels kept: every channel but one is untouched, byte for byte."""

from dataclasses import dataclass
from typing import ClassVar

from reportgen.training.invariant import (
    LOST,
    Change,
    Changes,
    Measured,
    broken,
    in_every_set,
    same_rows,
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
        origin, after = change.origin, change.after
        if origin is None:
            return LOST
        kept = [
            place
            for place, channel in enumerate(origin.channels)
            if channel.name != self.but
        ]
        named = [origin.channels[place] for place in kept]
        found = [one for one in after.channels if one.name != self.but]
        if found != named:
            return broken("their names or symbols differ")
        places = [after.channel(one.name) for one in named]
        moved, rows = same_rows(origin.inputs[:, :, kept], after.inputs[:, :, places])
        return Measured(moved == 0, f"{moved} of {rows} rows differ")
