"""Learning curves of the study's arms: training and dev loss on one scale."""

import math
from collections.abc import Iterator, Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from reportgen.report.figures import style
from reportgen.report.figures.marks import draw_strands, mean_curve, stack_seeds
from reportgen.report.figures.svg import svg_text
from reportgen.report.figures.view import (
    Cell,
    FigureImage,
    FigureView,
    Series,
    write_table,
)
from reportgen.report.figures.wording import count, listed, show
from reportgen.report.refused import MARK
from reportgen.spec.model import BASELINE

NAME = "arm_curves"
COLUMNS, ROWS = 4, 5
PANEL, HEAD, FOOT, LEFT = 0.82, 0.3, 0.42, 0.46  # inches
TRAIN, DEV = "train.loss", "dev.loss"
COLOURS = {TRAIN: style.BLUE, DEV: style.VERMILLION}
HEADER = ("arm", "curve", "seed", "epoch", "value")

Losses = Mapping[str, Mapping[int, Series]]


def draw(view: FigureView) -> FigureImage | None:
    """Draw one small panel per arm; a study with the baseline alone needs none."""
    found = {arm: _losses(view, arm) for arm in view.study_arms}
    arms = {arm: losses for arm, losses in found.items() if losses}
    if len(arms) < 2:
        return None
    shown = dict(list(arms.items())[: COLUMNS * ROWS])
    rows = math.ceil(len(shown) / COLUMNS)
    height = rows * (PANEL + HEAD) + FOOT
    top = _top(shown)
    with style.paper_style():
        figure = style.new_figure(height)
        step = (style.WIDE - LEFT + 0.1) / COLUMNS
        for number, (arm, losses) in enumerate(shown.items()):
            row, column = divmod(number, COLUMNS)
            bottom = height - (row + 1) * (PANEL + HEAD)
            axes = style.add_panel(
                figure, LEFT + column * step, bottom, step - 0.14, PANEL
            )
            _draw_panel(axes, view.label(arm), losses, top)
            lowest = number + COLUMNS >= len(shown)
            axes.tick_params(labelleft=column == 0, labelbottom=lowest)
            if lowest:
                axes.set_xlabel("epoch")
            if column == 0:
                axes.set_ylabel("loss (nats)")
            if number == 0:
                _draw_key(axes)
        svg = svg_text(figure, NAME)
    return FigureImage(
        name=NAME,
        title="Learning curves of every arm",
        caption=view.explained(_caption(list(arms)[len(shown) :])),
        alt=_alt(shown),
        svg=svg,
        data_csv=write_table(HEADER, _rows(shown)),
        wide=True,
    )


def _losses(view: FigureView, arm: str) -> Losses:
    losses = {name: view.curves.of(arm, name) for name in (TRAIN, DEV)}
    return losses if all(losses.values()) else {}


def _top(shown: Mapping[str, Losses]) -> float:
    """One scale that fits every mean and nearly every seed."""
    stacked = [stack_seeds(curve) for one in shown.values() for curve in one.values()]
    means = max(float(np.nanmax(mean_curve(values))) for values in stacked)
    seeds = np.concatenate([values[np.isfinite(values)] for values in stacked])
    return 1.05 * max(means, float(np.quantile(seeds, 0.99)))


def _draw_panel(axes: Axes, arm: str, losses: Losses, top: float) -> None:
    for name, curve in losses.items():
        draw_strands(axes, curve, colour=COLOURS[name], thick=1.3)
    mean = mean_curve(stack_seeds(losses[DEV]))
    best = int(np.nanargmin(mean)) + 1
    axes.axvline(
        best, color=style.GREY, linewidth=0.7, linestyle=(0, (1, 1.6)), zorder=0
    )
    axes.set_ylim(0, top)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=4))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 5, 10]))
    axes.grid(axis="y")
    look = style.Type(bold=arm.removesuffix(MARK) == BASELINE, up="bottom")
    style.write_at(axes, arm, (0, 1), anchor="axes", shift=(1, 2), look=look)


def _draw_key(axes: Axes) -> None:
    """Name the two colours beside the first panel's title."""
    start = 72 * style.text_width(BASELINE, style.LABEL) + 6
    for word, colour in (("train", style.BLUE), ("dev", style.VERMILLION)):
        look = style.Type(colour=colour, up="bottom")
        style.write_at(axes, word, (0, 1), anchor="axes", shift=(start, 2), look=look)
        start += 72 * style.text_width(word, style.SMALL) + 5


def _caption(left_out: list[str]) -> str:
    text = (
        "Training and dev loss of every arm on one scale: thin lines are single seeds, "
        "thick lines their mean, the dotted line marks the lowest mean dev loss."
    )
    return text + (f" Not drawn: {listed(left_out)}." if left_out else "")


def _rise(losses: Losses) -> float:
    """How far the mean dev loss ends above its lowest point."""
    mean = mean_curve(stack_seeds(losses[DEV]))
    known = mean[np.isfinite(mean)]
    return float(known[-1] - known.min())


def _alt(shown: Mapping[str, Losses]) -> str:
    rises = sorted(((_rise(losses), arm) for arm, losses in shown.items()))
    flat, steep = rises[0], rises[-1]
    return (
        f"Small line charts of training and dev loss for {count(len(shown), 'arm')}. "
        f"From its lowest point to the last epoch the mean dev loss rises by "
        f"{show(flat[0])} in {flat[1]}, the least, and by {show(steep[0])} in "
        f"{steep[1]}, the most."
    )


def _rows(shown: Mapping[str, Losses]) -> Iterator[tuple[Cell, ...]]:
    for arm, losses in shown.items():
        for name, curve in losses.items():
            for seed, values in curve.items():
                for epoch, value in enumerate(values, start=1):
                    known = float(value) if np.isfinite(value) else None
                    yield (arm, name, seed, epoch, known)
