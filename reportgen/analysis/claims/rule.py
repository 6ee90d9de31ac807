"""The rule: a claim's kind, its margins and an estimate in, a verdict out.

Effects are oriented, so positive means that the variant is better. All inequalities
are strict; a tie leaves a claim inconclusive.
"""

from dataclasses import dataclass, replace

from reportgen.analysis.findings.study import Verdict
from reportgen.analysis.statistics.estimate import Estimate
from reportgen.spec.claims import Kind

FEWEST_PAIRS = 3
MIRROR = {"better": "worse", "worse": "better"}


@dataclass(frozen=True)
class Margins:
    """The effect a claim speaks of, and the effect too small to matter.

    `equivalence` is 0 where nothing was declared too small to matter.
    """

    claimed: float
    equivalence: float


@dataclass(frozen=True)
class Decision:
    """A verdict, and what the interval showed beyond the headline."""

    verdict: Verdict
    finding: str


def margins_of(kind: Kind, margin: float, smallest_effect: float | None) -> Margins:
    """The margins a claim is judged by; `differs` claims no size."""
    equivalence = margin if margin > 0 else smallest_effect or 0.0
    return Margins(0.0 if kind == "differs" else margin, equivalence)


def decide(
    kind: Kind, margins: Margins, found: Estimate, *, alpha: float = 0.05
) -> Decision:
    """Judge one claim at a two-sided level alpha.

    Equivalence claims use the interval at 1 - 2 alpha (two one-sided tests); all else
    uses the one at 1 - alpha, including `equivalent` as the outcome of another claim.
    """
    if found.n < FEWEST_PAIRS:
        return Decision("inconclusive", "too_few_seeds")
    if not found.determined:
        return Decision("inconclusive", "degenerate")
    if kind == "worse":
        mirrored = decide("improves", margins, found.negated(), alpha=alpha)
        return replace(mirrored, finding=mirror(mirrored.finding))
    if kind == "equivalent":
        return _decide_equivalent(margins.claimed, found, alpha)
    lower, upper = found.interval(1 - alpha)
    if kind == "noninferior":
        return _decide_noninferior(margins.claimed, lower, upper)
    if kind == "differs":
        return _decide_differs(margins.equivalence, lower, upper)
    return _decide_improves(margins, lower, upper)


def mirror(finding: str) -> str:
    """The same finding with better and worse exchanged."""
    return "_".join(MIRROR.get(word, word) for word in finding.split("_"))


def claim_p(kind: Kind, margins: Margins, found: Estimate) -> float:
    """The smaller of the p-values for support and for refutation.

    Directional p-values are doubled, so that 5 % two-sided is 2.5 % one-sided.
    """
    if found.n < FEWEST_PAIRS or not found.determined:
        return 1.0
    margin = margins.claimed
    if kind == "equivalent":
        support = max(found.p_greater(-margin), found.p_less(margin))
        refute = 2 * min(found.p_greater(margin), found.p_less(-margin))
        return min(1.0, support, refute)
    null = margin if kind == "improves" else -margin  # 0 for `differs`
    return min(1.0, 2 * found.p_greater(null), 2 * found.p_less(null))


def equivalence_p(margins: Margins, found: Estimate) -> float:
    """P of being smaller than the equivalence margin, as a fall-back outcome."""
    if found.n < FEWEST_PAIRS or not found.determined or margins.equivalence <= 0:
        return 1.0
    bound = margins.equivalence
    return min(1.0, 2 * max(found.p_greater(-bound), found.p_less(bound)))


def _decide_equivalent(margin: float, found: Estimate, alpha: float) -> Decision:
    low, high = found.interval(1 - 2 * alpha)
    if -margin < low and high < margin:
        return Decision("supported", "equivalent")
    lower, upper = found.interval(1 - alpha)
    if lower > margin:
        return Decision("refuted", "better_by_margin")
    if upper < -margin:
        return Decision("refuted", "worse_by_margin")
    return Decision("inconclusive", "unresolved")


def _decide_noninferior(margin: float, lower: float, upper: float) -> Decision:
    if lower > -margin:
        return Decision("supported", "noninferior")
    if upper < -margin:
        return Decision("refuted", "worse_by_margin")
    return Decision("inconclusive", "worse" if upper < 0 else "unresolved")


def _decide_differs(equivalence: float, lower: float, upper: float) -> Decision:
    """Any difference; inside the equivalence margin is told as equivalent."""
    if lower > 0:
        return Decision("supported", _size(equivalence, lower, upper))
    if upper < 0:
        return Decision("supported", mirror(_size(equivalence, -upper, -lower)))
    if equivalence > 0 and -equivalence < lower and upper < equivalence:
        return Decision("equivalent", "equivalent")
    return Decision("inconclusive", "unresolved")


def _size(margin: float, lower: float, upper: float) -> str:
    """How large a proven positive effect is."""
    if margin > 0 and upper < margin:
        return "better_below_margin"
    return "better_by_margin" if lower > margin else "better_size_unresolved"


def _decide_improves(margins: Margins, lower: float, upper: float) -> Decision:
    margin, equivalence = margins.claimed, margins.equivalence
    if lower > margin:
        return Decision("supported", "better_by_margin")
    if equivalence > 0 and -equivalence < lower and upper < equivalence:
        if lower > 0:
            return Decision("equivalent", "better_below_margin")
        return Decision(
            "equivalent", "worse_below_margin" if upper < 0 else "equivalent"
        )
    if upper < margin:
        if upper < 0:
            return Decision("refuted", "worse")
        return Decision(
            "refuted", "better_below_margin" if lower > 0 else "not_better_by_margin"
        )
    if lower > 0:
        return Decision("inconclusive", "better_size_unresolved")
    return Decision("inconclusive", "unresolved")
