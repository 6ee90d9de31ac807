"""Composition kept: symbols are as frequent, window by window, as before."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import ClassVar

import numpy as np

from reportgen.errors import SettingError
from reportgen.records import Array
from reportgen.training.chance import ALPHA, two_sided
from reportgen.training.data import Split
from reportgen.training.invariant import (
    Change,
    Changes,
    Measured,
    broken,
    held,
    in_every_set,
    unmeasured,
)

# Tried for the share of class 1.
PRIORS = np.concatenate([[0.001, 0.005], np.linspace(0.02, 0.98, 49), [0.995, 0.999]])
FEWEST = 20  # rows of a class
ROWS = 4_000  # looked at, at most; more would tell the steps of PRIORS apart
WIDEST = 500  # counts of symbols; with more of them, whole rows and common symbols


@dataclass(frozen=True)
class CompositionKept:
    """Counts of symbols pass a two-sample test in each window of a row.

    Rows are drawn until classes balance, so a shift that makes one class rarer also
    picks among rows, and what the other channels hold moves with it. Two sets are
    alike where some share of the classes makes them so: the shares behind the balance
    are free, the rows within a class are not.

    Args:
        but_with: symbols; channels that have one of them may change.
        window: tokens of a window; 1 asks of every position on its own.
    """

    but_with: tuple[str, ...] = ()
    window: int = 1
    name: ClassVar = "composition_kept"

    @property
    def says(self) -> str:
        """What must hold."""
        what = "all symbols"
        if self.but_with:
            what = f"symbols of channels without {' '.join(self.but_with)}"
        where = "position" if self.window == 1 else f"block of {self.window}"
        return f"{what} are as frequent as before, in rows and in every {where}"

    def measure(self, changes: Changes) -> Measured:
        """Compare the counts of symbols, set by set."""
        return in_every_set(changes, self._measure)

    def _measure(self, change: Change) -> Measured:
        before, after = change.before, change.after
        known = [one for channel in before.channels for one in channel.symbols]
        for symbol in self.but_with:
            if symbol not in known:
                what = f"{self.name} cannot be evaluated: no symbol {symbol!r}"
                raise SettingError("", what, f"use one of {' '.join(known)}")
        if before.channels != after.channels:
            return broken("the channels or their symbols differ")
        if before.inputs.shape[1] != after.inputs.shape[1]:
            return broken("rows have another length")
        names, first = self._counts(before)
        _, then = self._counts(after)
        if not names:
            return held("no other channel is there to move")
        moments = [*_by_class(before, first), *_by_class(after, then)]
        if len(moments) != 4 or min(one[2] for one in moments) < FEWEST:
            return unmeasured("two classes with enough rows are needed")
        z = _least_distance(moments)
        worst = int(z.argmax())
        gap = abs(float(then[:, worst].mean() - first[:, worst].mean()))
        observed = f"furthest moved is {names[worst]}, by {gap:.3f} a row"
        p = two_sided(float(z.max())) * len(names)
        return Measured(p >= ALPHA, observed, float(z.max()))

    def _counts(self, split: Split) -> tuple[list[str], Array]:
        """How often each symbol occurs in a row, and in each window; (N, features)."""
        names: list[str] = []
        parts: list[Array] = []
        for codes, known in self._read(split):
            length, symbols = codes.shape[1], known[:WIDEST]
            starts = range(0, length, self.window)
            if self.window >= length or len(symbols) * len(starts) > WIDEST:
                starts = range(0)
            for code, symbol in enumerate(symbols):
                hits = codes == code  # (N, T)
                names.append(f"{symbol} in a row")
                parts.append(hits.sum(axis=1))
                for start in starts:
                    names.append(f"{symbol} at token {start + 1}")
                    parts.append(hits[:, start : start + self.window].sum(axis=1))
        return names, np.stack(parts, axis=1) if parts else np.zeros((0, 0))

    def _read(self, split: Split) -> Iterator[tuple[Array, tuple[str, ...]]]:
        """Codes (N, T) and symbols of each channel, and of whole tokens if all stay."""
        inputs = split.inputs[:ROWS]
        for place, channel in enumerate(split.channels):
            if not set(channel.symbols) & set(self.but_with):
                yield inputs[:, :, place], channel.symbols
        sizes = [len(channel.symbols) for channel in split.channels]
        if len(sizes) > 1 and not self.but_with and math.prod(sizes) <= WIDEST:
            codes = np.ravel_multi_index(tuple(np.moveaxis(inputs, 2, 0)), tuple(sizes))
            parts = product(*(channel.symbols for channel in split.channels))
            yield codes, tuple("".join(part) for part in parts)


def _by_class(split: Split, counts: Array) -> Iterator[tuple[Array, Array, int]]:
    """Mean, variance of the mean, and rows, for each class of the clean labels."""
    clean = (split.labels if split.oracle is None else split.oracle)[: len(counts)]
    for label in np.unique(clean):
        rows = counts[clean == label]
        n = len(rows)
        yield rows.mean(axis=0), rows.var(axis=0) / max(n - 1, 1), n


def _least_distance(moments: list[tuple[Array, Array, int]]) -> Array:
    """Standard errors between two sets, for the class shares that bring them nearest.

    Args:
        moments: class 0 and 1 before, class 0 and 1 after.
    """
    mixed = []
    for zero, one in (moments[:2], moments[2:]):
        share = PRIORS[:, None]  # (P, 1)
        mean = share * one[0] + (1 - share) * zero[0]  # (P, F)
        variance = share**2 * one[1] + (1 - share) ** 2 * zero[1]
        mixed.append((mean, variance))
    gap = mixed[0][0][:, None] - mixed[1][0][None]  # (P, P, F)
    error = np.sqrt(mixed[0][1][:, None] + mixed[1][1][None])
    z = np.abs(gap) / np.maximum(error, 1e-9)
    flat = z.reshape(-1, z.shape[2])
    nearest: Array = flat[flat.max(axis=1).argmin()]
    return nearest
