"""Run attrition: where every planned run ended, as bands as thick as their counts."""

from collections.abc import Iterator, Mapping

from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from reportgen.analysis.findings.study import ArmAttrition
from reportgen.report.figures import style
from reportgen.report.figures.marks import fold_label
from reportgen.report.figures.svg import svg_text
from reportgen.report.figures.view import Cell, FigureImage, FigureView, write_table
from reportgen.report.figures.wording import count, listed

NAME = "attrition"
HEIGHT = 1.75
ENDS = ("reported", "failed", "excluded", "superseded")
COLOURS = dict(
    zip(ENDS, (style.BLUE, style.VERMILLION, style.ORANGE, style.PURPLE), strict=True)
)
MEANINGS = {
    "reported": "ended and is told",
    "failed": "ended in an error, counted as an outcome",
    "excluded": "left out by a rule written before",
    "superseded": "of an earlier version of the spec",
}
NAMED = 4  # arms named beside an end before the rest is summed up


def draw(view: FigureView) -> FigureImage | None:
    """Draw the flow from planned runs to the four ends a run can have."""
    arms = view.findings.attrition
    planned = sum(arm.planned for arm in arms)
    if not planned:
        return None
    totals = {end: sum(getattr(arm, end) for arm in arms) for end in ENDS}
    with style.paper_style():
        figure = style.new_figure(HEIGHT)
        axes = style.add_panel(figure, 0, 0, style.WIDE, HEIGHT)
        axes.set_xlim(0, style.WIDE)
        axes.set_ylim(HEIGHT, 0)
        axes.set_axis_off()
        _draw_flow(axes, planned, totals)
        _draw_words(axes, arms, planned, totals)
        svg = svg_text(figure, NAME)
    return FigureImage(
        name=NAME,
        title="What became of every planned run",
        caption=(
            "Bands are as thick as the runs are many; the four ends sum to the plan."
        ),
        alt=_alt(arms, planned, totals),
        svg=svg,
        data_csv=write_table(("arm", "planned", *ENDS), _rows(arms)),
        wide=True,
    )


THICK, TOP = 0.85, 0.3  # inches of the whole plan, and where it begins
LEFT, RIGHT, BOX = 1.0, 2.45, 0.09
ROW, GAP = 0.16, 0.06  # least room of an end, and between two


def _places(planned: int, totals: Mapping[str, int]) -> dict[str, tuple[float, float]]:
    """Top and thickness of every end on the right, far enough apart to be labelled."""
    places = {}
    top = 0.14
    for end in ENDS:
        thick = THICK * totals[end] / planned
        places[end] = (top + max(0.0, ROW - thick) / 2, thick)
        top += max(thick, ROW) + GAP
    return places


def _draw_flow(axes: Axes, planned: int, totals: Mapping[str, int]) -> None:
    axes.add_patch(
        Rectangle((LEFT - BOX, TOP), BOX, THICK, facecolor=style.INK, linewidth=0)
    )
    start = TOP
    for end, (top, thick) in _places(planned, totals).items():
        if not totals[end]:
            continue
        band = _band((LEFT, start), (RIGHT, top), thick)
        axes.add_patch(PathPatch(band, facecolor=COLOURS[end], alpha=0.35, linewidth=0))
        box = Rectangle((RIGHT, top), BOX, thick, facecolor=COLOURS[end], linewidth=0)
        axes.add_patch(box)
        start += thick


def _band(start: tuple[float, float], end: tuple[float, float], thick: float) -> Path:
    """A band that leaves and arrives level; corners are its upper ends."""
    (left, a), (right, b) = start, end
    middle = (left + right) / 2
    corners = [
        (left, a),
        (middle, a),
        (middle, b),
        (right, b),
        (right, b + thick),
        (middle, b + thick),
        (middle, a + thick),
        (left, a + thick),
        (left, a),
    ]
    curve = [Path.CURVE4] * 3
    return Path(corners, [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY])


def _draw_words(
    axes: Axes,
    arms: tuple[ArmAttrition, ...],
    planned: int,
    totals: Mapping[str, int],
) -> None:
    middle = TOP + THICK / 2
    place = (LEFT - BOX, middle)
    look = style.Type(style.LABEL, bold=True, across="right", up="bottom")
    style.write_at(axes, f"{planned} planned", place, shift=(-5, 0), look=look)
    look = style.Type(colour=style.GREY, across="right", up="top")
    style.write_at(axes, count(len(arms), "arm"), place, shift=(-5, -2), look=look)
    for end, (top, thick) in _places(planned, totals).items():
        seen = bool(totals[end])
        place = (RIGHT + BOX, top + thick / 2)
        look = style.Type(style.LABEL, COLOURS[end] if seen else style.GREY, bold=seen)
        style.write_at(axes, f"{totals[end]} {end}", place, shift=(5, 0), look=look)
        note = _who(arms, end) if seen and end != "reported" else MEANINGS[end]
        note = fold_label(note, style.SMALL, room=style.WIDE - RIGHT - BOX - 1.05)
        style.write_at(
            axes, note, place, shift=(72, 0), look=style.Type(colour=style.GREY)
        )


def _who(arms: tuple[ArmAttrition, ...], end: str) -> str:
    losses = [(getattr(arm, end), arm.arm) for arm in arms if getattr(arm, end)]
    losses.sort(key=lambda loss: (-loss[0], loss[1]))
    words = [f"{name} {number}" for number, name in losses[:NAMED]]
    rest = losses[NAMED:]
    if rest:
        words.append(f"{sum(number for number, _ in rest)} in other arms")
    return ", ".join(words)


def _alt(
    arms: tuple[ArmAttrition, ...], planned: int, totals: Mapping[str, int]
) -> str:
    ends = [f"{totals[end]} {end}" for end in ENDS]
    text = (
        f"Flow chart of {count(planned, 'planned run')} in {count(len(arms), 'arm')}: "
        f"{listed(ends)}."
    )
    for end in ENDS[1:]:
        if totals[end]:
            text += f" {end.capitalize()}: {_who(arms, end)}."
    return text


def _rows(arms: tuple[ArmAttrition, ...]) -> Iterator[tuple[Cell, ...]]:
    for arm in arms:
        ends = (arm.reported, arm.failed, arm.excluded, arm.superseded)
        yield (arm.arm, arm.planned, *ends)
