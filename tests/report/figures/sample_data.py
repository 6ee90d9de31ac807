"""Made-up data cards, architectures and curves for the figures' sample study."""

from collections import Counter

import numpy as np

from reportgen.analysis.findings.study import DataCard
from reportgen.records import ChannelSummary, ModuleRow, SplitSummary
from reportgen.report.figures.view import Curves

SHAPES, COLOURS, HIDDEN = "▲■●◆", "rgby", "·"
SIZES = {"train": 2000, "dev": 500, "test": 1000, "composition": 1000}
LENGTH, EPOCHS = 20, 20


def make_card(arm: str, *, joint: bool = False) -> DataCard:
    """The splits as an arm reads them; `joint` writes shape and colour as one."""
    splits = {
        name: _split(np.random.default_rng(number), arm, rows, joint=joint)
        for number, (name, rows) in enumerate(SIZES.items())
    }
    return DataCard(arms=(arm,), splits=splits)


def _split(
    rng: np.random.Generator, arm: str, rows: int, *, joint: bool
) -> SplitSummary:
    shapes = [SHAPES[code] for code in rng.integers(0, 4, LENGTH)]
    colours = [COLOURS[code] for code in rng.integers(0, 4, LENGTH)]
    if arm == "order-shuffled":
        order = rng.permutation(LENGTH)
        shapes, colours = [shapes[i] for i in order], [colours[i] for i in order]
    if arm == "shape-only":
        colours = [HIDDEN] * LENGTH
    if arm == "colour-only":
        shapes = [HIDDEN] * LENGTH
    pairs = [one + other for one, other in zip(shapes, colours, strict=True)]
    if arm == "tokens-split":
        written = {"token": list("".join(pairs))}
    elif joint:
        written = {"token": pairs}
    else:
        written = {"shape": shapes, "colour": colours}
    return SplitSummary(
        rows=rows,
        digest="0" * 64,
        labels=(rows // 2, rows - rows // 2),
        length=LENGTH,
        channels=tuple(
            ChannelSummary(
                name=name,
                symbols=tuple(sorted(set(symbols))),
                counts=tuple(
                    count * rows for _, count in sorted(Counter(symbols).items())
                ),
            )
            for name, symbols in written.items()
        ),
        duplicates=0,
        conflicts=0,
        oracle_accuracy=1.0,
        examples=(
            tuple(
                ("" if len(row[0]) == 1 else " ").join(row) for row in written.values()
            ),
        ),
        example_labels=(1,),
    )


def _module(
    path: str,
    kind: str,
    arguments: str,
    parameters: int,
    shapes: tuple[tuple[int, ...], tuple[int, ...]],
) -> ModuleRow:
    return ModuleRow(
        path=path,
        type=kind,
        arguments=arguments,
        parameters=parameters,
        input_shape=shapes[0],
        output_shape=shapes[1],
    )


def make_architecture(*, both: bool) -> tuple[ModuleRow, ...]:
    """A two-layer LSTM classifier, optionally reading in both directions."""
    width = 128 if both else 64
    settings = "input_size=64, hidden_size=64, num_layers=2, batch_first=True"
    lstm = settings + (", bidirectional=True" if both else "")
    return (
        _module("", "SequenceLSTM", "", 0, ((20, 2), (2,))),
        _module("embedding", "ModuleList", "", 0, ((20, 2), (20, 64))),
        _module("embedding.0", "Embedding", "4, 32", 128, ((20,), (20, 32))),
        _module("embedding.1", "Embedding", "4, 32", 128, ((20,), (20, 32))),
        _module(
            "lstm", "LSTM", lstm, 165888 if both else 66560, ((20, 64), (20, width))
        ),
        _module("dropout", "Dropout", "p=0.0", 0, ((width,), (width,))),
        _module("head", "Linear", f"{width}, 2", 2 * width + 2, ((width,), (2,))),
    )


def make_curves(arms: list[str], seeds: int, failed: set[tuple[str, int]]) -> Curves:
    names = ("train.loss", "dev.loss", "dev.hwa")
    steps = np.arange(EPOCHS)
    runs = {}
    for number, arm in enumerate(arms):
        for seed in range(seeds):
            rng = np.random.default_rng((number, seed))
            train = 0.69 * np.exp(-steps / rng.uniform(6, 14)) + 0.01
            dev = 0.69 - 0.03 * steps + rng.uniform(0.002, 0.006) * steps**2
            hwa = 0.5 + 0.3 * (1 - np.exp(-steps / 4)) + rng.normal(0, 0.02, EPOCHS)
            columns = [train, dev + rng.normal(0, 0.02, EPOCHS), hwa]
            if (arm, seed) in failed:
                columns = [np.where(steps < 5, column, np.nan) for column in columns]
            runs[arm, seed] = dict(zip(names, columns, strict=True))
    return Curves(names, runs)
