"""How every figure looks: fonts, colours and measures.

Eight and seven point type, Okabe-Ito colours backed by shape or place, no frames.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import matplotlib
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from reportgen.report.figures.typeface import FAMILY, load_typeface

WIDE = 5.5  # inches: the measure of the page
NARROW = 3.4
BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
ORANGE, SKY, YELLOW = "#E69F00", "#56B4E9", "#F0E442"
INK, GREY, PALE, GRID = "#1A1A1A", "#6B6B6B", "#C9C9C9", "#E6E6E6"
LABEL, SMALL, TINY = 8.5, 7.5, 6.5  # points

_SETTINGS: dict[Any, Any] = {
    "font.family": FAMILY,
    "font.size": SMALL,
    "axes.labelsize": LABEL,
    "axes.titlesize": LABEL,
    "axes.linewidth": 0.6,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.labelpad": 3.0,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "grid.color": GRID,
    "grid.linewidth": 0.5,
    "legend.frameon": False,
    "legend.fontsize": SMALL,
    "lines.linewidth": 1.2,
    "text.color": INK,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.labelsize": SMALL,
    "ytick.labelsize": SMALL,
    "svg.fonttype": "path",  # the same glyphs wherever the file is opened
    "svg.hashsalt": "reportgen",  # otherwise ids are random
}


@contextmanager
def paper_style() -> Iterator[None]:
    """Draw inside this: artists take fonts and sizes when they are made."""
    load_typeface()
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


def new_figure(height: float, *, width: float = WIDE) -> Figure:
    """Make an empty figure; sizes in inches."""
    figure = Figure(figsize=(width, height))
    FigureCanvasSVG(figure)
    return figure


def add_panel(
    figure: Figure, left: float, bottom: float, width: float, height: float
) -> Axes:
    """Add axes at a place given in inches from the lower left corner."""
    across, up = figure.get_size_inches()
    return figure.add_axes((left / across, bottom / up, width / across, height / up))


@dataclass(frozen=True)
class Type:
    """How a piece of text is set, and which of its points lies on its place."""

    size: float = SMALL
    colour: str = INK
    bold: bool = False
    across: Literal["left", "center", "right"] = "left"
    up: Literal["top", "center", "baseline", "bottom"] = "center"


Anchor = Literal["data", "row", "column", "axes"]
_COORDINATES: dict[Anchor, str | tuple[str, str]] = {
    "data": "data",
    "row": ("axes fraction", "data"),
    "column": ("data", "axes fraction"),
    "axes": "axes fraction",
}


def write_at(
    axes: Axes,
    text: str,
    place: tuple[float, float],
    *,
    anchor: Anchor = "data",
    shift: tuple[float, float] = (0.0, 0.0),
    look: Type = Type(),
) -> None:
    """Write text at a place: in data units, or a fraction of the axes across or up.

    `shift` moves it, in points. Text outside the axes is drawn too.
    """
    axes.annotate(
        text,
        place,
        xycoords=_COORDINATES[anchor],
        xytext=shift,
        textcoords="offset points",
        fontsize=look.size,
        color=look.colour,
        fontweight="bold" if look.bold else "normal",
        ha=look.across,
        va=look.up,
        linespacing=1.05,
        annotation_clip=False,
        zorder=6,
    )


def add_letter(axes: Axes, letter: str, *, offset: float = -4.0) -> None:
    """Put a bold panel letter above the left end of the axes, moved by points."""
    look = Type(LABEL, bold=True, across="right", up="bottom")
    write_at(axes, letter, (0, 1), anchor="axes", shift=(offset, 5), look=look)


def hide_frame(axes: Axes, *, keep: tuple[str, ...] = ("bottom",)) -> None:
    """Hide the spines that carry no scale, and their ticks."""
    for side, spine in axes.spines.items():
        spine.set_visible(side in keep)
    axes.tick_params(axis="y", length=0)
    if "bottom" not in keep:
        axes.set_xticks([])
        axes.set_yticks([])


@cache
def text_width(text: str, size: float = SMALL) -> float:
    """Width of one line of text in inches."""
    load_typeface()
    face = FontProperties(family=FAMILY, size=size)
    width, _, _ = text_to_path.get_text_width_height_descent(text, face, ismath=False)
    return float(width) / 72
