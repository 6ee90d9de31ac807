"""Symbols moved: the symbols that a shift names became more or less frequent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.errors import SettingError
from reportgen.records import Array
from reportgen.training.chance import two_sided
from reportgen.training.data import Split
from reportgen.training.invariant import (
    Change,
    Changes,
    Measured,
    broken,
    in_every_set,
)

MOVED = 1e-3  # a chance this small says that something moved
BEYOND = 5  # standard errors by which the others may seem to move more
ENOUGH = 0.01  # standard error of a share that would show a move worth having


@dataclass(frozen=True)
class SymbolsMoved:
    """In each channel with a named symbol, the named ones move most.

    Args:
        symbols: the symbols named.
    """

    symbols: tuple[str, ...]
    name: ClassVar = "symbols_moved"

    @property
    def says(self) -> str:
        """What must hold."""
        return f"how often {' '.join(self.symbols)} occurs has moved"

    def measure(self, changes: Changes) -> Measured:
        """Compare shares of symbols."""
        return in_every_set(changes, self._measure)

    def _measure(self, change: Change) -> Measured:
        before, after = change.before, change.after
        if before.channels != after.channels:
            return broken("the channels or their symbols differ")
        known = [one for channel in before.channels for one in channel.symbols]
        for symbol in self.symbols:
            if symbol not in known:
                what = f"{self.name} cannot be evaluated: no symbol {symbol!r}"
                raise SettingError("", what, f"use one of {' '.join(known)}")
        told: list[str] = []
        states: list[bool | None] = []
        for place, channel in enumerate(before.channels):
            named = [one for one in channel.symbols if one in self.symbols]
            if named:
                first, then = _shares(before, place), _shares(after, place)
                state, words = _judge(first, then, channel.symbols, named)
                states.append(state)
                told.append(words)
        passed = False if False in states else None if None in states else True
        return Measured(passed, "; ".join(told))


def _shares(split: Split, place: int) -> tuple[Array, Array]:
    """Share of each symbol among all tokens, and its standard error over rows."""
    codes = split.inputs[:, :, place]
    rows = np.stack(
        [
            (codes == one).mean(axis=1)
            for one in range(len(split.channels[place].symbols))
        ]
    )  # (symbols, N)
    return rows.mean(axis=1), rows.std(axis=1) / np.sqrt(max(rows.shape[1] - 1, 1))


def _judge(
    first: tuple[Array, Array],
    then: tuple[Array, Array],
    symbols: tuple[str, ...],
    named: list[str],
) -> tuple[bool | None, str]:
    moves: Mapping[str, float] = dict(zip(symbols, then[0] - first[0], strict=True))
    error = np.sqrt(first[1] ** 2 + then[1] ** 2)
    errors: Mapping[str, float] = dict(zip(symbols, error, strict=True))
    words = ", ".join(f"{one} by {moves[one]:+.3f}" for one in named)
    seen = any(
        two_sided(moves[one] / max(errors[one], 1e-12)) * len(named) < MOVED
        for one in named
    )
    if not seen:
        if max(errors[one] for one in named) > ENOUGH:
            return None, f"{words}: too few rows to tell from chance"
        return False, f"{words}: no more than chance"
    others = [one for one in symbols if one not in named]
    own = sum(abs(moves[one]) for one in named)
    rest = sum(abs(moves[one]) for one in others)
    noise = BEYOND * sum(errors[one] for one in symbols)
    return rest - own <= noise, words
