"""Input symbols as pictures: a token's symbols in, a coloured shape on the axes out.

A token may show a shape, a colour, both or neither; a hidden channel shows a dot. A
colour's letter stands beside it, so that nothing rests on colour alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from reportgen.report.figures import style

MARKERS = {"▲": "^", "■": "s", "●": "o", "◆": "D"}
SCALES = {"^": 1.12, "s": 0.95, "o": 1.05, "D": 0.85}  # to look equally large
COLOURS = {"r": style.VERMILLION, "g": style.GREEN, "b": style.BLUE, "y": style.ORANGE}
HIDDEN = "·"


@dataclass(frozen=True)
class Token:
    """What one token shows; `text` holds what is neither shape nor colour."""

    shape: str = ""
    colour: str = ""
    text: str = ""


def read_symbol(symbol: str) -> Token:
    """Read one symbol, for example `▲`, `r`, `▲r` or anything else."""
    signs = [sign for sign in symbol if sign != HIDDEN]
    shapes = [sign for sign in signs if sign in MARKERS]
    colours = [sign for sign in signs if sign in COLOURS]
    if len(signs) == len(shapes) + len(colours) and max(len(shapes), len(colours)) in {
        0,
        1,
    }:
        return Token("".join(shapes), "".join(colours))
    return Token(text=symbol)


def read_tokens(example: Sequence[str]) -> tuple[Token, ...]:
    """Read an example row: one string of symbols per channel, tokens in order.

    Symbols are separated by spaces, or are single characters without any.
    """
    channels = [
        text.split() if " " in text.strip() else list(text.strip()) for text in example
    ]
    return tuple(
        read_symbol("".join(symbols)) for symbols in zip(*channels, strict=False)
    )


def draw_token(
    axes: Axes, token: Token, place: tuple[float, float], *, size: float
) -> None:
    """Draw a token at a place in data units; `size` is its height in points."""
    if token.text:
        look = style.Type(size + 1.5, across="center")
        style.write_at(axes, token.text, place, look=look)
        return
    colour = COLOURS.get(token.colour, "")
    marker = MARKERS.get(token.shape, "_" if colour else "")
    if not marker:
        look = style.Type(size + 1, style.GREY, across="center")
        style.write_at(axes, HIDDEN, place, look=look)
        return
    axes.plot(
        [place[0]],
        [place[1]],
        marker,
        markersize=size * SCALES.get(marker, 1.0),
        markerfacecolor=colour or "white",
        markeredgecolor=colour or style.INK,
        markeredgewidth=3.0 if marker == "_" else 0.8,
        zorder=3,
        clip_on=False,
    )
    if colour:
        look = style.Type(style.TINY, across="center", up="top")
        shift = (0, -size / 2 - 1.5) if marker != "_" else (0, -2.8)
        style.write_at(axes, token.colour, place, shift=shift, look=look)
