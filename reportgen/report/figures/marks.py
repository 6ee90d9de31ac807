"""Marks that several figures share: seeds as strands and dots, verdicts as shapes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes

from reportgen.analysis.findings.study import ArmScore, Verdict
from reportgen.report.figures.style import (
    BLUE,
    GREEN,
    GREY,
    INK,
    VERMILLION,
    Type,
    text_width,
    write_at,
)
from reportgen.report.figures.view import FigureView, Series, metric_parts


@dataclass(frozen=True)
class VerdictMark:
    """How a verdict is drawn: told apart by shape and fill, then by colour."""

    marker: str
    colour: str
    filled: bool


VERDICT_MARKS: dict[Verdict, VerdictMark] = {
    "supported": VerdictMark("o", BLUE, filled=True),
    "refuted": VerdictMark("X", VERMILLION, filled=True),
    "equivalent": VerdictMark("D", GREEN, filled=True),
    "inconclusive": VerdictMark("o", GREY, filled=False),
    "exploratory": VerdictMark("D", GREY, filled=False),
    "inadmissible": VerdictMark("s", INK, filled=False),
}


def stack_seeds(series: Mapping[int, Series]) -> Series:
    """Stack runs of unequal length into shape (seeds, epochs), NaN where one ended.

    Epochs that no run reached with a finite value are left out.
    """
    epochs = max(len(values) for values in series.values())
    stacked = np.full((len(series), epochs), np.nan)
    for row, values in zip(stacked, series.values(), strict=True):
        row[: len(values)] = values
    reached = np.flatnonzero(np.isfinite(stacked).any(axis=0))
    return stacked[:, : reached[-1] + 1] if len(reached) else stacked[:, :0]


def mean_curve(stacked: Series) -> Series:
    """Mean over the seeds still running at each epoch; NaN where none is."""
    running = np.isfinite(stacked)
    count = running.sum(axis=0)
    total = np.where(running, stacked, 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def draw_strands(
    axes: Axes, series: Mapping[int, Series], *, colour: str, thick: float = 1.7
) -> Series:
    """Draw every seed thin and their mean thick; give back the mean, per epoch."""
    stacked = stack_seeds(series)
    epochs = np.arange(1, stacked.shape[1] + 1)
    # One path for all seeds, broken by NaN: a third of the bytes of a path each.
    gaps = np.full((len(stacked), 1), np.nan)
    every = np.hstack([stacked, gaps]).ravel()
    across = np.tile(np.append(epochs, np.nan), len(stacked))
    axes.plot(across, every, "-", color=colour, linewidth=0.45, alpha=0.45)
    mean = mean_curve(stacked)
    axes.plot(epochs, mean, color=colour, linewidth=thick)
    return mean


@dataclass(frozen=True)
class DotStyle:
    """How one arm's seeds are drawn: colour, and the vertical room they may use."""

    colour: str
    spread: float = 0.22
    size: float = 3.0


def draw_seeds(axes: Axes, score: ArmScore, y: float, *, style: DotStyle) -> None:
    """Draw one dot per seed, the mean as a bar, its 95 % interval as a line."""
    values = [value for value in score.values if value is not None]
    offsets = stagger(values, style.spread)
    axes.plot(
        values,
        y + offsets,
        "o",
        markersize=style.size,
        markerfacecolor=style.colour,
        markeredgecolor="none",
        alpha=0.55,
    )
    if score.ci95 is not None:
        ends = [score.ci95.lower, score.ci95.upper]
        axes.plot(ends, [y, y], "-", color=INK, linewidth=1.0, solid_capstyle="butt")
    if score.mean is not None:
        axes.plot(
            [score.mean], [y], "|", color=INK, markersize=8.0, markeredgewidth=1.5
        )


def stagger(values: Sequence[float], spread: float) -> Series:
    """Offsets that keep neighbouring dots apart: by rank, in a fixed zigzag."""
    order = np.argsort(np.argsort(np.asarray(values, dtype=float), kind="stable"))
    return spread * np.array((0.0, 1.0, -1.0, 0.5, -0.5))[order % 5]


def draw_failures(axes: Axes, score: ArmScore, y: float) -> int:
    """Draw a cross per failed run left of the scale; give back how many."""
    failed = sum(1 for value in score.values if value is None)
    look = Type(9, VERMILLION, bold=True, across="center")
    for place in range(failed):
        write_at(axes, "×", (0, y), anchor="row", shift=(4 + 6 * place, 0), look=look)
    return failed


def metric_label(view: FigureView, metric: str, *, short: bool = False) -> str:
    """Name a metric for an axis, for example `test HWA (best checkpoint)`."""
    where, measure, rule = metric_parts(metric)
    title = view.findings.metrics.get(measure, {}).get("title")
    name = title if isinstance(title, str) and not short else measure
    if name == measure and len(measure) <= 4 and measure != "loss":
        name = measure.upper()
    return f"{where} {name}" + (f" ({rule} checkpoint)" if rule else "")


def fold_label(label: str, size: float, *, room: float) -> str:
    """Break a label wider than `room` inches at the space nearest its middle."""
    if text_width(label, size) <= room or " " not in label:
        return label
    middle = len(label) / 2
    spaces = [place for place, sign in enumerate(label) if sign == " "]
    cut = min(spaces, key=lambda place: (abs(place - middle), place))
    return label[:cut] + "\n" + label[cut + 1 :]


def label_room(labels: Sequence[str], size: float, *, most: float = 2.2) -> float:
    """Inches that the longest label needs, no more than `most`."""
    return min(most, max((text_width(label, size) for label in labels), default=0.0))


def spread_labels(places: Sequence[float], gap: float) -> list[float]:
    """Move label positions apart to at least `gap`, keeping their order."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved = list(places)
    for _ in range(50):
        for low, high in pairwise(order):
            overlap = gap - (moved[high] - moved[low])
            if overlap > 1e-9:
                moved[low] -= overlap / 2
                moved[high] += overlap / 2
    return moved
