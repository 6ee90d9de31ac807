"""What a model is fed: rows of symbols with labels, as frozen numpy values.

N counts rows, T tokens of a row, C channels of a token (a shape and a colour, say).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from reportgen.errors import SettingError
from reportgen.records import Array

SPLITS = ("train", "dev", "test")
Arrange = Callable[[Array, np.random.Generator], Array]


@dataclass(frozen=True)
class Channel:
    """One attribute of a token and the symbols it may take; codes index `symbols`."""

    name: str
    symbols: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Split:
    """Labelled rows.

    Args:
        inputs: shape (N, T, C), int64 codes into each channel's symbols.
        labels: shape (N,), int64 in [0, K).
        channels: C of them, in the order of the last axis.
        oracle: shape (N,), the rule's answers before label noise; None if unknown.
        columns: per-row values that metrics ask for, each of shape (N,); computed on
            the rows as they were drawn and carried along by transforms.
    """

    inputs: Array
    labels: Array
    channels: tuple[Channel, ...]
    oracle: Array | None = None
    columns: Mapping[str, Array] = field(default_factory=dict)

    def __len__(self) -> int:
        """Rows."""
        return len(self.labels)

    def take(self, rows: Array) -> "Split":
        """These rows, in this order; `rows` holds indices."""
        return Split(
            inputs=self.inputs[rows],
            labels=self.labels[rows],
            channels=self.channels,
            oracle=None if self.oracle is None else self.oracle[rows],
            columns={name: column[rows] for name, column in self.columns.items()},
        )

    def channel(self, name: str) -> int:
        """Position of a channel on the last axis.

        Raises:
            SettingError: no channel has this name.
        """
        names = [channel.name for channel in self.channels]
        if name not in names:
            fix = f"use one of {', '.join(names)}"
            raise SettingError("channel", f"there is no channel {name!r}", fix)
        return names.index(name)


@dataclass(frozen=True)
class Draw:
    """How rows are drawn when they shall differ from the dataset's own.

    Args:
        weights: relative frequency by symbol; symbols left out keep theirs.
        arrange: reorders tokens before the rule labels them, (N, T, C) to (N, T, C).
    """

    weights: Mapping[str, float] | None = None
    arrange: Arrange | None = None


class Source(Protocol):
    """Where more rows like a dataset's can be drawn, and who knows their labels."""

    def draw(self, rows: int, rng: np.random.Generator, draw: Draw = ...) -> Split:
        """Draw fresh labelled rows, as balanced and as noisy as the dataset's own."""

    def label(self, inputs: Array) -> Array:
        """The rule's answers, before noise; shape (N,), from inputs (N, T, C)."""


@dataclass(frozen=True)
class Dataset:
    """What a dataset function returns: train, dev and test, and how they came about."""

    splits: Mapping[str, Split]
    classes: int
    source: Source | None = None


@dataclass(frozen=True)
class DataInfo:
    """What a model must know about the data before it is built.

    Args:
        channels: names of the C channels.
        vocabularies: number of symbols of each channel.
        length: tokens per row, T.
        classes: number of labels, K.
    """

    channels: tuple[str, ...]
    vocabularies: tuple[int, ...]
    length: int
    classes: int


def require_source(source: Source | None, name: str) -> Source:
    """The source, or an error that says why this transform needs one.

    Raises:
        SettingError: the dataset came without a source.
    """
    if source is None:
        fix = "use a dataset that returns a source, or leave this transform out"
        raise SettingError("", f"{name} draws new rows and the dataset cannot", fix)
    return source
