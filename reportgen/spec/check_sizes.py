"""Sizes checked before anything runs: a claim in, what no run could show out."""

from collections.abc import Iterator

from reportgen.spec.claims import CEILING, CHANCE, ClaimParts
from reportgen.spec.metric import MetricFacts
from reportgen.spec.model import ClaimSpec
from reportgen.spec.positions import Mistake, Path

SIZES = ("margin", "smallest_effect")
FEWEST_FOR_SPREAD = 10
# Metrics that declared label noise bounds by one minus its share.
WITH_CEILING = ("accuracy", "hwa", "swa", "cwa")
OWN_UNIT = "write it in the metric's own unit: one point in a hundred is 0.01"


def check_sizes(
    path: Path, claim: ClaimSpec, parts: ClaimParts, metric: MetricFacts | None
) -> Iterator[Mistake]:
    """Check margin, smallest effect, yardstick and scope of a claim.

    Args:
        path: of the claim.
        claim: as written.
        parts: of its sentence.
        metric: that it is about; None for a claim about failures.
    """
    if parts.about == "spread":
        yield from _check_ratios(path, claim, parts)
    else:
        yield from _check_margins(path, claim, parts, metric)
    if metric is None:
        return
    if parts.about == "level":
        yield from _check_yardstick(path, claim, parts, metric)
    yield from _check_scope(path, claim, parts, metric)


def _check_margins(
    path: Path, claim: ClaimSpec, parts: ClaimParts, metric: MetricFacts | None
) -> Iterator[Mistake]:
    unit = "as a share of runs" if metric is None else "in the metric's own unit"
    if claim.margin == 0 and parts.kind == "equivalent":
        what = "no data can show two things to be exactly alike"
        fix = f"write the largest difference that would not matter, {unit}"
        yield Mistake((*path, "margin"), what, fix)
    elif claim.margin == 0 and claim.smallest_effect is None:
        what = "a margin of 0 does not say which effect the study must resolve"
        yield Mistake(path, what, f"add `smallest_effect: …` {unit}", "owner")
    name, span = (
        ("failure rates", 1.0) if metric is None else (metric.name, metric.span)
    )
    if span is None:
        return
    things = "scores of " if metric is not None else ""
    if parts.about == "shift":
        things, span = "losses of ", 2 * span
    for field in SIZES:
        size = getattr(claim, field)
        if size is not None and size >= span:
            what = f"no two {things}{name} differ by more than {span:g}"
            fix = OWN_UNIT if metric is not None else "write a share of runs below 1"
            yield Mistake((*path, field), what, fix)


def _check_ratios(path: Path, claim: ClaimSpec, parts: ClaimParts) -> Iterator[Mistake]:
    ratio = "1.5 where one arm is to vary half as much again as the other"
    for field in SIZES:
        size = getattr(claim, field)
        least = field == "margin" and parts.kind != "equivalent"
        if size is not None and (size < 1 or (size == 1 and not least)):
            what = f"spreads are compared as a ratio, and {size:g} is no ratio above 1"
            yield Mistake((*path, field), what, f"write for example {ratio}")
    open_size = claim.margin == 1 and claim.smallest_effect is None
    if open_size and parts.kind != "equivalent":
        what = "a ratio of 1 does not say which effect the study must resolve"
        fix = f"add `smallest_effect: …`, for example {ratio}"
        yield Mistake(path, what, fix, "owner")


def _check_scope(
    path: Path, claim: ClaimSpec, parts: ClaimParts, metric: MetricFacts
) -> Iterator[Mistake]:
    if claim.scope != "population":
        return
    if parts.about == "spread":
        what = "spread over seeds is known on these rows: no verdict reaches beyond"
        yield Mistake((*path, "scope"), what, "write `scope: test_set`")
    elif not metric.over_rows:
        what = f"{metric.name} is no mean of rows: no verdict reaches beyond these rows"
        yield Mistake((*path, "scope"), what, "write `scope: test_set`")


def _check_yardstick(
    path: Path, claim: ClaimSpec, parts: ClaimParts, metric: MetricFacts
) -> Iterator[Mistake]:
    says: Path = (*path, "says")
    if parts.reference == CHANCE and not metric.has_chance:
        what = f"{metric.name} does not say what a model scores that learnt nothing"
        yield Mistake(says, what, "write a number instead of chance")
    if parts.reference == CEILING:
        if metric.name not in WITH_CEILING:
            what = f"no ceiling of {metric.name} follows from label noise"
            fix = f"write a number, or use one of: {', '.join(WITH_CEILING)}"
            yield Mistake(says, what, fix)
        if parts.kind == "improves":
            what = "nothing can beat the ceiling but by chance or by a leak"
            yield Mistake(says, what, "write 'reaches ceiling', with a margin")
    value = parts.constant
    if value is None:
        return
    upper = float("inf") if metric.upper is None else metric.upper
    if not metric.lower <= value <= upper:
        what = f"{metric.name} is never {value:g}"
        yield Mistake(says, what, OWN_UNIT)
        return
    above = (parts.kind == "improves") == metric.higher_is_better
    needed = value + claim.margin if above else value - claim.margin
    if parts.kind in ("improves", "worse") and not metric.lower < needed < upper:
        side = "above" if above else "below"
        what = f"no score of {metric.name} lies {side} {needed:g}, as this claim needs"
        yield Mistake((*path, "margin"), what, "write a smaller margin")
