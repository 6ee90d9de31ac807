"""Shares of symbols and labels: data cards in, one share per symbol and split out.

Where every symbol of a channel shows a shape, a colour or both, shapes and colours are
counted apart, so that splits compare whatever tokens they are written in.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportgen.analysis.findings.study import DataCard
from reportgen.records import ChannelSummary, SplitSummary
from reportgen.report.figures.glyphs import COLOURS, MARKERS, read_symbol
from reportgen.spec.model import BASELINE
from reportgen.spec.plan import CONTROL_PREFIX

LABELS = "label"
USUAL = ("train", "dev", "test")
# A variant's split is drawn beside the baseline's when this share of it would have to
# change its symbol.
APART = 0.05


@dataclass(frozen=True)
class Share:
    """One symbol in one split; `channel` is what was counted."""

    split: str
    rows: int
    channel: str
    symbol: str
    number: int
    share: float


Composition = Mapping[str, Mapping[str, Share]]  # channel -> symbol -> share


def compositions(cards: Sequence[DataCard]) -> dict[str, Composition]:
    """The baseline's splits, then the variants' splits that are made up otherwise."""
    base = next((card for card in cards if BASELINE in card.arms), None)
    if base is None:
        return {}
    found = {
        name: composition(name, base.splits[name]) for name in ordered(base.splits)
    }
    for card in cards:
        arms = [arm for arm in card.arms if not arm.startswith(CONTROL_PREFIX)]
        for name in USUAL if card is not base and arms else ():
            if name in card.splits and name in found:
                title = f"{name} of {arms[0]}"
                own = composition(title, card.splits[name])
                if _distance(found[name], own) > APART:
                    found[title] = own
    return found


def ordered(names: Collection[str]) -> tuple[str, ...]:
    """Training, dev and test first, then the shifts by name."""
    known = [name for name in USUAL if name in names]
    return (*known, *sorted(set(names) - set(known)))


def composition(title: str, split: SplitSummary) -> Composition:
    """Count one split."""
    counted: dict[str, Counter[str]] = {}
    for channel in split.channels:
        for name, symbol, number in _counts(channel):
            counted.setdefault(name, Counter())[symbol] += number
    counted[LABELS] = Counter({str(place): n for place, n in enumerate(split.labels)})
    found: dict[str, dict[str, Share]] = {}
    for name, counts in counted.items():
        total = counts.total() or 1
        found[name] = {
            symbol: Share(title, split.rows, name, symbol, number, number / total)
            for symbol, number in sorted(counts.items(), key=_known_first)
        }
    return found


def _known_first(item: tuple[str, int]) -> tuple[int, str]:
    """Shapes and colours in their usual order, anything else by name."""
    known = (*MARKERS, *COLOURS)
    symbol = item[0]
    return (known.index(symbol) if symbol in known else len(known)), symbol


def _counts(channel: ChannelSummary) -> Iterator[tuple[str, str, int]]:
    tokens = [read_symbol(symbol) for symbol in channel.symbols]
    pictured = all(not token.text for token in tokens)
    for symbol, token, number in zip(
        channel.symbols, tokens, channel.counts, strict=True
    ):
        if not pictured:
            yield channel.name, symbol, number
            continue
        if token.shape:
            yield "shape", token.shape, number
        if token.colour:
            yield "colour", token.colour, number


def _distance(one: Composition, other: Composition) -> float:
    """The largest total variation over what both splits show; 0 where nothing is."""
    return max(
        (
            sum(
                abs(
                    one[name][symbol].share - other[name][symbol].share
                    if symbol in other[name]
                    else one[name][symbol].share
                )
                for symbol in one[name]
            )
            / 2
            for name in one
            if name in other
        ),
        default=0.0,
    )
