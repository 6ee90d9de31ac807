"""Learning curves of the baseline: loss and held-out score over epochs, every seed."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from reportgen.report.figures import style
from reportgen.report.figures.marks import (
    draw_strands,
    mean_curve,
    metric_label,
    spread_labels,
    stack_seeds,
)
from reportgen.report.figures.svg import svg_text
from reportgen.report.figures.view import (
    Cell,
    FigureImage,
    FigureView,
    Series,
    write_table,
)
from reportgen.report.figures.wording import count, show
from reportgen.spec.model import BASELINE

NAME = "learning_curves"
HEIGHT = 2.3
TRAIN, DEV = "train.loss", "dev.loss"
COLOURS = {TRAIN: style.BLUE, DEV: style.VERMILLION}

Curve = Mapping[int, Series]


def draw(view: FigureView) -> FigureImage | None:
    """Draw the baseline's losses, and its dev score when it was recorded."""
    curves = {name: view.curves.of(BASELINE, name) for name in (TRAIN, DEV)}
    if not all(curves.values()):
        return None
    score = _dev_score(view)
    scores = view.curves.of(BASELINE, score)
    best = best_epoch(curves[DEV])
    with style.paper_style():
        figure = style.new_figure(HEIGHT)
        room = 2.02 if scores else 4.4
        losses = style.add_panel(figure, 0.48, 0.46, room, HEIGHT - 0.7)
        _draw_losses(losses, curves, best)
        if scores:
            panel = style.add_panel(figure, 3.4, 0.46, room, HEIGHT - 0.7)
            _draw_score(panel, scores, curves[DEV], best)
            panel.set_ylabel(metric_label(view, score, short=True))
            style.add_letter(losses, "a", offset=-20)
            style.add_letter(panel, "b", offset=-20)
        svg = svg_text(figure, NAME)
    if scores:
        curves[score] = scores
    return FigureImage(
        name=NAME,
        title="Learning curves of the baseline",
        caption=_caption(view, score if scores else None),
        alt=_alt(view, curves, best),
        svg=svg,
        data_csv=write_table(("curve", "seed", "epoch", "value"), _rows(curves)),
        wide=True,
    )


def best_epoch(dev: Curve) -> int:
    """The epoch, counted from 1, where the mean dev loss is lowest."""
    return int(np.nanargmin(mean_curve(stack_seeds(dev)))) + 1


def _dev_score(view: FigureView) -> str:
    metric = view.study.training.select.metric.partition("@")[0]
    return f"dev.{view.study.metrics[0]}" if metric in (TRAIN, DEV) else metric


def _draw_losses(axes: Axes, curves: Mapping[str, Curve], best: int) -> None:
    means = {}
    for name in (TRAIN, DEV):
        means[name] = draw_strands(axes, curves[name], colour=COLOURS[name])
    for seed in curves[DEV].values():
        epoch = int(np.nanargmin(seed))
        _mark_epoch(axes, epoch, seed[epoch], colour=style.VERMILLION)
    axes.set_ylabel("cross-entropy loss (nats)")
    axes.set_ylim(bottom=0)
    _finish(axes)
    _mark_best(axes, best, words=f"lowest mean dev loss: epoch {best}")
    low, high = axes.get_ylim()
    ends = [float(mean[np.isfinite(mean)][-1]) for mean in means.values()]
    last = max(len(mean) for mean in means.values())
    places = spread_labels(ends, (high - low) / 11)
    for name, place in zip(means, places, strict=True):
        look = style.Type(style.LABEL, COLOURS[name])
        style.write_at(
            axes, name.partition(".")[0], (last, place), shift=(4, 0), look=look
        )


def _draw_score(axes: Axes, scores: Curve, dev: Curve, best: int) -> None:
    draw_strands(axes, scores, colour=style.GREEN)
    for seed, values in scores.items():
        if seed not in dev:
            continue
        epoch = int(np.nanargmin(dev[seed]))
        if epoch < len(values):
            _mark_epoch(axes, epoch, values[epoch], colour=style.GREEN)
    _finish(axes)
    _mark_best(axes, best)


def _mark_epoch(axes: Axes, epoch: int, value: float, *, colour: str) -> None:
    """A triangle where a run's dev loss is lowest; epochs count from 0 here."""
    axes.plot(
        [epoch + 1],
        [value],
        "v",
        color=colour,
        markersize=4,
        markeredgecolor="white",
        markeredgewidth=0.4,
        zorder=4,
    )


def _mark_best(axes: Axes, best: int, *, words: str = "") -> None:
    axes.axvline(
        best, color=style.GREY, linewidth=0.8, linestyle=(0, (1, 1.6)), zorder=0
    )
    low, high = axes.get_xlim()
    # Words near the right end would run out of the figure.
    late = best > (low + high) / 2
    look = style.Type(across="right" if late else "center", up="bottom")
    shift = (3.0 if late else 0.0, 2.0)
    style.write_at(axes, words, (best, 1), anchor="column", shift=shift, look=look)


def _finish(axes: Axes) -> None:
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    axes.grid(axis="y")
    axes.margins(x=0.02)


def _caption(view: FigureView, score: str | None) -> str:
    text = (
        "Thin lines are single seeds, thick lines their mean. Triangles mark each "
        "seed's lowest dev loss, the dotted line the epoch where the mean dev loss is "
        "lowest."
    )
    if score is not None:
        name = metric_label(view, score)
        text += f" (a) Loss on training and dev rows; (b) {name} by epoch."
    return text


def _alt(view: FigureView, curves: Mapping[str, Curve], best: int) -> str:
    means = {name: mean_curve(stack_seeds(curve)) for name, curve in curves.items()}
    train, dev = means[TRAIN], means[DEV]
    text = (
        f"Line chart over {count(len(dev), 'epoch')} for "
        f"{count(len(curves[DEV]), 'seed')}. Mean training loss goes from "
        f"{show(train[0])} to {show(train[-1])}. Mean dev loss is lowest at epoch "
        f"{best}, {show(dev[best - 1])}, and ends at {show(dev[-1])}."
    )
    for name in [name for name in means if name not in (TRAIN, DEV)]:
        score = means[name]
        middle = score[min(best, len(score)) - 1]
        text += (
            f" Mean {metric_label(view, name, short=True)} is {show(score[0])} after "
            f"the first epoch, {show(middle)} at epoch {best} and {show(score[-1])} at "
            "the end."
        )
    return text


def _rows(curves: Mapping[str, Curve]) -> list[tuple[Cell, ...]]:
    return [
        (name, seed, epoch, float(value) if np.isfinite(value) else None)
        for name, curve in curves.items()
        for seed, values in curve.items()
        for epoch, value in enumerate(values, start=1)
    ]
