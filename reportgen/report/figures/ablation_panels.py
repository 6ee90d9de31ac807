"""Which ablations can be illustrated: a study's data cards in, pairs of rows out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reportgen.analysis.findings.study import ArmScore, DataCard
from reportgen.report.figures.glyphs import Token, read_tokens
from reportgen.report.figures.view import FigureView
from reportgen.spec.model import BASELINE


@dataclass(frozen=True)
class Panel:
    """One ablation: the same row of a split as two arms read it, and their scores."""

    arm: str
    split: str
    before: tuple[Token, ...]
    after: tuple[Token, ...]
    scores: tuple[ArmScore | None, ArmScore | None]  # baseline, arm


def transformed_arms(view: FigureView) -> Iterator[str]:
    """Names of the variants that declare transforms of their own, in order."""
    for arm, variant in view.study.variants.items():
        data = variant.change.get("data")
        if isinstance(data, dict) and "transforms" in data:
            yield arm


def find_panel(view: FigureView, arm: str) -> Panel | None:
    """The first split whose first row the arm reads otherwise than the baseline."""
    cards = {name: card for card in view.findings.data for name in card.arms}
    base, own = cards.get(BASELINE), cards.get(arm)
    if base is None or own is None:
        return None
    for split in ("test", "dev", "train"):
        rows = _first_rows(base, own, split)
        if rows is not None and rows[0] != rows[1]:
            scores = (
                view.score(BASELINE, view.headline),
                view.score(arm, view.headline),
            )
            return Panel(arm, split, *rows, scores)
    return None


def _first_rows(
    base: DataCard, own: DataCard, split: str
) -> tuple[tuple[Token, ...], tuple[Token, ...]] | None:
    """The first row of a split in both arms; None where it is not the same row."""
    one, other = base.splits.get(split), own.splits.get(split)
    if one is None or other is None or not one.examples or not other.examples:
        return None
    before, after = read_tokens(one.examples[0]), read_tokens(other.examples[0])
    known = hidden_alike(before, after) is not None or _signs(before) == _signs(after)
    return (before, after) if known else None


def _signs(tokens: Sequence[Token]) -> str:
    return "".join(token.shape + token.colour + token.text for token in tokens)


def hidden_alike(
    before: Sequence[Token], after: Sequence[Token]
) -> tuple[Token, ...] | None:
    """Hide of `before` what `after` hides; None unless both then hold the same tokens.

    A row that was drawn anew, and not changed, is told apart that way.
    """
    for hidden in ((), ("colour",), ("shape",), ("shape", "colour")):
        tokens = tuple(replace(token, **dict.fromkeys(hidden, "")) for token in before)
        if Counter(tokens) == Counter(after):
            return tokens
    return None


def moves(before: Sequence[Token], after: Sequence[Token]) -> list[tuple[int, int]]:
    """Where each token went, when `after` holds those of `before` in another order.

    Equal tokens keep their order among themselves. Empty when nothing moved, or when
    the tokens are others.
    """
    tokens = hidden_alike(before, after)
    if tokens is None or tokens == tuple(after):
        return []
    left = list(enumerate(after))
    pairs = []
    for place, token in enumerate(tokens):
        match = next(item for item in left if item[1] == token)
        left.remove(match)
        pairs.append((place, match[0]))
    return pairs
