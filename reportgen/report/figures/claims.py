"""Every claim's interval against its margin, every seed pair, and the verdict."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from reportgen.analysis.findings.study import ClaimResult, Interval, Verdict
from reportgen.report.figures.claim_axes import (
    axis_label,
    mark_ratios,
    panel_of,
    supported_regions,
)
from reportgen.report.figures.claim_words import (
    claims_alt,
    claims_caption,
    claims_table,
)
from reportgen.report.figures.marks import (
    VERDICT_MARKS,
    fold_label,
    label_room,
    stagger,
)
from reportgen.report.figures.style import (
    GREY,
    INK,
    SMALL,
    TINY,
    WIDE,
    Type,
    add_letter,
    add_panel,
    hide_frame,
    new_figure,
    paper_style,
    write_at,
)
from reportgen.report.figures.svg import svg_text
from reportgen.report.figures.view import (
    FigureImage,
    FigureView,
)

NAME = "claims"
TALLEST = 7.2  # inches that fit a page with a long caption
TOP, BOTTOM, VERDICT_ROOM = 0.22, 0.46, 0.95
LABEL_ROOM = 2.0
SUPPORT = "#DCEAF5"


def draw(view: FigureView) -> FigureImage | None:
    """Draw all claims in the spec's order, one panel per unit of effect."""
    claims = view.findings.claims
    if not claims:
        return None
    groups = [
        [claim for claim in claims if panel_of(claim) == panel]
        for panel in dict.fromkeys(map(panel_of, claims))
    ]
    two_lines = len(claims) <= 14
    folded = two_lines and any("\n" in _says(claim) for claim in claims)
    around = len(groups) * (TOP + BOTTOM)
    room = (TALLEST - around) / len(claims)
    row = min(0.47 if folded else 0.36 if two_lines else 0.24, room)
    height = around + row * len(claims)
    with paper_style():
        figure = new_figure(height)
        left = 0.12 + _label_room(claims, two_lines=two_lines)
        top = height
        for number, group in enumerate(groups):
            top -= TOP + row * len(group)
            width = WIDE - left - VERDICT_ROOM
            axes = add_panel(figure, left, top, width, row * len(group))
            top -= BOTTOM
            _draw_group(axes, group, two_lines=two_lines)
            if group[0].about == "spread":
                mark_ratios(axes)
            axes.set_xlabel(axis_label(group))
            if len(groups) > 1:
                add_letter(axes, "abcdefgh"[number % 8], offset=-72 * left + 12)
        svg = svg_text(figure, NAME)
    return FigureImage(
        name=NAME,
        title="Claims against their margins",
        caption=claims_caption(claims),
        alt=claims_alt(claims),
        svg=svg,
        data_csv=claims_table(claims),
        wide=True,
    )


def _says(claim: ClaimResult) -> str:
    return fold_label(claim.says, TINY, room=LABEL_ROOM)


def _name(claim: ClaimResult) -> str:
    return claim.id + (" †" if claim.post_hoc else "")


def _label_room(claims: Sequence[ClaimResult], *, two_lines: bool) -> float:
    room = label_room([_name(claim) for claim in claims], SMALL)
    if two_lines:
        lines = [line for claim in claims for line in _says(claim).splitlines()]
        room = max(room, label_room(lines, TINY))
    return room


def _draw_group(axes: Axes, claims: Sequence[ClaimResult], *, two_lines: bool) -> None:
    hide_frame(axes)
    low, high = _limits(claims)
    axes.set_xlim(low, high)
    axes.set_ylim(len(claims) - 0.5, -0.5)
    axes.set_yticks([])
    for y, claim in enumerate(claims):
        _draw_regions(axes, claim, y)
    axes.axvline(0, color=GREY, linewidth=0.6, zorder=1.5)
    for y, claim in enumerate(claims):
        _draw_claim(axes, claim, y)
        _draw_labels(axes, claim, y, two_lines=two_lines)


def _limits(claims: Sequence[ClaimResult]) -> tuple[float, float]:
    """Fit seeds, effects and margins; let wide intervals run out of the picture."""
    core = [0.0]
    ends = []
    for claim in claims:
        core += [-claim.margin, claim.margin, *claim.pair_effects]
        core += [] if claim.effect is None else [claim.effect]
        ends += [end for one in _intervals(claim) for end in (one.lower, one.upper)]
    low, high = min(core), max(core)
    span = (high - low) or 1.0
    low = max(low - 0.6 * span, min([low, *ends]))
    high = min(high + 0.6 * span, max([high, *ends]))
    pad = 0.04 * (high - low)
    return low - pad, high + pad


def _intervals(claim: ClaimResult) -> list[Interval]:
    return [one for one in (claim.ci_family, claim.ci95) if one is not None]


def _draw_regions(axes: Axes, claim: ClaimResult, y: int) -> None:
    low, high = axes.get_xlim()
    for start, end in supported_regions(claim):
        left, right = max(start, low), min(end, high)
        band = Rectangle(
            (left, y - 0.4), right - left, 0.8, facecolor=SUPPORT, linewidth=0, zorder=1
        )
        axes.add_patch(band)
        for edge in (start, end):
            if low < edge < high:
                axes.plot(
                    [edge, edge], [y - 0.4, y + 0.4], color=INK, linewidth=0.8, zorder=2
                )


def _draw_claim(axes: Axes, claim: ClaimResult, y: int) -> None:
    mark = VERDICT_MARKS[claim.verdict]
    for interval, width in ((claim.ci_family, 0.7), (claim.ci95, 2.2)):
        if interval is not None:
            _draw_interval(axes, interval, y - 0.1, width=width)
    if claim.pair_effects:
        axes.plot(
            claim.pair_effects,
            y + 0.22 + stagger(claim.pair_effects, 0.06),
            "o",
            markersize=2.0,
            markerfacecolor=GREY,
            markeredgecolor="none",
            zorder=3,
        )
    if claim.effect is not None:
        _draw_verdict_mark(axes, (claim.effect, y - 0.1), claim.verdict)
    else:
        look = Type(TINY, mark.colour)
        write_at(axes, "no effect estimated", (0.0, y), shift=(4, 0), look=look)


def _draw_interval(axes: Axes, interval: Interval, y: float, *, width: float) -> None:
    low, high = axes.get_xlim()
    left, right = max(interval.lower, low), min(interval.upper, high)
    axes.plot([left, right], [y, y], color=INK, linewidth=width, solid_capstyle="butt")
    # An arrowhead says that the interval goes on beyond the picture.
    for end, cut, head in ((interval.lower, low, "<"), (interval.upper, high, ">")):
        if end != min(max(end, low), high):
            axes.plot([cut], [y], head, color=INK, markersize=3.5, clip_on=False)


def _draw_verdict_mark(
    axes: Axes, place: tuple[float, float], verdict: Verdict
) -> None:
    mark = VERDICT_MARKS[verdict]
    axes.plot(
        [place[0]],
        [place[1]],
        mark.marker,
        markersize=5.0,
        markerfacecolor=mark.colour if mark.filled else "white",
        markeredgecolor=mark.colour,
        markeredgewidth=1.0,
        zorder=5,
        clip_on=False,
    )


def _draw_labels(axes: Axes, claim: ClaimResult, y: int, *, two_lines: bool) -> None:
    says = _says(claim)
    rise = (10.0 if "\n" in says else 4.5) if two_lines else 0.0
    look = Type(across="right")
    write_at(axes, _name(claim), (0, y), anchor="row", shift=(-6, rise), look=look)
    if two_lines:
        look = Type(TINY, GREY, across="right", up="top")
        below = (-6.0, rise - 5.0)
        write_at(axes, says, (0, y), anchor="row", shift=below, look=look)
    mark = VERDICT_MARKS[claim.verdict]
    look = Type(colour=mark.colour, bold=mark.filled)
    write_at(axes, claim.verdict, (1, y), anchor="row", shift=(17, 0), look=look)
    width = axes.get_position().width * WIDE * 72
    low, high = axes.get_xlim()
    _draw_verdict_mark(axes, (high + (high - low) * 9 / width, y), claim.verdict)
