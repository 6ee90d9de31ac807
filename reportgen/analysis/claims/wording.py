"""Verdicts in words: a judged claim in, its sentences out."""

from math import exp, floor, log10

from reportgen.analysis.claims.judged import Case
from reportgen.analysis.claims.phrases import OPEN, PHRASES
from reportgen.analysis.claims.rule import Decision
from reportgen.analysis.findings.study import Verdict
from reportgen.analysis.statistics.estimate import Estimate
from reportgen.spec.claims import CEILING, CHANCE

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
    compared, tail = _compared(case), f"claim '{case.name}': {verdict}"
    found = case.found
    if found is None:
        return f"{compared}: no pair of runs to compare; {tail}"
    raw = _raw(case, found)
    spans = ""
    if raw.determined:
        spans = f"95 % CI {_span(case, raw, 0.95)}; 90 % CI {_span(case, raw, 0.90)}; "
    p, adjusted = p_values
    scope = f"scope {'population' if case.over_rows else 'test_set'}"
    if case.quantity.counts_failures:
        own, other = (len(failed) for failed in case.pairs.failed)
        scope = f"failed {own} and {other}"
    return (
        f"{compared} = {_number(case, raw.mean)} ({spans}n={found.n} "
        f"{units(case)}; p{p_text(p)}, {correction}-adjusted "
        f"{p_text(adjusted).removeprefix('=')}; {scope}); {tail}"
    )


def _compared(case: Case) -> str:
    """What is subtracted from what, or divided by it."""
    own, other, where = case.parts.variant, case.parts.reference, case.metric_path
    if case.parts.about == "shift":
        return f"R({own}) {MINUS} R({other}), R = {where} {MINUS} {case.shifted_path},"
    if case.parts.about == "spread":
        return f"spread of {own} / spread of {other} over seeds on {where}"
    return f"{own} {MINUS} {other} on {where}"


def _raw(case: Case, found: Estimate) -> Estimate:
    """The estimate in the direction of the metric, or of what `_compared` names."""
    turned = not case.metric.higher_is_better
    if case.parts.about == "shift":  # a loss, so the other way round
        turned = not turned
    if case.parts.about == "spread":  # the variant's over the reference's
        turned = True
    return found.negated() if turned else found


def _span(case: Case, raw: Estimate, level: float) -> str:
    lower, upper = raw.interval(level)
    return f"{_number(case, lower)} to {_number(case, upper)}"


def _number(case: Case, value: float) -> str:
    if case.parts.about == "spread":
        return short(exp(value)) if value < 300 else "infinity"
    return signed(value)


def plain_sentence(
    case: Case,
    decision: Decision,
    *,
    alone: Verdict | None = None,
    reason: str = "",
) -> str:
    """The verdict in everyday words, with the margin and nothing else typed.

    Args:
        case: the claim.
        decision: its verdict.
        alone: the verdict it would have were it the study's only claim.
        reason: why it has none.
    """
    phrases, finding = PHRASES[case.parts.about], decision.finding
    verdict, kind = decision.verdict, case.parts.kind
    better = finding.startswith("better")
    clause = phrases.better if better else phrases.worse
    margin = case.margins.claimed or case.margins.equivalence
    size = _size(case, margin)
    by = phrases.by.format(m=size) if case.margins.claimed > 0 else ""
    if verdict == "supported":
        text = phrases.supported[kind] + "."
        if kind == "differs":
            text = "{clause}, so the two differ."
    elif verdict == "refuted":
        text = phrases.refuted[kind] + "."
        if kind != "equivalent" and finding in ("worse", "better"):
            text = "The claim is wrong in direction: {clause}."
    elif verdict == "equivalent":
        text = phrases.alike + ", so the claimed effect is ruled out and so is its "
        text += "opposite."
    elif verdict == "inadmissible":
        text = "No verdict: {why}."
    else:
        text = _open(case, finding)
    text = text.replace("{clause}", clause)
    text = text.replace("{asked}", phrases.supported[kind])
    told = text.replace("{topic}", phrases.topic).format(
        **named_in(case),
        m=size,
        by=by,
        n=len(case.pairs.seeds) if case.found is None else case.found.n,
        units=units(case),
        size=amount(case, margin),
        why=reason,
        alone=alone,
    )
    first, explained, rest = told.partition(EXPLAINED)
    told = first + explained + rest.replace(EXPLAINED, "")  # once is enough
    # A sentence begins with a capital, unless it begins with the name of an arm.
    return told if text.startswith("{a}") else told[:1].upper() + told[1:]


def units(case: Case) -> str:
    """What a claim counts, in the plural: where arms are not paired, their runs."""
    sample = case.pairs.sample
    if case.method.unpaired and sample is not None and len(set(sample.runs)) == 2:
        own, other = sample.runs
        return f"runs of each arm at least ({own} and {other})"
    if case.method.unpaired:
        return case.method.units
    return PHRASES[case.parts.about].units


def _open(case: Case, finding: str) -> str:
    """Why a claim stays open."""
    if finding == "no_data" and case.parts.about == "spread":
        return "The runs do not give two spreads to compare: {topic}."
    if finding == "no_data" and case.parts.about == "level":
        return "There is no run, or nothing to hold it against, in {what}."
    own, other = map(len, case.pairs.failed)
    if finding == "no_data" and (own or other):
        return (
            f"There is no pair of runs to compare in {{topic}}: {own} of {{a}} and "
            f"{other} of {{b}} failed, and no score is put in their place."
        )
    return OPEN.get(finding, OPEN["unresolved"])


def _what(case: Case) -> str:
    """The metric and where it is measured, as the phrases go on about it."""
    title, place = case.metric.title, case.variant.evaluation_set
    if case.quantity.counts_failures:
        return f"the {title}"
    if case.parts.about == "shift":
        return f"from {place} to {case.parts.shifted_set}"
    return f"{title} on {place}"


def named_in(case: Case) -> dict[str, str]:
    """What the phrases name: two arms, or an arm and its yardstick, and the metric."""
    reference = case.parts.reference
    return {
        "a": case.parts.variant,
        "b": YARDSTICKS.get(reference, reference),
        "what": _what(case),
        "title": case.metric.title,
    }


def amount(case: Case, effect: float) -> str:
    """The size of an effect as it reads in a sentence."""
    return PHRASES[case.parts.about].size.format(m=_size(case, effect))


def _size(case: Case, effect: float) -> str:
    """An effect as a number: a ratio of spreads as a ratio."""
    return short(exp(effect) if case.parts.about == "spread" else effect)


EXPLAINED = " (always naming the most frequent class)"
YARDSTICKS = {
    CHANCE: CHANCE + EXPLAINED,
    CEILING: "the ceiling that label noise leaves",
}
