"""Channel hidden: nothing about a channel is left in what the model is fed."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.errors import SettingError
from reportgen.training.chance import ALPHA, sign_bound
from reportgen.training.invariant import (
    LOST,
    Change,
    Changes,
    Measured,
    broken,
    held,
    in_every_set,
)
from reportgen.training.probe import (
    FEWEST,
    ROWS,
    Recovered,
    count_targets,
    counts,
    places,
    recover,
)


@dataclass(frozen=True)
class ChannelHidden:
    """The channel shows one symbol, and the rows as fed do not give it away.

    One symbol has no entropy, so its mutual information with anything is zero. What
    later steps might bring back is asked of a probe: from the rows as fed it must not
    recover the channel better than from the other channels of the rows as given.

    Args:
        channel: the channel that is hidden.
    """

    channel: str
    name: ClassVar = "channel_hidden"

    @property
    def says(self) -> str:
        """What must hold."""
        return f"nothing about {self.channel} can be recovered"

    def measure(self, changes: Changes) -> Measured:
        """Entropy of the channel, then the probe on the rows as fed."""
        return in_every_set(changes, self._measure)

    def _measure(self, change: Change) -> Measured:
        place = self._place(change)
        if change.after.channels[place].name != self.channel:
            return broken(f"{self.channel} is no longer where it was")
        bits = _entropy(change.after.inputs[:, :, place])
        if bits > 0:
            return broken(f"{bits:.3f} bits a token are left")
        return self._probe(change, place)

    def _place(self, change: Change) -> int:
        try:
            return change.before.channel(self.channel)
        except SettingError as error:
            what = f"{self.name} cannot be evaluated: {error.what}"
            raise SettingError("", what, error.fix) from error

    def _probe(self, change: Change, place: int) -> Measured:
        if change.fed_rows is None:
            return LOST
        known = "0 bits a token are left"
        if len(change.fed_rows) < FEWEST:
            return held(f"{known}; too few rows for a probe")
        origin = change.before.inputs[change.fed_rows[:ROWS]]  # (n, T, C)
        symbols = len(change.before.channels[place].symbols)
        targets = count_targets(origin[:, :, place], symbols)
        others, fed = np.delete(origin, place, axis=2), change.fed[:ROWS]
        found = [
            (recover(read(fed), targets), recover(read(others), targets))
            for read in (counts, places)
        ]
        bound = min(_bound(told, allowed) for told, allowed in found) * len(found)
        told, allowed = max(found, key=lambda pair: pair[0].share - pair[1].share)
        observed = (
            f"{known}; a probe of the rows as fed is right in {told.share:.3f}, "
            f"one of the other channels in {allowed.share:.3f}"
        )
        return Measured(bound >= ALPHA, observed, told.share - allowed.share)


def _bound(told: Recovered, allowed: Recovered) -> float:
    """Bound on P(the rows as fed tell so much more by luck).

    Answers about one row hang together, so a row counts once: for the side that is
    right about more of its symbols.
    """
    ahead = told.right.sum(axis=1) - allowed.right.sum(axis=1)
    return sign_bound(int((ahead > 0).sum()), int((ahead < 0).sum()))


def _entropy(codes: np.ndarray) -> float:
    """Shannon entropy of a channel's symbols, in bits a token."""
    counts = np.bincount(codes.ravel())
    shares = counts[counts > 0] / codes.size
    return float(-(shares * np.log2(shares)).sum()) + 0.0
