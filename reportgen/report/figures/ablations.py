"""Ablations illustrated: a real row as the baseline and as each variant reads it."""

from collections.abc import Iterator, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from reportgen.report.figures import style
from reportgen.report.figures.ablation_panels import (
    Panel,
    find_panel,
    moves,
    transformed_arms,
)
from reportgen.report.figures.glyphs import Token, draw_token
from reportgen.report.figures.marks import (
    DotStyle,
    draw_failures,
    draw_seeds,
    label_room,
    metric_label,
)
from reportgen.report.figures.svg import svg_text
from reportgen.report.figures.view import (
    Cell,
    FigureImage,
    FigureView,
    write_table,
)
from reportgen.report.figures.wording import listed, show_score
from reportgen.spec.model import BASELINE

NAME = "ablations"
MOST = 6  # panels on one page
PANEL, HEAD, FOOT = 0.74, 0.26, 0.46  # inches: two rows; above them; under the last
SCORES = 1.35  # inches for the scores beside the rows
HEADER = (
    "panel",
    "arm",
    "split",
    "position",
    "shape",
    "colour",
    "other",
    "seed",
    "value",
)


def draw(view: FigureView) -> FigureImage | None:
    """Draw one panel per variant that transforms the data the model reads."""
    panels = [
        panel for arm in transformed_arms(view) if (panel := find_panel(view, arm))
    ]
    if not panels:
        return None
    shown, left_out = panels[:MOST], [panel.arm for panel in panels[MOST:]]
    height = (PANEL + HEAD) * len(shown) + FOOT
    with style.paper_style():
        figure = style.new_figure(height)
        room = 0.14 + label_room(
            [view.label(one) for one in (BASELINE, *(panel.arm for panel in shown))],
            style.SMALL,
        )
        limits = _limits(shown)
        for number, panel in enumerate(shown):
            bottom = height - (PANEL + HEAD) * (number + 1)
            place = (room, bottom, style.WIDE - room - SCORES - 0.22, PANEL)
            names = (view.label(BASELINE), view.label(panel.arm))
            _draw_rows(figure, panel, place, ("abcdef"[number], *names))
            axes = style.add_panel(
                figure, style.WIDE - SCORES - 0.08, bottom, SCORES, PANEL
            )
            _draw_scores(axes, panel, limits)
            if panel is not shown[-1]:
                axes.tick_params(bottom=False, labelbottom=False)
                axes.spines["bottom"].set_visible(False)
            else:
                axes.set_xlabel(metric_label(view, view.headline, short=True))
        svg = svg_text(figure, NAME)
    return FigureImage(
        name=NAME,
        title="What the ablations change",
        caption=view.explained(_caption(view, shown, left_out)),
        alt=_alt(view, shown),
        svg=svg,
        data_csv=write_table(HEADER, _rows(shown)),
        wide=True,
    )


def _draw_rows(
    figure: Figure,
    panel: Panel,
    place: tuple[float, float, float, float],
    words: tuple[str, str, str],  # letter, baseline, arm
) -> None:
    letter, base, arm = words
    axes = style.add_panel(figure, *place)
    style.hide_frame(axes, keep=())
    longest = max(len(panel.before), len(panel.after))
    axes.set_ylim(1.55, -0.5)
    axes.set_xlim(-0.6, longest - 0.4)
    for before, after in moves(panel.before, panel.after):
        axes.plot([before, after], [0.5, 0.74], "-", color=style.GREY, linewidth=0.45)
    for y, tokens in enumerate((panel.before, panel.after)):
        stretch = longest / len(tokens)
        size = min(7.0, 0.62 * place[2] * 72 / len(tokens))
        for position, token in enumerate(tokens):
            x = (position + 0.5) * stretch - 0.5
            draw_token(axes, token, (x, y), size=size)
    look = style.Type(across="right")
    style.write_at(axes, base, (0, 0), anchor="row", shift=(-4, 0), look=look)
    style.write_at(axes, arm, (0, 1), anchor="row", shift=(-4, 0), look=look)
    look = style.Type(style.LABEL, bold=True, up="bottom")
    shift = (4 - place[0] * 72, 3)
    style.write_at(axes, letter, (0, 1), anchor="axes", shift=shift, look=look)


def _limits(panels: Sequence[Panel]) -> tuple[float, float]:
    """One scale for the scores of all panels."""
    values: list[float] = []
    for score in (one for panel in panels for one in panel.scores if one):
        values += [value for value in score.values if value is not None]
        values += [score.ci95.lower, score.ci95.upper] if score.ci95 else []
    low, high = min(values, default=0.0), max(values, default=1.0)
    pad = 0.08 * (high - low) or 0.05
    return low - pad, high + pad


def _draw_scores(axes: Axes, panel: Panel, limits: tuple[float, float]) -> None:
    style.hide_frame(axes)
    axes.set_ylim(1.55, -0.5)
    axes.set_xlim(limits)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 5, 10]))
    for y, (score, colour) in enumerate(
        zip(panel.scores, (style.BLUE, style.VERMILLION), strict=True)
    ):
        axes.axhline(y, color=style.PALE, linewidth=0.4, zorder=0)
        if score is not None:
            draw_seeds(axes, score, y, style=DotStyle(colour, spread=0.2, size=2.6))
            draw_failures(axes, score, y)
    base = panel.scores[0]
    if base is not None and base.mean is not None:
        axes.axvline(
            base.mean, color=style.GREY, linewidth=0.6, linestyle=":", zorder=0.5
        )


def _caption(view: FigureView, shown: Sequence[Panel], left_out: list[str]) -> str:
    splits = listed(list(dict.fromkeys(panel.split for panel in shown)))
    letters = ", ".join(
        f"({letter}) {panel.arm}"
        for letter, panel in zip("abcdef", shown, strict=False)
    )
    text = (
        f"The first {splits} row as the baseline reads it and as each ablation does: "
        f"{letters}. Shapes are drawn, colours are painted and named by their letter; "
        "a dot is a hidden token, an empty shape has no colour, a bar no shape. Grey "
        f"lines follow moved tokens. Right: {metric_label(view, view.headline)} of "
        "every seed, means and 95 % intervals."
    )
    return text + (f" Not drawn: {listed(left_out)}." if left_out else "")


def _alt(view: FigureView, shown: Sequence[Panel]) -> str:
    label = metric_label(view, view.headline, short=True)
    parts = ["Pairs of token rows, as the baseline and as an ablation reads them."]
    for panel in shown:
        base, own = panel.scores
        text = f"{panel.arm}: {_spell(panel.before)} becomes {_spell(panel.after)}"
        if base is not None and own is not None:
            text += f"; mean {label} {show_score(base)} and {show_score(own)}"
        parts.append(text + ".")
    return " ".join(parts)


def _spell(tokens: Sequence[Token]) -> str:
    return " ".join(
        token.shape + token.colour + token.text or "hidden" for token in tokens[:6]
    ) + (" …" if len(tokens) > 6 else "")


def _rows(shown: Sequence[Panel]) -> Iterator[tuple[Cell, ...]]:
    for letter, panel in zip("abcdef", shown, strict=False):
        for arm, tokens, score in (
            (BASELINE, panel.before, panel.scores[0]),
            (panel.arm, panel.after, panel.scores[1]),
        ):
            for place, one in enumerate(tokens, start=1):
                signs = (one.shape, one.colour, one.text)
                yield (letter, arm, panel.split, place, *signs, None, None)
            if score is not None:
                for seed, value in zip(score.seeds, score.values, strict=True):
                    blank = (None, "", "", "")
                    yield (letter, arm, "test", *blank, seed, value)
