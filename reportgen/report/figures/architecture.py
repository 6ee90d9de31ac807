"""The model drawn from its live module: boxes in call order, shapes, parameters."""

from collections.abc import Iterator, Sequence

from matplotlib.axes import Axes

from reportgen.records import ModuleRow
from reportgen.report.figures import style
from reportgen.report.figures.glyphs import draw_token, read_tokens
from reportgen.report.figures.module_boxes import (
    GAP,
    LEFT,
    RIGHT,
    STRIP,
    draw_flow,
    draw_level,
    level_height,
    write_shape,
)
from reportgen.report.figures.module_levels import Level, Shape, module_levels
from reportgen.report.figures.svg import svg_text
from reportgen.report.figures.view import Cell, FigureImage, FigureView, write_table
from reportgen.report.figures.wording import count
from reportgen.report.numbers import write_count
from reportgen.spec.model import BASELINE

NAME = "architecture"
HEADER = [
    "arm",
    "path",
    "type",
    "arguments",
    "parameters",
    "input_shape",
    "output_shape",
    "drawn_in",
]


def draw(view: FigureView) -> FigureImage | None:
    """Draw the first arm that reads both ways, else the baseline."""
    arm = chosen_arm(view)
    rows = view.findings.architectures.get(arm, ())
    levels = module_levels(rows)
    if not levels:
        return None
    total = sum(row.parameters for row in rows)
    height = (
        0.3 + STRIP + sum(level_height(level) + GAP for level in levels) + GAP + 0.3
    )
    with style.paper_style():
        figure = style.new_figure(height)
        axes = style.add_panel(figure, 0, 0, style.WIDE, height)
        axes.set_xlim(0, style.WIDE)
        axes.set_ylim(height, 0)
        axes.set_axis_off()
        _draw_input(axes, view, arm)
        _draw_levels(axes, levels, total)
        svg = svg_text(figure, NAME)
    return FigureImage(
        name=NAME,
        title=f"Architecture of {arm}",
        caption=(
            f"The model of {arm}, drawn from the live module before its first step: "
            "modules in the order they are called, the shapes that pass between them "
            "for one row, and how many parameters each holds. Recurrent layers are "
            "unrolled over the tokens, an arrow per direction."
        ),
        alt=_alt(arm, levels, total),
        svg=svg,
        data_csv=write_table(HEADER, _rows(arm, rows, levels)),
        wide=True,
    )


def chosen_arm(view: FigureView) -> str:
    """The first arm, in the spec's order, whose model reads in both directions."""
    for arm in (BASELINE, *view.study.variants):
        rows = view.findings.architectures.get(arm, ())
        if any("bidirectional=True" in row.arguments for row in rows):
            return arm
    return BASELINE


def _draw_input(axes: Axes, view: FigureView, arm: str) -> None:
    """Draw the first test row as the arm reads it; headings above the columns."""
    style.write_at(axes, "module", (0.1, 0.12), look=style.Type(colour=style.GREY))
    look = style.Type(colour=style.GREY, across="right")
    style.write_at(axes, "parameters", (style.WIDE - 0.1, 0.12), look=look)
    style.write_at(axes, "input", (0.1, 0.3 + STRIP / 2), look=style.Type())
    card = next((one for one in view.findings.data if arm in one.arms), None)
    split = card.splits.get("test") if card else None
    tokens = read_tokens(split.examples[0]) if split and split.examples else ()
    step = (RIGHT - LEFT) / max(len(tokens), 1)
    for place, token in enumerate(tokens):
        x = LEFT + (place + 0.5) * step
        draw_token(axes, token, (x, 0.3 + 0.09), size=min(6.5, step * 45))


def _draw_levels(axes: Axes, levels: Sequence[Level], total: int) -> None:
    top = 0.3 + STRIP
    leaving: Shape = levels[0].input_shape
    for level in levels:
        draw_flow(axes, top, _flow(leaving, level.input_shape))
        top += GAP
        draw_level(axes, level, top)
        top += level_height(level)
        # A module that reads no row, such as a table of positions, passes none on.
        leaving = level.output_shape if level.input_shape else leaving
    draw_flow(axes, top, _flow(leaving, leaving))
    top += GAP + 0.1
    style.write_at(axes, "output", (0.1, top), look=style.Type())
    middle = ((LEFT + RIGHT) / 2, top)
    words = count(leaving[-1], "class score") if leaving else "class scores"
    style.write_at(
        axes, words, middle, look=style.Type(style.LABEL, bold=True, across="center")
    )
    look = style.Type(bold=True, across="right")
    style.write_at(
        axes, f"{write_count(total)} in all", (style.WIDE - 0.1, top), look=look
    )


def _flow(leaving: Shape, entering: Shape) -> str:
    if leaving == entering or not entering:
        return write_shape(leaving)
    return f"{write_shape(leaving)}  \N{RIGHTWARDS ARROW}  {write_shape(entering)}"


def _alt(arm: str, levels: Sequence[Level], total: int) -> str:
    parts = []
    for level in levels:
        names = " and ".join(
            f"{box.type} {box.path} with {count(box.parameters, 'parameter')}"
            for box in level.boxes
        )
        box = level.boxes[0]
        if box.layers:
            ways = "both directions" if box.both_directions else "one direction"
            names += f", {count(box.layers, 'layer')} in {ways}"
        ends = (write_shape(level.input_shape), write_shape(level.output_shape))
        parts.append(f"{names}, {ends[0]} to {ends[1]}")
    return (
        f"Block diagram of the model of {arm}, {count(total, 'parameter')} in all. "
        f"In order: {'; '.join(parts)}."
    )


def _rows(
    arm: str, rows: Sequence[ModuleRow], levels: Sequence[Level]
) -> Iterator[tuple[Cell, ...]]:
    drawn = [box.path for level in levels for box in level.boxes]
    for row in rows:
        own = [path for path in drawn if (row.path + ".").startswith(path + ".")]
        shapes = (write_shape(row.input_shape), write_shape(row.output_shape))
        where = own[0] if own else ""
        yield (arm, row.path, row.type, row.arguments, row.parameters, *shapes, where)
