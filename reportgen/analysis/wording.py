"""Verdicts in words: a judged claim in, its sentences out."""

from math import floor, isfinite, log10

from reportgen.analysis.findings import Verdict
from reportgen.analysis.judged import Case
from reportgen.analysis.verdict import Decision

MINUS = "\u2212"


def p_text(p: float | None) -> str:
    """` = ` or ` < ` and a p-value with two significant digits, never zero."""
    if p is None:
        return "=n/a"
    if p < 1e-4:
        return "<0.0001"
    if p >= 0.995:
        return ">0.99"
    decimals = 1 - floor(log10(float(f"{p:.1e}")))
    return f"={p:.{decimals}f}"


def signed(value: float) -> str:
    """A difference with its sign and four decimals; a true minus."""
    text = f"{value:+.4f}".replace("-", MINUS)
    return text if text.strip(f"+{MINUS}0.") else "0.0000"


def short(value: float) -> str:
    """A margin or bound to three significant digits, without exponent."""
    if value == 0:
        return "0"
    decimals = max(0, 2 - floor(log10(abs(value))))
    text = f"{value:.{min(decimals, 6)}f}"
    return text.rstrip("0").rstrip(".").replace("-", MINUS)


def verdict_sentence(
    case: Case,
    verdict: Verdict,
    p_values: tuple[float | None, float | None],
    *,
    correction: str = "Holm",
) -> str:
    """The fixed template: raw difference, intervals, p-values, scope, verdict."""
    pair = f"{case.parts.variant} {MINUS} {case.parts.reference} on {case.metric_path}"
    scope = "population" if case.over_rows else "test_set"
    tail = f"claim '{case.name}': {verdict}"
    found = case.found
    if found is None:
        return f"{pair}: no pair of runs to compare; {tail}"
    raw = found if case.metric.higher_is_better else found.negated()
    spans = ""
    if raw.determined:
        outer, inner = raw.interval(0.95), raw.interval(0.90)
        spans = (
            f"95 % CI {signed(outer[0])} to {signed(outer[1])}; "
            f"90 % CI {signed(inner[0])} to {signed(inner[1])}; "
        )
    p, adjusted = p_values
    return (
        f"{pair} = {signed(raw.mean)} ({spans}n={found.n} seed pairs; "
        f"p{p_text(p)}, {correction}-adjusted {p_text(adjusted).removeprefix('=')}; "
        f"scope {scope}); {tail}"
    )


def plain_sentence(case: Case, decision: Decision, *, reason: str = "") -> str:
    """The verdict in everyday words, with the margin and nothing else typed."""
    names = {
        "a": case.parts.variant,
        "b": case.parts.reference,
        "what": f"{case.metric.title} on {case.variant.evaluation_set}",
        "m": short(case.margins.claimed or case.margins.equivalence),
        "n": str(len(case.pairs.seeds)),
        "why": reason,
    }
    verdict, kind = decision.verdict, case.parts.kind
    if verdict == "supported":
        text = _SUPPORTED[kind, case.margins.claimed > 0] + _failures_allowed(case)
    elif verdict == "refuted":
        better = decision.finding.startswith("better")
        text = _REFUTED[kind]
        if kind == "equivalent":
            text = _BEYOND[better]
        elif decision.finding in ("worse", "better"):
            text = _CONTRARY[decision.finding]
    elif verdict == "equivalent":
        text = "{a} and {b} differ in {what} by less than {m} either way, so the "
        text += "claimed effect is ruled out and so is its opposite."
    elif verdict == "inadmissible":
        text = "No verdict: {why}."
    else:
        text = _OPEN.get(decision.finding, _OPEN["unresolved"])
    return text.format(**names)


def _failures_allowed(case: Case) -> str:
    """What runs that all completed still allow; skew that no interval can see."""
    failed, n = case.pairs.failed[0], len(case.pairs.complete_seeds)
    if failed or not n:
        return ""
    bound = 1 - 0.05 ** (1 / n)
    return f" No run of {{a}} failed; failure rates up to {bound:.2f} remain possible."


def ruled_out(case: Case, level: float) -> tuple[float | None, str]:
    """The smallest oriented effect that the interval excludes, and a sentence.

    For a claim of gain it is the upper end, for one of loss or of being no worse the
    lower end, and for equivalence or difference the farther end.
    """
    found = case.found
    if found is None or not found.determined or found.n < 3:
        return None, "Too little data to rule out any effect."
    lower, upper = found.interval(level)
    if not isfinite(lower) or not isfinite(upper):
        return None, "Too few seed pairs for this method to rule out any effect."
    share = f"is ruled out at {100 * level:.3g} % confidence."
    what = f"{case.metric.title} on {case.variant.evaluation_set}"
    pair = f"{case.parts.variant} over {case.parts.reference}"
    kind = case.parts.kind
    if kind == "improves":
        size = f" by {short(upper)} or more" if upper > 0 else " of any size"
        return upper, f"An improvement of {pair} in {what}{size} {share}"
    if kind in ("worse", "noninferior"):
        size = f" by {short(-lower)} or more" if lower < 0 else " of any size"
        return lower, f"A worsening of {pair} in {what}{size} {share}"
    farther = max(abs(lower), abs(upper))
    pair = f"between {case.parts.variant} and {case.parts.reference}"
    size = f"of {short(farther)} or more either way"
    return farther, f"A difference {pair} in {what} {size} {share}"


_SUPPORTED = {
    ("improves", True): "{a} beats {b} in {what} by more than {m}.",
    ("improves", False): "{a} beats {b} in {what}.",
    ("worse", True): "{a} is worse than {b} in {what} by more than {m}.",
    ("worse", False): "{a} is worse than {b} in {what}.",
    ("noninferior", True): "{a} is not worse than {b} in {what} by more than {m}.",
    ("noninferior", False): "{a} is not worse than {b} in {what}.",
    ("equivalent", True): "{a} and {b} differ in {what} by less than {m} either way.",
    ("equivalent", False): "{a} and {b} do not differ in {what}.",
    ("differs", True): "{a} changes {what} against {b}.",
    ("differs", False): "{a} changes {what} against {b}.",
}
_REFUTED = {
    "improves": "Whatever {a} gains over {b} in {what}, it is less than {m}.",
    "worse": "Whatever {a} loses against {b} in {what}, it is less than {m}.",
    "noninferior": "{a} is worse than {b} in {what} by more than {m}.",
    "differs": "{a} changes {what} against {b} by less than {m} either way.",
}
_BEYOND = {
    True: "{a} and {b} do not match: {a} is better in {what} by more than {m}.",
    False: "{a} and {b} do not match: {a} is worse in {what} by more than {m}.",
}
_CONTRARY = {
    "worse": "The claim is wrong in direction: {a} is worse than {b} in {what}.",
    "better": "The claim is wrong in direction: {a} is better than {b} in {what}.",
}
_OPEN = {
    "method_refused": "No verdict about {what}, by the rule declared: {why}.",
    "undeclared_look": "The rule would give the claim about {what} a verdict, but "
    "results were looked at with other numbers of seeds than declared, which makes "
    "chance findings likelier.",
    "unresolved": "The {n} seed pairs leave the claim about {what} open: neither it "
    "nor its opposite can be ruled out.",
    "better_size_unresolved": "{a} is better than {b} in {what}, but the {n} seed "
    "pairs cannot say whether by {m} or more.",
    "worse_size_unresolved": "{a} is worse than {b} in {what}, but the {n} seed "
    "pairs cannot say whether by {m} or more.",
    "worse": "{a} is worse than {b} in {what}, but the {n} seed pairs cannot say "
    "whether by {m} or more.",
    "too_few_seeds": "{n} seed pairs are too few for any verdict on {what}.",
    "no_data": "There is no pair of runs to compare in {what}.",
    "depends_on_failures": "The answer about {what} depends on how failed runs are "
    "counted, so none is given.",
    "identical_predictions": "{a} and {b} answer every row of this set alike; {what} "
    "on other rows may still differ.",
    "degenerate": "Nothing varies over the seeds, so nothing can be said about {what} "
    "beyond these runs.",
    "significant_before_correction": "On its own the claim about {what} would have a "
    "verdict; among all claims of the study the evidence is too weak.",
}
