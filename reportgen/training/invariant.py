"""What a step on the data promises: its rows before and after in, a measurement out.

A transform declares what it changes and what it keeps as invariants: small frozen
values that can be measured on the rows themselves. To add one, write one file in
`checks/` with a frozen dataclass that has a `name`, a sentence `says` and a `measure`,
and add one line to the catalogue there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Protocol, runtime_checkable

import numpy as np

from reportgen.records import Array
from reportgen.training.data import Source, Split


@dataclass(frozen=True)
class Measured:
    """What a check saw.

    Attributes:
        passed: None where it could not be measured, which never means passed.
        observed: what was seen, in words that stand alone.
        strain: how near to failing, to choose which of several sets to tell about.
    """

    passed: bool | None
    observed: str
    strain: float = 0.0


@dataclass(frozen=True, eq=False)
class Change:
    """One evaluation set before and after one step.

    Attributes:
        name: of the set.
        before: the rows given to the step.
        after: the rows it gave back.
        rows: which row of `before` each row of `after` was, (N,); None where the rows
            are new or the step did not carry the columns along.
        fed: the inputs as the model gets them, all later steps done, (N', T', C').
        fed_rows: which row of `before` each row of `fed` was, (N',), or None.
        source: where the dataset draws more rows.
        replay: does the step again to other rows, with the same random numbers.
    """

    name: str
    before: Split
    after: Split
    rows: Array | None
    fed: Array
    fed_rows: Array | None
    source: Source | None
    replay: Callable[[Split], tuple[Split, Array | None]]

    @cached_property
    def origin(self) -> Split | None:
        """`before` with its rows repeated and ordered as in `after`.

        By position where the rows cannot be followed; None where that is impossible.
        """
        if self.rows is not None:
            return self.before.take(self.rows)
        return self.before if len(self.before) == len(self.after) else None


Changes = Sequence[Change]


@runtime_checkable
class Invariant(Protocol):
    """Something that must hold for a step, and can be measured."""

    name: ClassVar[str]  # its name in the catalogue

    @property
    def says(self) -> str:
        """What must hold, in plain words."""

    def measure(self, changes: Changes) -> Measured:
        """Measure it on every set that the step touched."""


class Transform(Protocol):
    """One step between the rows as drawn and the rows as fed."""

    redraws: ClassVar[bool]  # draws new rows, so it cannot follow other steps

    @property
    def changes(self) -> tuple[Invariant, ...]:
        """What it must move."""

    @property
    def keeps(self) -> tuple[Invariant, ...]:
        """What it must leave alone."""

    def __call__(
        self, split: Split, *, source: Source | None, rng: np.random.Generator
    ) -> Split:
        """Return the changed split; the one given stays as it is."""


def held(observed: str) -> Measured:
    """It holds."""
    return Measured(passed=True, observed=observed)


def broken(observed: str) -> Measured:
    """It does not hold."""
    return Measured(passed=False, observed=observed)


def unmeasured(observed: str) -> Measured:
    """It could not be measured, for the reason given; this never means passed."""
    return Measured(passed=None, observed=observed)


LOST = unmeasured("the rows cannot be followed: the step drops their columns")


def in_every_set(changes: Changes, measure: Callable[[Change], Measured]) -> Measured:
    """Measure set by set: one that fails fails all, one unmeasured leaves all open."""
    found = [(change.name, measure(change)) for change in changes]
    for verdict in (False, None):
        bad = [(name, one) for name, one in found if one.passed is verdict]
        if bad:
            told = "; ".join(f"{name}: {one.observed}" for name, one in bad[:2])
            more = f"; and {_more_sets(len(bad) - 2)}" if len(bad) > 2 else ""
            return Measured(verdict, told + more)
    name, worst = max(found, key=lambda pair: pair[1].strain)
    if len(found) == 1:
        return worst
    return held(f"{worst.observed} ({name}; {_more_sets(len(found) - 1)} alike)")


def _more_sets(count: int) -> str:
    return "1 more set" if count == 1 else f"{count} more sets"


def same_rows(first: Array, second: Array) -> tuple[int, int]:
    """How many rows differ, and of how many; all where the shapes differ."""
    if first.shape != second.shape:
        return max(len(first), len(second)), max(len(first), len(second))
    if first.ndim == 1:
        return int((first != second).sum()), len(first)
    return int((first != second).reshape(len(first), -1).any(axis=1).sum()), len(first)


def row_by_row(
    change: Change, read: Callable[[Split], Array], told: str = "rows differ"
) -> Measured:
    """Whether what is read of each row is as it was, wherever the row went.

    Args:
        change: of one set.
        read: what must stay, one entry a row.
        told: what it means where it did not.
    """
    if change.origin is None:
        return LOST
    moved, rows = same_rows(read(change.origin), read(change.after))
    return Measured(moved == 0, f"{moved} of {rows} {told}")


def token_codes(*inputs: Array) -> tuple[Array, ...]:
    """One number per token for all its channels; equal tokens get equal numbers.

    Args:
        inputs: arrays (N, T, C) with equal C; each comes back as (N, T).
    """
    sizes = [
        1 + max(int(one[:, :, channel].max(initial=0)) for one in inputs)
        for channel in range(inputs[0].shape[2])
    ]
    found = []
    for one in inputs:
        codes = np.zeros(one.shape[:2], dtype=np.int64)
        for channel, size in enumerate(sizes):
            codes = codes * size + one[:, :, channel]
        found.append(codes)
    return tuple(found)
