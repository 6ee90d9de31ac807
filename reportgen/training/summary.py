"""What a split held when it was fed: rows, symbols, duplicates, first examples."""

from collections.abc import Mapping

import numpy as np

from reportgen.records import Array, ChannelSummary, SplitSummary
from reportgen.training.data import Channel, Split
from reportgen.training.prepare import Prepared, split_digest

EXAMPLES = 4


def summarise(prepared: Prepared) -> dict[str, SplitSummary]:
    """A summary of every evaluation set, by name."""
    train = prepared.sets["train"]
    known: dict[bytes, set[int]] = {}
    for key, label in zip(_row_keys(train.inputs), train.labels, strict=True):
        known.setdefault(key, set()).add(int(label))
    return {
        name: _summary(split, prepared.info.classes, known, is_train=name == "train")
        for name, split in prepared.sets.items()
    }


def _summary(
    split: Split, classes: int, known: Mapping[bytes, set[int]], *, is_train: bool
) -> SplitSummary:
    keys = _row_keys(split.inputs)
    if is_train:
        counts: dict[bytes, int] = {}
        for key in keys:
            counts[key] = counts.get(key, 0) + 1
        twins = [counts[key] > 1 for key in keys]
    else:
        twins = [key in known for key in keys]
    conflicts = sum(
        twin and bool(known[key] - {int(label)})
        for twin, key, label in zip(twins, keys, split.labels, strict=True)
    )
    return SplitSummary(
        rows=len(split),
        digest=split_digest(split),
        labels=tuple(np.bincount(split.labels, minlength=classes).tolist()),
        length=split.inputs.shape[1],
        channels=tuple(
            _channel(channel, split.inputs[:, :, position])
            for position, channel in enumerate(split.channels)
        ),
        duplicates=sum(twins),
        conflicts=conflicts,
        oracle_accuracy=None
        if split.oracle is None
        else float((split.oracle == split.labels).mean()),
        examples=tuple(_spell(row, split.channels) for row in split.inputs[:EXAMPLES]),
        example_labels=tuple(split.labels[:EXAMPLES].tolist()),
    )


def _row_keys(inputs: Array) -> list[bytes]:
    return [row.tobytes() for row in inputs]


def _channel(channel: Channel, codes: Array) -> ChannelSummary:
    """`codes` has shape (N, T)."""
    counts = np.bincount(codes.ravel(), minlength=len(channel.symbols))
    return ChannelSummary(
        name=channel.name, symbols=channel.symbols, counts=tuple(counts.tolist())
    )


def _spell(row: Array, channels: tuple[Channel, ...]) -> tuple[str, ...]:
    """One text per channel of a row (T, C); blanks between longer symbols."""
    texts: list[str] = []
    for position, channel in enumerate(channels):
        gap = "" if all(len(symbol) == 1 for symbol in channel.symbols) else " "
        texts.append(gap.join(channel.symbols[code] for code in row[:, position]))
    return tuple(texts)
