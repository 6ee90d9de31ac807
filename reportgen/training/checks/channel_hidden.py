"""Channel hidden: nothing about a channel is left in what the model is fed."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.errors import SettingError
from reportgen.records import Array
from reportgen.training.chance import ALPHA, binomial_tail
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
    counts,
    places,
    questions,
    recover,
)

READINGS = (counts, places)
NONE_LEFT = "one symbol is left, so mutual information with anything is 0 bits"


@dataclass(frozen=True)
class ChannelHidden:
    """The channel shows one symbol, and the rows as fed do not give it away.

    One symbol has no entropy, so its mutual information with anything is zero. What
    later steps might bring back is asked of a probe, which must be at chance: no
    oftener right than the more frequent answer, for any question about the channel.
    Where rows are picked by their labels, channels tell a little of each other; a
    probe above chance is pardoned if the other channels, as given, tell as much.

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
            return broken(f"{bits:.3f} bits of information a token are left")
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
        # Copies of a row would tell of each other, so each row is asked about once.
        once = np.sort(np.unique(change.fed_rows, return_index=True)[1])[:ROWS]
        if len(once) < FEWEST:
            return held(f"{NONE_LEFT}; too few rows for a probe")
        origin = change.before.inputs[change.fed_rows[once]]  # (n, T, C)
        symbols = len(change.before.channels[place].symbols)
        asked = questions(origin[:, :, place], symbols)  # (n, Q)
        truth = asked[len(asked) // 2 :]
        right = _right(change.fed[once], asked)  # (2, held out, Q)
        p = _above_chance(right, truth)  # (2, Q)
        reading, worst = np.unravel_index(int(p.argmin()), p.shape)
        share = float(right[reading, :, worst].mean())
        common = _common(truth)[worst]
        told = (
            f"{NONE_LEFT}; of {p.size} questions a probe answers "
            f"{int((p * p.size < ALPHA).sum())} beyond chance: at best {share:.3f} are "
            f"right, {common:.3f} by the more frequent answer (p = "
            f"{min(1.0, float(p.min()) * p.size):.2g})"
        )
        strain = -float(np.log(max(p.min(), 1e-300)))
        above = p * p.size < ALPHA
        if not above.any():
            return Measured(passed=True, observed=told, strain=strain)
        allowed = _right(np.delete(origin, place, axis=2), asked)
        ahead = _ahead(right, allowed)[above] * p.size
        told += "; the other channels tell as much" if ahead.min() >= ALPHA else ""
        return Measured(bool(ahead.min() >= ALPHA), told, strain)


def _right(inputs: Array, asked: Array) -> Array:
    """Whether each question is answered, by each reading of the rows: (2, n / 2, Q)."""
    return np.stack([recover(read(inputs), asked) for read in READINGS])


def _common(truth: Array) -> Array:
    """Chance: how often the more frequent answer to each question is right, (Q,)."""
    yes = truth.mean(axis=0)
    common: Array = np.maximum(yes, 1 - yes)
    return common


def _above_chance(right: Array, truth: Array) -> Array:
    """P(so many right answers by chance), exact, per reading and question: (2, Q)."""
    held_out = truth.shape[0]
    return np.array(
        [
            [
                binomial_tail(int(hits), held_out, float(chance))
                for hits, chance in zip(row, _common(truth), strict=True)
            ]
            for row in right.sum(axis=1)
        ]
    )


def _ahead(right: Array, allowed: Array) -> Array:
    """P(so much oftener right than from the other channels by luck): (2, Q).

    The other channels speak by the reading that tells more. Source: the sign test.
    """
    best = allowed.sum(axis=1).argmax(axis=0)  # (Q,)
    fair = np.take_along_axis(allowed, best[None, None], axis=0)  # (1, n / 2, Q)
    wins = (right & ~fair).sum(axis=1)
    either = (right ^ fair).sum(axis=1)
    p = [
        binomial_tail(int(won), int(of), 0.5)
        for won, of in zip(wins.flat, either.flat, strict=True)
    ]
    return np.array(p).reshape(wins.shape)


def _entropy(codes: np.ndarray) -> float:
    """Shannon entropy of a channel's symbols, in bits a token."""
    counts = np.bincount(codes.ravel())
    shares = counts[counts > 0] / codes.size
    return float(-(shares * np.log2(shares)).sum()) + 0.0
