"""Others kept: where the named symbols are equally many, all else is as before."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import ClassVar

import numpy as np

from reportgen.errors import SettingError
from reportgen.records import Array
from reportgen.training.chance import ALPHA, surplus_bound
from reportgen.training.data import Channel, Source, Split
from reportgen.training.invariant import (
    Change,
    Changes,
    Measured,
    broken,
    in_every_set,
    unmeasured,
)

ROWS = 4_000  # looked at, at most
FEWEST = 10  # old rows that have new ones to compare with, and new ones
MORE = 20_000  # drawn where a set has too few rows to compare with
REFERENCE_SEED = 20_240_615
WIDEST = 500  # symbols times positions; with more, only whole rows are compared


@dataclass(frozen=True)
class OthersKept:
    """Rows of one label with equally many named symbols differ in nothing else.

    How likely a row is to be drawn changes by its named symbols alone, so among rows
    of one label that hold them equally often all else keeps its distribution: the
    other symbols, those of the same channel too, where any symbol stands, which share
    a token, how often neighbours repeat or fall, and which labels are flipped. Old and
    new rows are compared group by group, as if shuffled within the group.

    Args:
        named: the symbols that may become more or less frequent.

    Source: the sum over groups is that of Mantel (1963); a bound that holds for few
        rows takes the place of his normal limit, by Bonferroni over all that is seen.
    """

    named: tuple[str, ...]
    name: ClassVar = "others_kept"

    @property
    def says(self) -> str:
        """What must hold."""
        named = " ".join(self.named)
        return (
            f"rows of one label with equally many {named} are as before: other "
            "symbols, places, neighbours and flipped labels"
        )

    def measure(self, changes: Changes) -> Measured:
        """Compare old rows with new ones, group by group."""
        return in_every_set(changes, self._measure)

    def _measure(self, change: Change) -> Measured:
        before, after = change.before, change.after
        known = [one for channel in before.channels for one in channel.symbols]
        for symbol in self.named:
            if symbol not in known:
                what = f"{self.name} cannot be evaluated: no symbol {symbol!r}"
                raise SettingError("", what, f"use one of {' '.join(known)}")
        if before.channels != after.channels:
            return broken("the channels or their symbols differ")
        if before.inputs.shape[1] != after.inputs.shape[1]:
            return broken("rows have another length")
        told = ""
        for old in _old_rows(change):
            rows = _together(old, after, change.source)
            groups = self._groups(rows)
            paired = _in_both(groups, rows.is_new)
            old_new = [int((paired & (rows.is_new == one)).sum()) for one in (0, 1)]
            if min(old_new) >= FEWEST:
                return _judge(rows.take(paired), groups[paired])
            named = " ".join(self.named)
            told = f"{old_new[0]} old and {old_new[1]} new rows hold as many {named}"
        return unmeasured(f"only {told}: too few to compare")

    def _groups(self, rows: "_Rows") -> Array:
        """Which rows have one label and the same count of each named symbol, (N,)."""
        parts = [rows.answers]
        for place, channel in enumerate(rows.channels):
            codes = rows.inputs[:, :, place]
            parts += [
                (codes == code).sum(axis=1)
                for code, symbol in enumerate(channel.symbols)
                if symbol in self.named
            ]
        _, groups = np.unique(np.stack(parts), axis=1, return_inverse=True)
        return groups.reshape(-1)


@dataclass(frozen=True, eq=False)
class _Rows:
    """Old rows and new ones, N together; `answers` are the labels before any flip."""

    channels: tuple[Channel, ...]
    inputs: Array  # (N, T, C)
    answers: Array  # (N,)
    flipped: Array  # (N,)
    is_new: Array  # (N,)

    def take(self, rows: Array) -> "_Rows":
        parts = (self.inputs, self.answers, self.flipped, self.is_new)
        return _Rows(self.channels, *(part[rows] for part in parts))


def _old_rows(change: Change) -> Iterator[Split]:
    """Those of the set; more, where the dataset can draw them and few are alike."""
    yield change.before.take(np.arange(min(ROWS, len(change.before))))
    if change.source is not None:
        yield change.source.draw(MORE, np.random.default_rng(REFERENCE_SEED))


def _together(before: Split, after: Split, source: Source | None) -> _Rows:
    some = [before, after.take(np.arange(min(ROWS, len(after))))]
    answers = np.concatenate([_answers(one, source) for one in some])
    return _Rows(
        before.channels,
        np.concatenate([one.inputs for one in some]),
        answers,
        np.concatenate([one.labels for one in some]) != answers,
        np.repeat([False, True], [len(one) for one in some]),
    )


def _answers(split: Split, source: Source | None) -> Array:
    """The rule's, or the labels where nobody knows it."""
    if split.oracle is not None:
        return split.oracle
    return split.labels if source is None else source.label(split.inputs)


def _in_both(groups: Array, is_new: Array) -> Array:
    """Which rows are in a group that has old and new ones, (N,) of bool."""
    size = int(groups.max(initial=0)) + 1
    new = np.bincount(groups[is_new], minlength=size)
    old = np.bincount(groups[~is_new], minlength=size)
    found: Array = ((new > 0) & (old > 0))[groups]
    return found


def _judge(rows: _Rows, groups: Array) -> Measured:
    """Whether new rows have more or less of something than chance has it.

    Asked of all labels together, and of each: what moves up where the label is one and
    down where it is another tells the label.
    """
    order = np.argsort(groups, kind="stable")
    rows, groups = rows.take(order), groups[order]
    names, features = zip(*_features(rows), strict=True)
    seen = np.stack(features, axis=1).astype(float)  # (N, F)
    starts = np.flatnonzero(np.diff(groups, prepend=-1))
    size = np.diff(starts, append=len(seen))  # (G,)
    new = np.add.reduceat(rows.is_new.astype(float), starts)
    mean = np.add.reduceat(seen, starts) / size[:, None]  # (G, F)
    apart = seen - np.repeat(mean, size, axis=0)
    surplus = np.add.reduceat(rows.is_new[:, None] * apart, starts)
    # That of drawing so many rows of a group without putting any back.
    share = new * (size - new) / np.maximum(size * (size - 1), 1)
    variance = share[:, None] * np.add.reduceat(apart**2, starts)
    label, pairs = rows.answers[starts], new * (size - new) / size  # (G,)
    found: list[tuple[float, float, str]] = []
    for one in (None, *np.unique(label)):
        asked = np.full(len(label), fill_value=True) if one is None else label == one
        total = surplus[asked].sum(axis=0)
        bounds = 2 * surplus_bound(
            np.abs(total), variance[asked].sum(axis=0), largest=abs(apart).max(axis=0)
        )
        worst = int(bounds.argmin())
        gap = float(total[worst] / pairs[asked].sum())
        where = "" if one is None else f" where the label is {one}"
        found.append((float(bounds[worst]), gap, f"{names[worst]}{where}"))
    bound, gap, what = min(found)
    count = len(names) * len(found)
    p = min(1.0, bound * count)
    told = (
        f"of {count} frequencies in {int(new.sum())} new rows the furthest moved is "
        f"{what}, by {gap:+.3f} a row (p ≤ {p:.2g})"
    )
    return Measured(p >= ALPHA, told, -math.log(max(p, 1e-300)))


def _features(rows: _Rows) -> Iterator[tuple[str, Array]]:
    """All that is compared, by name; each (N,)."""
    yield "flipped labels", rows.flipped
    for name, seen in _contents(rows):
        yield name, seen
        if rows.flipped.any():
            yield f"{name} with a flipped label", seen * rows.flipped


def _contents(rows: _Rows) -> Iterator[tuple[str, Array]]:
    """What rows hold, by name; each (N,)."""
    channels = [
        (channel.name, channel.symbols, rows.inputs[:, :, place])
        for place, channel in enumerate(rows.channels)
    ]
    sizes = tuple(len(channel.symbols) for channel in rows.channels)
    if len(sizes) > 1 and math.prod(sizes) <= WIDEST:
        whole = np.ravel_multi_index(tuple(np.moveaxis(rows.inputs, 2, 0)), sizes)
        parts = product(*(channel.symbols for channel in rows.channels))
        channels.append(("token", tuple("".join(one) for one in parts), whole))
    for name, symbols, codes in channels:
        steps = np.diff(codes, axis=1)
        yield f"{name} repeated by its neighbour", (steps == 0).sum(axis=1)
        yield f"{name} below its left neighbour", (steps < 0).sum(axis=1)
        narrow = len(symbols) * codes.shape[1] <= WIDEST and name != "token"
        for code, symbol in enumerate(symbols[:WIDEST]):
            hits = codes == code  # (N, T)
            yield f"{symbol} in a row", hits.sum(axis=1)
            for place in range(codes.shape[1] if narrow else 0):
                yield f"{symbol} at token {place + 1}", hits[:, place]
