"""Data composition: how often each symbol and label occurs in every split, as fed."""

from collections.abc import Iterator, Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from reportgen.report.figures import style
from reportgen.report.figures.glyphs import COLOURS, Token, draw_token, read_symbol
from reportgen.report.figures.marks import label_room
from reportgen.report.figures.shares import LABELS, Share, compositions
from reportgen.report.figures.svg import svg_text
from reportgen.report.figures.view import Cell, FigureImage, FigureView, write_table
from reportgen.report.figures.wording import count, listed, show

NAME = "data_composition"
ROW = 0.26  # inches
NAMED = 8  # symbols whose equal shares are marked
SMALLEST = 0.07  # share wide enough for its symbol
TINTS = ("#D4D4D4", "#E9E9E9")
HEADER = ("split", "rows", "channel", "symbol", "count", "share")


def draw(view: FigureView) -> FigureImage | None:
    """Draw one row per split and one panel for shapes, colours, labels or the like."""
    found = compositions(view.findings.data)
    shares = [
        share
        for channels in found.values()
        for symbols in channels.values()
        for share in symbols.values()
    ]
    if not shares:
        return None
    splits = tuple(found)
    channels = sorted({share.channel for share in shares}, key=_order)
    sizes = {share.split: share.rows for share in shares}
    rows = [f"{name} ({sizes[name]})" for name in splits]
    with style.paper_style():
        figure = style.new_figure(ROW * len(splits) + 0.75)
        left = 0.12 + label_room(rows, style.SMALL)
        step = (style.WIDE - left) / len(channels)
        for number, channel in enumerate(channels):
            place = (left + number * step, 0.43, step - 0.18, ROW * len(splits))
            axes = style.add_panel(figure, *place)
            own = [share for share in shares if share.channel == channel]
            _draw_panel(axes, own, splits)
            axes.set_yticks(range(len(rows)), rows if not number else [""] * len(rows))
            look = style.Type(style.LABEL, bold=True, up="bottom")
            style.write_at(
                axes, channel, (0, 1), anchor="axes", shift=(0, 5), look=look
            )
        svg = svg_text(figure, NAME)
    return FigureImage(
        name=NAME,
        title="What every split is made of",
        caption=(
            "Share of each symbol among the tokens, and of each label among the rows, "
            "of every split of the baseline, and of variants' splits that are made up "
            "otherwise (rows in brackets). Dashed lines mark equal shares."
        ),
        alt=_alt(shares, splits),
        svg=svg,
        data_csv=write_table(HEADER, _rows(shares)),
        wide=True,
    )


def _order(channel: str) -> tuple[int, str]:
    known = ("shape", "colour")
    if channel in known:
        return known.index(channel), channel
    return (3 if channel == LABELS else 2), channel


def _draw_panel(axes: Axes, shares: Sequence[Share], splits: Sequence[str]) -> None:
    """Draw one stacked bar per split; dashed lines stand at equal shares."""
    style.hide_frame(axes)
    axes.set_ylim(len(splits) - 0.5, -0.5)
    axes.set_xlim(0, 1)
    symbols = tuple(dict.fromkeys(share.symbol for share in shares))
    for y, split in enumerate(splits):
        start = 0.0
        for share in (one for one in shares if one.split == split):
            _draw_share(axes, share, (start, y), symbols.index(share.symbol))
            start += share.share
    for place in range(1, len(symbols)) if len(symbols) <= NAMED else ():
        axes.axvline(
            place / len(symbols), color=style.INK, linewidth=0.6, linestyle=(0, (2, 2))
        )
    ticks = axes.set_xticks((0, 0.5, 1), ("0", "50", "100 %"))
    ticks[0].label1.set_horizontalalignment("left")
    ticks[-1].label1.set_horizontalalignment("right")


def _draw_share(
    axes: Axes, share: Share, place: tuple[float, float], order: int
) -> None:
    start, y = place
    is_label = share.channel == LABELS
    token = Token(text=share.symbol) if is_label else read_symbol(share.symbol)
    colour = COLOURS.get(token.colour)
    bar = Rectangle(
        (start, y - 0.36),
        share.share,
        0.72,
        facecolor=colour or TINTS[order % len(TINTS)],
        alpha=0.5 if colour else 1.0,
        edgecolor="white",
        linewidth=0.6,
    )
    axes.add_patch(bar)
    if share.share < SMALLEST:
        return
    if colour and not token.shape:
        token = Token(text=token.colour)
    draw_token(axes, token, (start + share.share / 2, y), size=5.0)


def _alt(shares: Sequence[Share], splits: Sequence[str]) -> str:
    parts = [
        f"Stacked bars of symbol and label shares in {count(len(splits), 'split')}: "
        f"{listed(list(splits))}."
    ]
    for channel in dict.fromkeys(share.channel for share in shares):
        own = [share for share in shares if share.channel == channel]
        low = min(own, key=lambda share: share.share)
        high = max(own, key=lambda share: share.share)
        if low.share == high.share:
            parts.append(f"{channel}: every share is {show(low.share)}.")
            continue
        parts.append(
            f"{channel}: shares from {show(low.share)} ({low.symbol} in {low.split}) "
            f"to {show(high.share)} ({high.symbol} in {high.split})."
        )
    return " ".join(parts)


def _rows(shares: Sequence[Share]) -> Iterator[tuple[Cell, ...]]:
    for one in shares:
        yield (
            one.split,
            one.rows,
            one.channel,
            one.symbol,
            one.number,
            one.share,
        )
