"""The scales of the claims figure: claims in, panels, axes and regions out."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes

from reportgen.analysis.findings.study import ClaimResult
from reportgen.report.figures.view import metric_parts

RATIOS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)


def panel_of(claim: ClaimResult) -> tuple[str, bool]:
    """What claims share a panel: a unit, and effects of one order of magnitude."""
    return claim.unit, claim.about == "level"


def supported_regions(claim: ClaimResult) -> tuple[tuple[float, float], ...]:
    """Where an effect must lie, interval and all, for the claim to be supported."""
    margin, far = claim.margin, float("inf")
    regions: dict[str, tuple[tuple[float, float], ...]] = {
        "improves": ((margin, far),),
        "worse": ((-far, -margin),),
        "noninferior": ((-margin, far),),
        "equivalent": ((-margin, margin),),
        "differs": ((-far, 0.0), (0.0, far)),
    }
    return regions[claim.kind]


def mark_ratios(axes: Axes) -> None:
    """Mark a scale of log ratios by the ratios themselves."""
    low, high = axes.get_xlim()
    ratios = [one for one in RATIOS if low <= math.log(one) <= high]
    axes.set_xticks([math.log(one) for one in ratios], [f"{one:g}" for one in ratios])


def axis_label(claims: Sequence[ClaimResult]) -> str:
    """What the axis of a panel shows, and which way is better."""
    left, right = "\N{LEFTWARDS ARROW}", "\N{RIGHTWARDS ARROW}"
    if claims[0].about == "spread":
        effect = "spread over seeds: the other arm’s / the variant’s"
        return f"{left} varies more    {effect}    varies less {right}"
    if claims[0].about == "failures":
        effect = "share of failed runs: the other arm’s − the variant’s"
        return f"{left} fails more    {effect}    fails less {right}"
    measures = dict.fromkeys(metric_parts(claim.metric)[1] for claim in claims)
    names = ", ".join(
        measure if len(measure) > 4 or measure == "loss" else measure.upper()
        for measure in measures
    )
    effect = f"effect on {names} ({claims[0].unit})"
    if claims[0].about == "level":
        effect = f"distance from the yardstick in {names} ({claims[0].unit})"
    return f"{left} worse    {effect}    better {right}"
