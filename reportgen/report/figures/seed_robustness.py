"""Seed robustness: does an arm whose seeds disagree also lose more under shift?"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from reportgen.report.figures import style
from reportgen.report.figures.labels import place_labels
from reportgen.report.figures.marks import metric_label
from reportgen.report.figures.svg import svg_text
from reportgen.report.figures.view import (
    Cell,
    FigureImage,
    FigureView,
    metric_parts,
    write_table,
)
from reportgen.report.figures.wording import count, show
from reportgen.spec.model import BASELINE

NAME = "seed_robustness"
HEIGHT = 2.5
FEWEST = 4  # arms below which a scatter says nothing
MOST = 3  # panels beside each other
HEADER = ("shift", "arm", "sd_over_seeds", "mean_change", "pairs")


@dataclass(frozen=True)
class Point:
    """One arm under one shift."""

    arm: str
    sd: float  # over seeds, on the dev split: test scores shared by both would tie them
    change: float  # mean over seeds of shifted minus test
    pairs: int


def draw(view: FigureView) -> FigureImage | None:
    """Draw one panel per shift with one point per arm, controls left out."""
    found = view.findings.seed_robustness
    if found is None:
        return None
    spread = {one.arm: one.sd for one in found.arms}
    panels = {name: _points(view, name, spread) for name in found.shifts}
    panels = {name: own for name, own in panels.items() if len(own) >= FEWEST}
    if not panels:
        return None
    shown = dict(list(panels.items())[:MOST])
    with style.paper_style():
        width = style.WIDE if len(shown) > 1 else style.NARROW
        figure = style.new_figure(HEIGHT, width=width)
        step = width / len(shown)
        for number, (name, points) in enumerate(shown.items()):
            place = (number * step + 0.52, 0.46, step - 0.72, HEIGHT - 0.74)
            axes = style.add_panel(figure, *place)
            _draw_points(axes, points)
            labels = {point.arm: view.label(point.arm, name) for point in points}
            _draw_names(axes, points, labels, size=place[2:])
            axes.set_xlabel(
                f"SD over seeds, {metric_label(view, _on_dev(view), short=True)}"
            )
            axes.set_ylabel("mean change under shift")
            look = style.Type(style.LABEL, bold=True, up="bottom")
            style.write_at(axes, name, (0, 1), anchor="axes", shift=(0, 5), look=look)
        svg = svg_text(figure, NAME)
    return FigureImage(
        name=NAME,
        title="Seed dispersion and loss under shift",
        caption=view.explained(
            "One dot per arm: how much its seeds differ on the dev split, against how "
            f"much its mean changes under shift, {metric_label(view, view.headline)}. "
            "Below the line the score drops. Names stand where there is room."
        ),
        alt=_alt(shown),
        svg=svg,
        data_csv=write_table(HEADER, _rows(shown)),
        wide=len(shown) > 1,
    )


def _on_dev(view: FigureView) -> str:
    return f"dev.{metric_parts(view.headline)[1]}"


def _points(view: FigureView, shift: str, spread: Mapping[str, float]) -> list[Point]:
    _, measure, rule = metric_parts(view.headline)
    points = []
    for arm in view.study_arms:
        test = view.score(arm, view.headline)
        moved = view.score(arm, f"{shift}.{measure}@{rule}")
        if test is None or moved is None or arm not in spread:
            continue
        shifted = dict(zip(moved.seeds, moved.values, strict=True))
        changes = [
            after - before
            for seed, before in zip(test.seeds, test.values, strict=True)
            if before is not None and (after := shifted.get(seed)) is not None
        ]
        if changes:
            change = math.fsum(changes) / len(changes)
            points.append(Point(arm, spread[arm], change, len(changes)))
    return points


def _draw_points(axes: Axes, points: Sequence[Point]) -> None:
    axes.axhline(0, color=style.GREY, linewidth=0.7, linestyle="--", zorder=0.5)
    for point in points:
        base = point.arm == BASELINE
        axes.plot(
            [point.sd],
            [point.change],
            "o",
            markersize=4.2,
            markerfacecolor=style.INK if base else style.BLUE,
            markeredgecolor="white",
            markeredgewidth=0.4,
            zorder=3,
        )
    axes.margins(x=0.08, y=0.1)
    axes.set_xlim(left=0)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    axes.grid()


def _draw_names(
    axes: Axes,
    points: Sequence[Point],
    labels: Mapping[str, str],
    *,
    size: tuple[float, float],
) -> None:
    """Name every dot that has room for its name beside it; the baseline first."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    wide, tall = 72 * size[0], 72 * size[1]
    ranked = sorted(points, key=lambda point: (point.arm != BASELINE, point.arm))
    dots = [
        (
            (point.sd - left) / (right - left) * wide,
            (point.change - low) / (high - low) * tall,
        )
        for point in ranked
    ]
    sizes = [
        (72 * style.text_width(labels[point.arm], style.TINY), style.TINY)
        for point in ranked
    ]
    for point, corner in zip(
        ranked, place_labels(dots, sizes, room=(wide, tall)), strict=True
    ):
        if corner is not None:
            at = (corner[0] / wide, corner[1] / tall)
            style.write_at(
                axes, labels[point.arm], at, anchor="axes", look=style.Type(style.TINY)
            )


def _alt(shown: dict[str, list[Point]]) -> str:
    parts = ["Scatter of standard deviation over seeds against mean change under shift"]
    parts[0] += f", {count(len(shown), 'shift')}."
    for name, points in shown.items():
        steady = min(points, key=lambda point: (point.sd, point.arm))
        loose = max(points, key=lambda point: (point.sd, point.arm))
        parts.append(
            f"{name}: {count(len(points), 'arm')}; {steady.arm} has the smallest "
            f"deviation, {show(steady.sd)}, and changes by "
            f"{show(steady.change, signed=True)}; {loose.arm} has the largest, "
            f"{show(loose.sd)}, and changes by {show(loose.change, signed=True)}."
        )
    return " ".join(parts)


def _rows(shown: dict[str, list[Point]]) -> Iterator[tuple[Cell, ...]]:
    for name, points in shown.items():
        for point in points:
            yield (name, point.arm, point.sd, point.change, point.pairs)
