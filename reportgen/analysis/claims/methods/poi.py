"""The probability that a run of one arm beats a run of the other.

Margins in the metric's unit play no part: a study declares the probability gamma from
which on an improvement is worth having. An improvement is supported where one half is
excluded and gamma is not, and refuted where gamma is excluded.

Source: Bouthillier et al. (2021), arXiv:2103.03098 (the criterion).
"""

from functools import partial
from math import comb, inf

from reportgen.analysis.claims.method import Method
from reportgen.analysis.claims.rule import Decision, Margins, mirror
from reportgen.analysis.statistics.estimate import Estimate
from reportgen.analysis.statistics.win_chance import (
    HALF,
    PoiEstimate,
    estimate_poi,
)
from reportgen.analysis.statistics.win_power import runs_for_chance
from reportgen.spec.claims import Kind
from reportgen.spec.model import AnalysisSpec

FEWEST = 5


def make(analysis: AnalysisSpec) -> Method:
    """Unpaired, by ranks alone."""
    gamma = analysis.better_with_probability
    return Method(
        name="poi",
        title="the probability of improvement",
        explained=(
            "Draw one run of each arm: how often is the variant’s the better one? A "
            "claim of improvement is supported where an even chance is ruled out and a "
            f"chance of {gamma:g} is not, and refuted where {gamma:g} is ruled out; "
            "other claims likewise. How much better it is plays no part, so margins in "
            "the metric’s unit do not decide."
        ),
        estimator=estimate_poi,
        fewest=FEWEST,
        decide=partial(decide_poi, gamma=gamma),
        claim_p=partial(poi_p, gamma=gamma),
        equivalence_p=partial(_equivalence_p, gamma=gamma),
        least_p=partial(least_p, gamma=gamma),
        shown=show_chance,
        needs_arms=True,
        own_margins=True,
        unpaired=True,
        seeds=partial(seeds_for_gamma, gamma=gamma),
    )


def seeds_for_gamma(kind: Kind, alpha: float, *, gamma: float) -> int | None:
    """Runs an arm that resolve the chance worth having; None beyond a million."""
    found = runs_for_chance(kind, gamma, alpha=alpha)
    return None if found is None else max(FEWEST, found)


def _both(found: Estimate) -> PoiEstimate:
    if not isinstance(found, PoiEstimate):
        raise TypeError("this estimate holds no probability of improvement")
    return found


def show_chance(found: Estimate, level: float) -> str:
    """The chance of improvement with the interval that decides."""
    if found.n < FEWEST or not found.determined:
        return ""
    one = _both(found)
    lower, upper = one.chance_interval(level)
    return (
        f"chance that a run of the variant is the better one {one.chance:.2f} "
        f"({100 * level:.3g} % interval {lower:.2f} to {upper:.2f})"
    )


def poi_p(kind: Kind, margins: Margins, found: Estimate, *, gamma: float) -> float:  # noqa: ARG001
    """The smaller p of support and refutation; directions count twice."""
    if found.n < FEWEST or not found.determined:
        return 1.0
    one = _both(found)
    return min(1.0, *_p_values(kind, one, gamma))


def _p_values(kind: Kind, one: PoiEstimate, gamma: float) -> tuple[float, float]:
    """P-values of the claim and of its contrary, on the two-sided scale."""
    if kind == "equivalent":
        support = max(one.chance_above(1 - gamma), one.chance_below(gamma))
        against = min(one.chance_above(gamma), one.chance_below(1 - gamma))
        return support, 2 * against
    if kind == "noninferior":
        return 2 * one.chance_above(1 - gamma), 2 * one.chance_below(1 - gamma)
    if kind == "differs":
        return 2 * min(one.chance_above(HALF), one.chance_below(HALF)), inf
    if kind == "worse":
        return 2 * one.chance_below(HALF), 2 * one.chance_above(1 - gamma)
    return 2 * one.chance_above(HALF), 2 * one.chance_below(gamma)


def _equivalence_p(margins: Margins, found: Estimate, *, gamma: float) -> float:  # noqa: ARG001
    if found.n < FEWEST or not found.determined:
        return 1.0
    one = _both(found)
    return min(1.0, 2 * max(one.chance_above(1 - gamma), one.chance_below(gamma)))


def decide_poi(
    kind: Kind,
    margins: Margins,
    found: Estimate,
    *,
    alpha: float,
    gamma: float,
) -> Decision:
    """Judge one claim by chances of improvement, at a two-sided level alpha."""
    if found.n < FEWEST:
        return Decision("inconclusive", "too_few_seeds")
    if not found.determined:
        return Decision("inconclusive", "degenerate")
    one = _both(found)
    if kind == "worse":
        mirrored = decide_poi(
            "improves", margins, one.negated(), alpha=alpha, gamma=gamma
        )
        return Decision(mirrored.verdict, mirror(mirrored.finding))
    if kind == "equivalent":
        return _decide_equivalent(one, alpha, gamma)
    lower, upper = one.chance_interval(1 - alpha)
    if kind == "noninferior":
        return _decide_noninferior(lower, upper, gamma)
    if kind == "differs":
        return _decide_differs(lower, upper, gamma)
    return _decide_improves(lower, upper, gamma)


def _decide_noninferior(lower: float, upper: float, gamma: float) -> Decision:
    if lower > 1 - gamma:
        return Decision("supported", "noninferior")
    if upper < 1 - gamma:
        return Decision("refuted", "worse_by_margin")
    return Decision("inconclusive", "worse" if upper < HALF else "unresolved")


def _decide_differs(lower: float, upper: float, gamma: float) -> Decision:
    if lower > HALF:
        return Decision("supported", "better_by_margin")
    if upper < HALF:
        return Decision("supported", "worse_by_margin")
    if 1 - gamma < lower and upper < gamma:
        return Decision("equivalent", "equivalent")
    return Decision("inconclusive", "unresolved")


def _decide_improves(lower: float, upper: float, gamma: float) -> Decision:
    if lower > HALF and upper > gamma:
        return Decision("supported", "better_by_margin")
    if upper >= gamma:
        return Decision("inconclusive", "unresolved")
    within = lower > 1 - gamma
    if lower > HALF:
        finding = "better_below_margin"
    elif upper < HALF:
        finding = "worse_below_margin" if within else "worse"
    else:
        finding = "equivalent" if within else "not_better_by_margin"
    return Decision("equivalent" if within else "refuted", finding)


def _decide_equivalent(one: PoiEstimate, alpha: float, gamma: float) -> Decision:
    low, high = one.chance_interval(1 - 2 * alpha)
    if 1 - gamma < low and high < gamma:
        return Decision("supported", "equivalent")
    lower, upper = one.chance_interval(1 - alpha)
    if lower > gamma:
        return Decision("refuted", "better_by_margin")
    if upper < 1 - gamma:
        return Decision("refuted", "worse_by_margin")
    return Decision("inconclusive", "unresolved")


def least_p(kind: Kind, n: int, *, gamma: float) -> float:
    """The smallest p that n runs of each arm can reach for a claim."""
    if n < FEWEST:
        return 1.0
    best = 1 / comb(2 * n, n)  # of the exact test, where every run wins
    ends = ((1.0, (best, 1.0)), (HALF, (HALF, HALF)), (0.0, (1.0, best)))
    found = [
        min(_p_values(kind, _even(n, chance, exact), gamma)) for chance, exact in ends
    ]
    return min(1.0, *found)


def _even(n: int, chance: float, exact: tuple[float, float]) -> PoiEstimate:
    return PoiEstimate(0.0, n, 0.0, (), None, None, chance=chance, exact=exact)
