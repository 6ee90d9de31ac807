"""Claims that exclude each other: parsed claims in, every pair that cannot hold out.

Each claim is true for a range of effects. Two claims about the same effect whose ranges
share nothing cannot both hold, so one of them is registered against what its author
expects.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from math import inf, log

from reportgen.spec.check_arms import Arm
from reportgen.spec.claims import ClaimParts
from reportgen.spec.metric import MetricFacts
from reportgen.spec.model import ClaimSpec
from reportgen.spec.positions import Mistake

Range = tuple[float, float]
ROUNDING = 1e-9  # two ends this close are one


@dataclass(frozen=True)
class Stated:
    """One claim whose sentence and arms are sound."""

    name: str
    spec: ClaimSpec
    parts: ClaimParts


def check_contradictions(
    claims: list[Stated], arms: Mapping[str, Arm], metrics: Mapping[str, MetricFacts]
) -> Iterator[Mistake]:
    """Find claims that cannot both hold; told at the later of the two."""
    for first, second in combinations(claims, 2):
        if _about(first, arms) != _about(second, arms):
            continue
        one, other = (_range(claim, metrics) for claim in (first, second))
        if one is None or other is None:
            continue
        if max(one[0], other[0]) > min(one[1], other[1]) - ROUNDING:
            what = f"it cannot hold together with the claim '{first.name}'"
            fix = (
                "keep the one you expect: where the opposite is true, it is refuted "
                "without a second claim"
            )
            yield Mistake(("claims", second.name, "says"), what, fix)


def _about(claim: Stated, arms: Mapping[str, Arm]) -> tuple[object, ...]:
    """What a claim speaks of, the same whichever arm is named first."""
    parts = claim.parts
    rule = parts.rule
    arm = arms.get(parts.variant)
    if rule is None and arm is not None and arm.config is not None:
        rule = arm.config.training.select.rule
    yardstick = parts.about == "level" and parts.constant is None
    return (
        parts.about,
        tuple(sorted(parts.arms)),
        parts.reference if yardstick else "",
        (parts.evaluation_set, parts.measure, parts.shifted_set, rule),
    )


def _range(claim: Stated, metrics: Mapping[str, MetricFacts]) -> Range | None:
    """Effects for which a claim holds, oriented alike for both orders of the arms."""
    parts, margin = claim.parts, claim.spec.margin
    if parts.about == "spread":
        margin = log(margin) if margin > 0 else 0.0
    ranges: dict[str, Range] = {
        "improves": (margin, inf),
        "worse": (-inf, -margin),
        "noninferior": (-margin, inf),
        "equivalent": (-margin, margin),
    }
    found = ranges.get(parts.kind)
    if found is None:
        return None
    low, high = found
    if parts.constant is not None:
        metric = metrics.get(parts.measure)
        ahead = metric is None or metric.higher_is_better
        place = parts.constant if ahead else -parts.constant
        return low + place, high + place
    if len(parts.arms) == 2 and parts.arms[0] > parts.arms[1]:
        return -high, -low
    return low, high
