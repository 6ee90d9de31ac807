"""Shift drops: every arm's score on the test split and on each shifted copy of it."""

import math
from collections.abc import Iterable, Iterator, Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from reportgen.analysis.findings.study import ArmScore
from reportgen.report.figures import style
from reportgen.report.figures.marks import label_room, metric_label
from reportgen.report.figures.svg import svg_text
from reportgen.report.figures.view import (
    Cell,
    FigureImage,
    FigureView,
    metric_parts,
    write_table,
)
from reportgen.report.figures.wording import count, listed, show, show_score

NAME = "shifts"
TEST = "test"
ROW, TALLEST = 0.26, 8.0  # inches
MOST = 4  # panels beside each other
HEADER = ("arm", "evaluation_set", "seed", "value", "mean", "ci95_lower", "ci95_upper")

Pair = tuple[ArmScore, ArmScore]  # on the test split, on the shift


def draw(view: FigureView) -> FigureImage | None:
    """Draw one panel per shift for the study's arms, controls left out."""
    panels = {name: _pairs(view, name) for name in view.study.data.shifts}
    panels = {name: pairs for name, pairs in panels.items() if pairs}
    if not panels:
        return None
    shown = dict(list(panels.items())[:MOST])
    arms = [_label(view, pair[0].arm, shown) for pair in next(iter(shown.values()))]
    row = min(ROW, TALLEST / len(arms))
    with style.paper_style():
        figure = style.new_figure(row * len(arms) + 0.86)
        left = 0.12 + label_room(arms, style.SMALL)
        step = (style.WIDE - left) / len(shown)
        for number, (name, pairs) in enumerate(shown.items()):
            place = (left + number * step, 0.46, step - 0.16, row * len(arms))
            axes = style.add_panel(figure, *place)
            _draw_panel(axes, pairs)
            axes.set_yticks(range(len(arms)), arms if number == 0 else [""] * len(arms))
            look = style.Type(style.LABEL, bold=True, up="bottom")
            style.write_at(axes, name, (0, 1), anchor="axes", shift=(0, 15), look=look)
            axes.set_xlim(_limits(shown))
            if number == 0:
                _draw_key(axes)
            measure = metric_label(view, view.headline, short=True)
            axes.set_xlabel(measure.partition(" ")[2])
        svg = svg_text(figure, NAME)
    return FigureImage(
        name=NAME,
        title="Scores under shift",
        caption=view.explained(_caption(view, panels, shown)),
        alt=_alt(view, shown),
        svg=svg,
        data_csv=write_table(HEADER, _rows(shown)),
        wide=True,
    )


def _label(view: FigureView, arm: str, shifts: Iterable[str]) -> str:
    """An arm's name, marked where it is not what it says on one of the shifts."""
    labels = (view.label(arm, shift) for shift in shifts)
    return next((label for label in labels if label != arm), arm)


def _pairs(view: FigureView, shift: str) -> list[Pair]:
    _, measure, rule = metric_parts(view.headline)
    pairs = []
    for arm in view.study_arms:
        test = view.score(arm, view.headline)
        moved = view.score(arm, f"{shift}.{measure}@{rule}")
        if test and moved and test.mean is not None and moved.mean is not None:
            pairs.append((test, moved))
    return pairs


def _mean(score: ArmScore) -> float:
    return math.nan if score.mean is None else score.mean


def _limits(shown: dict[str, list[Pair]]) -> tuple[float, float]:
    """One scale for all panels."""
    ends: list[float] = []
    for score in (one for pairs in shown.values() for pair in pairs for one in pair):
        ends.append(_mean(score))
        if score.ci95 is not None:
            ends += [score.ci95.lower, score.ci95.upper]
    pad = 0.04 * (max(ends) - min(ends)) or 0.05
    return min(ends) - pad, max(ends) + pad


def _draw_panel(axes: Axes, pairs: Sequence[Pair]) -> None:
    style.hide_frame(axes)
    axes.set_ylim(len(pairs) - 0.5, -0.5)
    for y, (test, moved) in enumerate(pairs):
        axes.axhline(y, color=style.PALE, linewidth=0.4, zorder=0)
        _draw_mean(axes, moved, y + 0.13, colour=style.VERMILLION, marker="D")
        _draw_mean(axes, test, y - 0.13, colour=style.BLUE, marker="o")
        axes.plot(
            [_mean(test), _mean(moved)],
            [y - 0.13, y + 0.13],
            "-",
            color=style.INK,
            linewidth=0.7,
            zorder=1,
        )
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))


def _draw_mean(
    axes: Axes, score: ArmScore, y: float, *, colour: str, marker: str
) -> None:
    if score.ci95 is not None:
        ends = [score.ci95.lower, score.ci95.upper]
        axes.plot(ends, [y, y], "-", color=colour, linewidth=1.0, alpha=0.6)
    axes.plot(
        [_mean(score)],
        [y],
        marker,
        markersize=4.4,
        markerfacecolor=colour if marker == "o" else "white",
        markeredgecolor=colour,
        markeredgewidth=1.0,
        zorder=3,
    )


def _draw_key(axes: Axes) -> None:
    for place, (word, colour) in enumerate(
        (("● test", style.BLUE), ("◇ shifted", style.VERMILLION))
    ):
        look = style.Type(colour=colour, up="bottom")
        style.write_at(
            axes, word, (0, 1), anchor="axes", shift=(36 * place, 5), look=look
        )


def _caption(
    view: FigureView, panels: dict[str, list[Pair]], shown: dict[str, list[Pair]]
) -> str:
    text = (
        f"Mean {metric_label(view, view.headline)} of every arm (circles) and the same "
        "on shifted copies of the test rows (diamonds), with 95 % intervals over seeds."
    )
    left_out = [name for name in panels if name not in shown]
    if left_out:
        text += f" Not drawn: {listed(left_out)}."
    return text


def _drop(pair: Pair) -> float:
    return _mean(pair[1]) - _mean(pair[0])


def _alt(view: FigureView, shown: dict[str, list[Pair]]) -> str:
    measure = metric_label(view, view.headline, short=True).partition(" ")[2]
    parts = [
        f"Paired dot chart of mean {measure} on the test split and under "
        f"{count(len(shown), 'shift')}."
    ]
    for name, pairs in shown.items():
        test, moved = pairs[0]
        parts.append(
            f"{name}: {test.arm} goes from {show_score(test)} to {show_score(moved)};"
        )
        low, high = min(pairs, key=_drop), max(pairs, key=_drop)
        parts.append(
            f"changes range from {show(_drop(low), signed=True)} ({low[0].arm}) to "
            f"{show(_drop(high), signed=True)} ({high[0].arm})."
        )
    return " ".join(parts)


def _rows(shown: dict[str, list[Pair]]) -> Iterator[tuple[Cell, ...]]:
    told: set[tuple[str, str]] = set()
    for pairs in shown.values():
        for score in (score for pair in pairs for score in pair):
            where = metric_parts(score.metric)[0]
            if (score.arm, where) in told:
                continue
            told.add((score.arm, where))
            ci = score.ci95
            ends = (ci.lower, ci.upper) if ci else (None, None)
            for seed, value in zip(score.seeds, score.values, strict=True):
                yield (score.arm, where, seed, value, score.mean, *ends)
