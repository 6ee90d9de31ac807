"""What a claim is about: its kind of quantity in, how that is found and judged out."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from reportgen.analysis.claims.kinds import KINDS
from reportgen.analysis.claims.method import Method
from reportgen.analysis.evidence.pairs import Pairs, Side, side_of
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.statistics.estimate import Sample
from reportgen.metrics.metric import Metric
from reportgen.spec.claims import About, ClaimParts, Kind


@dataclass(frozen=True)
class Need:
    """What a number of seeds is asked to show.

    Attributes:
        kind: what the claim says of its quantity.
        effect: distance from the margin to resolve, or the margin of equivalence.
        alpha: two-sided level, or that of each one-sided test of equivalence.
    """

    kind: Kind
    effect: float
    alpha: float


@dataclass(frozen=True)
class Sides:
    """What a claim compares; no reference where it is about one arm."""

    metric: Metric
    variant: Side
    reference: Side | None


def compared_sides(results: Results, parts: ClaimParts) -> Sides:
    """Metric and arms as the claim names them."""
    metric, variant = side_of(results, parts.variant, parts.metric)
    if len(parts.arms) == 1:
        return Sides(metric, variant, None)
    return Sides(metric, variant, side_of(results, parts.reference, parts.metric)[1])


def no_caveat(results: Results, parts: ClaimParts, metric: Metric) -> tuple[str, ...]:  # noqa: ARG001
    """For quantities that mean what they say."""
    return ()


def unscaled(margin: float) -> float:
    """For effects in the unit that margins are written in."""
    return margin


@dataclass(frozen=True)
class Quantity:
    """One thing that claims may be about.

    Attributes:
        about: its name.
        pair: the runs of a claim, paired by seed, with their effects; failed runs
            score what the metric given falls back to.
        sides: the metric and the arms.
        unit: of effects; the metric's own where "".
        scaled: a margin as written, on the scale of effects.
        method: how it is judged, whatever method the study chose for scores; None
            where the study's method judges it.
        means: whether an effect is the mean of the effects of its seed pairs.
        fallbacks: whether a sample is linear in the score that failed runs are given.
        counts_failures: whether failed runs are what it is about.
        chance: that n seeds resolve an effect, given a sample of it; None where the
            law of a mean says so.
        caveats: tags of its own for a verdict, from the runs.
        supposing: what that chance takes for granted without a sample.
    """

    about: About
    pair: Callable[[Results, ClaimParts, Metric], Pairs]
    sides: Callable[[Results, ClaimParts], Sides] = compared_sides
    unit: str = ""
    scaled: Callable[[float], float] = unscaled
    method: Method | None = None
    means: bool = True
    fallbacks: bool = False
    counts_failures: bool = False
    chance: Callable[[Need, int, Sample | None], float] | None = None
    supposing: str = ""
    caveats: Callable[[Results, ClaimParts, Metric], tuple[str, ...]] = no_caveat


def load_quantity(about: About) -> Quantity:
    """The quantity that a claim is about."""
    module, _, attribute = KINDS[about].partition(":")
    found: Quantity = getattr(import_module(module), attribute)
    return found
