"""Posterior probabilities of regions of practical equivalence.

Under a flat prior the posterior of the mean difference is Student's t around the mean
seen, with the standard error over seeds. Independent seeds on fixed splits need no
correction for overlapping folds.

Source: Benavoli et al. (2017), J. Mach. Learn. Res. 18:1 (regions, decision at .95).
"""

from reportgen.analysis.claims.method import Method
from reportgen.analysis.claims.rule import FEWEST_PAIRS, Decision, Margins, mirror
from reportgen.analysis.statistics.estimate import Estimate
from reportgen.analysis.statistics.laws import rope_law
from reportgen.spec.claims import Kind
from reportgen.spec.model import AnalysisSpec


def make(analysis: AnalysisSpec) -> Method:  # noqa: ARG001
    """Bayesian: a claim is decided by the probability of what it says."""
    return Method(
        name="rope",
        title="posterior probability",
        explained=(
            "With no opinion beforehand, the data give the probability that the true "
            "difference lies beyond, within or below the margin. A claim is decided "
            "where what it says, or its contrary, has more than 95 % probability. For "
            "claims of a direction this asks less than the default, which allows 2.5 % "
            "of error on a side; for claims of equivalence it asks more."
        ),
        decide=decide_rope,
        claim_p=rope_p,
        equivalence_p=_equivalence_p,
        level=_level,
        power=rope_law,
    )


def _outside(margin: float, found: Estimate) -> float:
    """Posterior probability of an effect beyond +-margin."""
    return min(1.0, found.p_greater(-margin) + found.p_less(margin))


def _doubts(kind: Kind, margin: float, found: Estimate) -> tuple[float, float]:
    """One minus the posterior probability of the claim, and of its contrary."""
    if kind == "equivalent":
        beyond = min(found.p_greater(margin), found.p_less(-margin))
        return _outside(margin, found), beyond
    if kind == "differs":  # either direction supports it, so each gets half
        return 2 * min(found.p_greater(0.0), found.p_less(0.0)), 1.0
    if kind == "worse":
        return found.p_less(-margin), found.p_greater(-margin)
    null = -margin if kind == "noninferior" else margin
    return found.p_greater(null), found.p_less(null)


def rope_p(kind: Kind, margins: Margins, found: Estimate) -> float:
    """One minus the probability of whichever decision is more probable."""
    if found.n < FEWEST_PAIRS or not found.determined:
        return 1.0
    return min(1.0, *_doubts(kind, margins.claimed, found))


def _equivalence_p(margins: Margins, found: Estimate) -> float:
    bound = margins.equivalence
    if found.n < FEWEST_PAIRS or not found.determined or bound <= 0:
        return 1.0
    return _outside(bound, found)


def decide_rope(
    kind: Kind, margins: Margins, found: Estimate, *, alpha: float
) -> Decision:
    """Judge a claim where something has more than 1 - alpha of probability."""
    if found.n < FEWEST_PAIRS:
        return Decision("inconclusive", "too_few_seeds")
    if not found.determined:
        return Decision("inconclusive", "degenerate")
    margin = margins.claimed
    support, against = _doubts(kind, margin, found)
    better, worse = found.p_greater(0.0) < alpha, found.p_less(0.0) < alpha
    if support < alpha:
        return Decision("supported", _supported(kind, margins, found))
    bound = margins.equivalence
    may_match = kind in ("improves", "worse", "differs") and bound > 0
    if may_match and _outside(bound, found) < alpha:
        sign = "better_below_margin" if better else "worse_below_margin"
        return Decision("equivalent", sign if better or worse else "equivalent")
    if against < alpha:
        return Decision("refuted", _refuted(kind, margin, found, alpha))
    contrary = better if kind == "improves" else worse
    if kind in ("improves", "worse") and contrary:
        name = "better_size_unresolved"
        return Decision("inconclusive", name if better else mirror(name))
    if kind == "noninferior" and worse:
        return Decision("inconclusive", "worse")
    return Decision("inconclusive", "unresolved")


def _supported(kind: Kind, margins: Margins, found: Estimate) -> str:
    if kind == "equivalent":
        return "equivalent"
    if kind == "noninferior":
        return "noninferior"
    name = "better_by_margin"
    if kind == "differs":
        size = abs(found.mean)
        oriented = found if found.mean > 0 else found.negated()
        known = oriented.p_greater(margins.equivalence) < 0.5
        if margins.equivalence > 0 and not (known and size > margins.equivalence):
            name = "better_size_unresolved"
    gains = kind == "improves" or (kind == "differs" and found.mean > 0)
    return name if gains else mirror(name)


def _refuted(kind: Kind, margin: float, found: Estimate, alpha: float) -> str:
    """What a refuted claim's effect is known to be."""
    if kind == "equivalent":
        above = found.p_greater(margin) < found.p_less(-margin)
        return "better_by_margin" if above else "worse_by_margin"
    if kind == "noninferior":
        return "worse_by_margin"
    oriented = found if kind == "improves" else found.negated()
    if oriented.p_less(0.0) < alpha:
        name = "worse"
    elif oriented.p_greater(0.0) < alpha:
        name = "better_below_margin"
    else:
        name = "not_better_by_margin"
    return name if kind == "improves" else mirror(name)


def _level(kind: Kind, alpha: float) -> float:
    """Mass of the central interval whose limits the decision asks about."""
    return 1 - alpha if kind in ("equivalent", "differs") else 1 - 2 * alpha
