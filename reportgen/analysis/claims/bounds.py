"""What a claim's data rule out: a judged claim in, a bound and its sentence out."""

from math import exp, isfinite

from reportgen.analysis.claims.judged import Case
from reportgen.analysis.claims.phrases import PHRASES
from reportgen.analysis.claims.wording import named_in, units
from reportgen.analysis.findings.digits import decimals_for, rounded_up


def ruled_out(case: Case, level: float) -> tuple[float | None, str]:
    """The smallest oriented effect that the interval excludes, and a sentence.

    For a claim of gain it is the upper end, for one of loss or of being no worse the
    lower end, and for equivalence or difference the farther end. The sentence has the
    decimals of the claim's effect, rounded away from zero, so that it stays true.
    """
    found = case.found
    if found is None or not found.determined or found.n < 3:
        return None, "Too little data to rule out any effect."
    lower, upper = found.interval(level)
    phrases, kind = PHRASES[case.parts.about], case.parts.kind
    if kind == "improves":
        bound, size, noun = upper, upper, phrases.gain
    elif kind in ("worse", "noninferior"):
        bound, size, noun = lower, -lower, phrases.loss
    else:
        bound = size = max(abs(lower), abs(upper))
        noun = phrases.either
    if not isfinite(bound):
        few = f"Too few {units(case)} for this method to rule out any effect."
        return None, few
    told = f" by {_at_least(case, size)} or more" if size > 0 else " by any amount"
    subject = noun.format(**named_in(case))
    sure = f"{100 * level:.3g}\u202f% confidence"
    return bound, f"{subject}{told} is ruled out at {sure}."


def _at_least(case: Case, size: float) -> str:
    """An amount as readers see it, with the decimals of the claim's effect."""
    ends = case.found.interval(0.95) if case.found else (0.0, 0.0)
    size, (lower, upper) = _as_seen(case, size), (_as_seen(case, end) for end in ends)
    decimals = decimals_for(
        (upper - lower) / 4, unit=case.quantity.unit or case.metric.unit
    )
    written = f"{rounded_up(size, decimals):.{decimals}f}"
    return PHRASES[case.parts.about].size.format(m=written)


def _as_seen(case: Case, effect: float) -> float:
    return exp(effect) if case.parts.about == "spread" else effect
