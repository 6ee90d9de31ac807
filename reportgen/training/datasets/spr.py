"""Symbolic pattern reasoning: rows of coloured shapes labelled by a hidden rule.

Each token has a shape and a colour, drawn independently. The label says whether a
conjunction of predicates holds; both classes are equally frequent in every split.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from reportgen.errors import SettingError, nearest
from reportgen.records import Array
from reportgen.training.data import SPLITS, Channel, Dataset, Draw, Split
from reportgen.training.rules import Alphabet, parse_rule

CHANNELS = (
    Channel("shape", ("▲", "■", "●", "◆")),
    Channel("colour", ("r", "g", "b", "y")),
)
SYMBOLS = tuple(symbol for channel in CHANNELS for symbol in channel.symbols)
CHUNK = 65_536  # rows drawn at once, at most
# A class found in fewer than one of RARE rows, after ENOUGH rows, is out of reach.
RARE, ENOUGH = 2_000, 200_000


def spr(
    *,
    rows: dict[str, int],
    length: int,
    rule: list[str],
    seed: int = 0,
    weights: dict[str, float] | None = None,
    label_noise: float = 0.0,
) -> Dataset:
    """Symbolic pattern reasoning, two classes, exactly balanced.

    Args:
        rows: rows of each split: train, dev and test.
        length: tokens per row.
        rule: predicates that must all hold for class 1.
        seed: starts the streams all rows are drawn from; runs' seeds never touch them.
        weights: relative frequency by symbol within its channel; 1 where left out.
        label_noise: share of labels flipped in each class of every split, from 0 to
            below 0.5; the attainable accuracy is 1 minus this share.

    Raises:
        SettingError: a setting is out of range, or one class cannot be drawn.
    """
    _check_rows(rows)
    if length < 1:
        raise SettingError("length", f"{length} tokens make no row", "use 1 or more")
    if not 0 <= label_noise < 0.5:
        fix = "use a share from 0 to below 0.5"
        raise SettingError("label_noise", f"{label_noise} is no share of flips", fix)
    source = SymbolSource(
        length=length,
        rule=parse_rule(rule, Alphabet(CHANNELS, length)),
        weights=dict(weights or {}),
        label_noise=label_noise,
    )
    symbol_odds(source.weights)
    splits = {
        name: source.draw(rows[name], split_generator(seed, name)) for name in SPLITS
    }
    return Dataset(splits, classes=2, source=source)


def _check_rows(rows: Mapping[str, int]) -> None:
    for name in rows:
        if name not in SPLITS:
            what = f"there is no split {name!r}"
            raise SettingError(f"rows.{name}", what, nearest(name, SPLITS))
    for name in SPLITS:
        if name not in rows:
            raise SettingError("rows", f"{name} is missing", f"add {name}: a number")
        if rows[name] < 2:
            what = f"{rows[name]} rows cannot hold two classes"
            raise SettingError(f"rows.{name}", what, "use 2 or more")


def split_generator(seed: int, split: str) -> np.random.Generator:
    """A stream of its own for each split, so that resizing one leaves the others."""
    entropy = hashlib.sha256(f"spr/{seed}/{split}".encode()).digest()
    return np.random.default_rng(int.from_bytes(entropy[:16], "little"))


def symbol_odds(weights: Mapping[str, float]) -> tuple[Array, ...]:
    """Probability of each symbol within its channel, one array per channel.

    Raises:
        SettingError: a symbol is unknown, or the weights are no frequencies.
    """
    for symbol, weight in weights.items():
        path = f"weights.{symbol}"
        if symbol not in SYMBOLS:
            what = f"there is no symbol {symbol!r}"
            raise SettingError(path, what, f"use one of {' '.join(SYMBOLS)}")
        if not 0 <= weight < float("inf"):
            what = f"{weight} is no relative frequency"
            raise SettingError(path, what, "use a number of 0 or more")
    odds: list[Array] = []
    for channel in CHANNELS:
        share = np.array([float(weights.get(one, 1.0)) for one in channel.symbols])
        if share.sum() <= 0:
            what = f"no symbol of {channel.name} can be drawn"
            raise SettingError("weights", what, "give one a weight above 0")
        odds.append(share / share.sum())
    return tuple(odds)


@dataclass(frozen=True)
class SymbolSource:
    """Draws balanced rows by rejection and labels them by the rule."""

    length: int
    rule: Callable[[Array], Array]
    weights: Mapping[str, float] = field(default_factory=dict)
    label_noise: float = 0.0

    def label(self, inputs: Array) -> Array:
        """The rule's answers, 0 or 1; shape (N,)."""
        return self.rule(inputs).astype(np.int64)

    def draw(
        self, rows: int, rng: np.random.Generator, draw: Draw | None = None
    ) -> Split:
        """Draw rows until each class has half of them (class 0 the odd one).

        Raises:
            SettingError: one class is too rare to be drawn.
        """
        wanted = draw or Draw()
        odds = symbol_odds({**self.weights, **(wanted.weights or {})})
        need = (rows - rows // 2, rows // 2)
        found: tuple[list[Array], list[Array]] = ([], [])
        drawn = 0
        while any(_count(found[label]) < need[label] for label in (0, 1)):
            if drawn >= ENOUGH and min(map(_count, found)) * RARE < drawn:
                raise _unreachable(found, need, drawn)
            chunk = min(CHUNK, max(1_024, 2 * rows))
            inputs = self._chunk(chunk, odds, rng)
            if wanted.arrange is not None:
                inputs = wanted.arrange(inputs, rng)
            answers = self.rule(inputs)
            for label in (0, 1):
                short = need[label] - _count(found[label])
                found[label].append(inputs[answers == bool(label)][:short])
            drawn += chunk
        return self._split(np.concatenate([*found[0], *found[1]]), need, rng)

    def _chunk(
        self, rows: int, odds: Sequence[Array], rng: np.random.Generator
    ) -> Array:
        """Rows of independent tokens; shape (rows, T, 2), int8 to keep chunks small."""
        codes = [
            np.searchsorted(
                np.cumsum(share)[:-1], rng.random((rows, self.length)), side="right"
            )
            for share in odds
        ]
        return np.stack(codes, axis=2).astype(np.int8)

    def _split(
        self, inputs: Array, need: tuple[int, int], rng: np.random.Generator
    ) -> Split:
        """Shuffle rows that come sorted by class, and flip labels of both alike."""
        clean = np.repeat(np.array([0, 1], dtype=np.int64), need)
        labels = clean.copy()
        for label, start in ((0, 0), (1, need[0])):
            flips = round(self.label_noise * need[label])
            chosen = start + rng.permutation(need[label])[:flips]
            labels[chosen] = 1 - label
        order = rng.permutation(len(clean))
        inputs = inputs[order].astype(np.int64)  # (N, T, 2)
        return Split(
            inputs=inputs,
            labels=labels[order],
            channels=CHANNELS,
            oracle=clean[order],
            columns={
                f"{channel.name}_variety": variety(inputs[:, :, position])
                for position, channel in enumerate(CHANNELS)
            },
        )


def variety(codes: Array) -> Array:
    """Number of distinct codes in each row; shape (N,), from (N, T)."""
    ordered = np.sort(codes, axis=1)
    changes: Array = (ordered[:, 1:] != ordered[:, :-1]).sum(axis=1)
    return 1 + changes


def _count(parts: Sequence[Array]) -> int:
    return sum(len(part) for part in parts)


def _unreachable(
    found: tuple[list[Array], list[Array]], need: tuple[int, int], drawn: int
) -> SettingError:
    rare = 0 if _count(found[0]) < need[0] else 1
    what = (
        f"class {rare} is too rare: {_count(found[rare])} of {drawn} rows drawn, "
        f"{need[rare]} wanted"
    )
    fix = "loosen the rule, change the symbol weights, or lengthen the rows"
    return SettingError("", what, fix)
