"""Module boxes: one level of a model in, its box drawn in inches from the top left."""

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from reportgen.report.figures import style
from reportgen.report.figures.module_levels import Box, Level, Shape, short_arguments
from reportgen.report.numbers import write_count

LEFT, RIGHT = 1.35, 4.55  # inches: the column of boxes
BOX, STRIP, GAP = 0.25, 0.3, 0.27  # heights of a box and the input; arrow between
CELL, PITCH = 0.14, 0.215  # a recurrent cell, and from one row of cells to the next
FACE, EDGE = "#F4F6F8", "#9AA5AE"


def level_height(level: Level) -> float:
    """Inches that a level needs."""
    if level.title:
        return BOX + 0.27
    box = level.boxes[0]
    directions = 2 if box.both_directions else 1
    return BOX + (box.layers * directions * PITCH + 0.06 if box.layers else 0.0)


def write_shape(shape: Shape) -> str:
    """Write a shape as `20 × 64`."""
    return " × ".join(str(size) for size in shape) if shape else "no row"


def draw_flow(axes: Axes, top: float, label: str) -> None:
    """Draw the arrow between two levels and what shape passes."""
    x = (LEFT + RIGHT) / 2
    _arrow(axes, (x, top + 0.02), (x, top + GAP - 0.02), colour=style.INK)
    style.write_at(
        axes,
        label,
        (x, top + GAP / 2),
        shift=(6, 0),
        look=style.Type(style.TINY, style.GREY),
    )


def _arrow(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], *, colour: str
) -> None:
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=5,
            shrinkA=0,
            shrinkB=0,
            linewidth=0.8,
            color=colour,
        )
    )


def draw_level(axes: Axes, level: Level, top: float) -> None:
    """Draw one level below `top`, its path on the left, its parameters right."""
    _rounded(axes, (LEFT, top, RIGHT - LEFT, level_height(level)), face=FACE)
    if not level.title:
        _draw_box(axes, level.boxes[0], (LEFT, top, RIGHT - LEFT))
        path = level.boxes[0].path
    else:
        style.write_at(
            axes,
            level.title,
            (LEFT, top + BOX / 2),
            shift=(6, 0),
            look=style.Type(bold=True),
        )
        width = (RIGHT - LEFT - 0.08) / len(level.boxes)
        for number, box in enumerate(level.boxes):
            left = LEFT + 0.08 + number * width
            _rounded(axes, (left, top + BOX, width - 0.08, 0.2), face="white")
            name = f"{box.path.rpartition('.')[2]}  {box.type}({box.arguments})"
            place = (left + (width - 0.08) / 2, top + BOX + 0.1)
            look = style.Type(style.TINY, across="center")
            style.write_at(
                axes, _clip(name, style.TINY, width - 0.14), place, look=look
            )
        path = level.boxes[0].path.rpartition(".")[0]
    middle = top + BOX / 2
    look = style.Type(style.SMALL, style.GREY)
    style.write_at(
        axes, _clip(path or "model", style.SMALL, LEFT - 0.2), (0.1, middle), look=look
    )
    number = sum(box.parameters for box in level.boxes)
    look = style.Type(across="right", colour=style.INK if number else style.GREY)
    style.write_at(axes, write_count(number), (style.WIDE - 0.1, middle), look=look)


def _rounded(
    axes: Axes, place: tuple[float, float, float, float], *, face: str
) -> None:
    left, top, width, height = place
    axes.add_patch(
        FancyBboxPatch(
            (left, top),
            width,
            height,
            boxstyle="round,pad=0,rounding_size=0.035",
            facecolor=face,
            edgecolor=EDGE,
            linewidth=0.7,
        )
    )


def _draw_box(axes: Axes, box: Box, place: tuple[float, float, float]) -> None:
    left, top, width = place
    middle = top + BOX / 2
    style.write_at(
        axes, box.type, (left, middle), shift=(6, 0), look=style.Type(bold=True)
    )
    used = style.text_width(box.type, style.SMALL) * 1.1 + 0.17
    words = _clip(short_arguments(box.arguments), style.TINY, width - used - 0.08)
    style.write_at(
        axes, words, (left + used, middle), look=style.Type(style.TINY, style.GREY)
    )
    directions = (("forward", style.BLUE), ("backward", style.VERMILLION))
    top += BOX + PITCH / 2
    for layer in range(1, box.layers + 1):
        for word, colour in directions[: 2 if box.both_directions else 1]:
            _draw_cells(axes, f"layer {layer} {word}", top, colour=colour)
            top += PITCH


def _draw_cells(axes: Axes, label: str, middle: float, *, colour: str) -> None:
    """Draw a layer unrolled in one direction: first tokens, an ellipsis, the last."""
    style.write_at(
        axes, label, (LEFT, middle), shift=(6, 0), look=style.Type(style.TINY, colour)
    )
    start, step = LEFT + 1.02, 0.37
    backward = label.endswith("backward")
    for place in range(6):
        x = start + place * step
        if place == 4:
            style.write_at(
                axes,
                "…",
                (x, middle),
                look=style.Type(style.LABEL, colour, across="center"),
            )
        else:
            corner = (x - CELL / 2, middle - CELL / 2, CELL, CELL)
            _rounded(axes, corner, face=colour)
        if place < 5:
            ends = (x + CELL / 2 + 0.02, x + step - CELL / 2 - 0.02)
            near, far = ends[::-1] if backward else ends
            _arrow(axes, (near, middle), (far, middle), colour=colour)


def _clip(text: str, size: float, room: float) -> str:
    """Shorten text to its room, with an ellipsis."""
    while style.text_width(text, size) > room and len(text) > 2:
        text = text[:-2].rstrip(" ,.…") + "…"
    return text
