"""Seed dispersion: every arm's headline score, one dot per seed."""

from collections.abc import Iterator

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from reportgen.analysis.findings.study import ArmScore
from reportgen.report.figures import style
from reportgen.report.figures.marks import (
    DotStyle,
    draw_failures,
    draw_seeds,
    label_room,
    metric_label,
)
from reportgen.report.figures.svg import svg_text
from reportgen.report.figures.view import Cell, FigureImage, FigureView, write_table
from reportgen.report.figures.wording import count, show, show_score
from reportgen.spec.model import BASELINE
from reportgen.spec.plan import CONTROL_PREFIX

NAME = "seeds"
ROW, TALLEST = 0.24, 8.2  # inches
HEADER = ("arm", "seed", "value", "status", "mean", "ci95_lower", "ci95_upper")
COUNTING = frozenset({"accuracy", "swa", "cwa", "hwa"})
LEVELS = {"majority": "majority class", "oracle": "generating rule"}


def draw(view: FigureView) -> FigureImage | None:
    """Draw all arms, controls last, on the study's first metric on the test split."""
    scores = [view.score(arm, view.headline) for arm in view.arms]
    known = [score for score in scores if score is not None and score.values]
    if not known:
        return None
    levels = _levels(view)
    row = min(ROW, TALLEST / len(known))
    height = row * len(known) + 0.68
    with style.paper_style():
        figure = style.new_figure(height)
        labels = [view.label(score.arm) for score in known]
        left = 0.12 + label_room(labels, style.SMALL)
        axes = style.add_panel(
            figure, left, 0.45, style.WIDE - left - 0.1, row * len(known)
        )
        _draw_rows(axes, known, labels)
        _draw_baseline(axes, known)
        for name, level in levels.items():
            axes.axvline(
                level, color=style.GREY, linewidth=0.7, linestyle="--", zorder=0.5
            )
            look = style.Type(colour=style.GREY, across="center", up="bottom")
            style.write_at(
                axes, name, (level, 1), anchor="column", shift=(0, 2), look=look
            )
        axes.set_xlabel(metric_label(view, view.headline))
        svg = svg_text(figure, NAME)
    return FigureImage(
        name=NAME,
        title="Seed dispersion",
        caption=view.explained(_caption(view, known, levels)),
        alt=_alt(view, known),
        svg=svg,
        data_csv=write_table(HEADER, _rows(known)),
        wide=True,
    )


def _levels(view: FigureView) -> dict[str, float]:
    """What the labels allow on the test split, for scores that count right rows."""
    if view.study.metrics[0] not in COUNTING:
        return {}
    found = {name: view.fact(f"data/test/{fact}") for fact, name in LEVELS.items()}
    return {name: level for name, level in found.items() if level is not None}


def _draw_rows(axes: Axes, scores: list[ArmScore], labels: list[str]) -> None:
    style.hide_frame(axes)
    axes.set_ylim(len(scores) - 0.5, -0.5)
    axes.set_yticks(range(len(scores)), labels)
    for y, score in enumerate(scores):
        axes.axhline(y, color=style.PALE, linewidth=0.4, zorder=0)
        control = score.arm.startswith(CONTROL_PREFIX)
        draw_seeds(
            axes, score, y, style=DotStyle(style.GREY if control else style.BLUE)
        )
    axes.margins(x=0.06)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))
    for y, (score, tick) in enumerate(zip(scores, axes.get_yticklabels(), strict=True)):
        draw_failures(axes, score, y)
        if score.arm.startswith(CONTROL_PREFIX):
            tick.set_color(style.GREY)


def _draw_baseline(axes: Axes, scores: list[ArmScore]) -> None:
    for score in scores:
        if score.arm == BASELINE and score.mean is not None:
            axes.axvline(
                score.mean, color=style.BLUE, linewidth=0.6, alpha=0.6, zorder=0.4
            )


def _caption(view: FigureView, scores: list[ArmScore], levels: dict[str, float]) -> str:
    text = (
        f"Every seed of every arm: {metric_label(view, view.headline)}. Bars are means "
        "over seeds, lines their 95 % intervals; the thin vertical line is the "
        "baseline's mean."
    )
    if levels:
        text += (
            " Dashed lines show what the labels allow: the share of the majority class "
            "and the accuracy of the generating rule."
        )
    if any(value is None for score in scores for value in score.values):
        text += " A cross at the left stands for a run that failed."
    return text


def _alt(view: FigureView, scores: list[ArmScore]) -> str:
    failed = sum(value is None for score in scores for value in score.values)
    label = metric_label(view, view.headline, short=True)
    parts = [
        f"Dot chart of {label} for {count(len(scores), 'arm')}, one dot per seed, "
        f"{count(failed, 'failed run')}."
    ]
    ranked = sorted(
        (score for score in scores if score.mean is not None),
        key=lambda score: (score.mean or 0.0, score.arm),
    )
    named = {ranked[0].arm: ranked[0], ranked[-1].arm: ranked[-1]} if ranked else {}
    base = {score.arm: score for score in ranked if score.arm == BASELINE}
    for score in {**base, **named}.values():
        seen = [value for value in score.values if value is not None]
        parts.append(
            f"{score.arm}: mean {show_score(score)}, seeds from {show(min(seen))} to "
            f"{show(max(seen))}."
        )
    spread = [score for score in scores if score.sd is not None]
    if len(spread) > 1:
        widest = max(spread, key=lambda score: (score.sd or 0.0, score.arm))
        parts.append(
            f"Seeds differ most in {widest.arm}, standard deviation "
            f"{show(widest.sd or 0.0)}."
        )
    return " ".join(parts)


def _rows(scores: list[ArmScore]) -> Iterator[tuple[Cell, ...]]:
    for score in scores:
        ci = score.ci95
        ends = (ci.lower, ci.upper) if ci else (None, None)
        for seed, value in zip(score.seeds, score.values, strict=True):
            status = "failed" if value is None else "reported"
            yield (score.arm, seed, value, status, score.mean, *ends)
