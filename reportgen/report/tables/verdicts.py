"""Verdicts: each claim in everyday words, its effect, margin, p-value and verdict."""

from markupsafe import escape

from reportgen.analysis.findings.study import ClaimResult, Findings
from reportgen.report.cells import DASH
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.numbers import write_p
from reportgen.report.statements import (
    effect_text,
    interval_text,
    margin_number,
)
from reportgen.report.writer import SIGNS, Writer, true_minus
from reportgen.spec.model import StudySpec

# What an effect is where it is no difference between two scores.
NOTES = {
    "shift": " For robustness it is how much less the variant loses, from the usual to "
    "the shifted rows, than the arm it is compared with.",
    "level": " Against a number, chance or ceiling it is the distance from it; chance "
    "is what always naming the most frequent class scores, ceiling what label noise "
    "leaves attainable.",
    "spread": " For spread over seeds it is a factor: how far runs of the arm compared "
    "with lie from their median on average, over the same of the variant; above 1 the "
    "variant varies less.",
    "failures": " For failures it is the difference of the two shares of runs that "
    "failed, positive where the variant fails less often.",
}

# Methods whose p-values stand for the margin, not for something else.
TESTING = ("paired", "welch", "pooled", "signflip")
P_NOTE = (
    " <i>p</i> is how probable data at least this far from the margin would be, were "
    "the true effect just the margin; it is corrected for all claims judged together."
)
# Tags of verdicts in words; a tag without words here would be shown as it is.
TAGS = {
    "parametric_only": "fewer than 6 pairs, so it rests on the normal law alone",
    "signflip_disagrees": "an exact test without a normal law does not agree",
    "ci95_outside_eq_margin": "within the margin at 90\u202f%, not at 95\u202f%",
    "one_seed_decides": "leaving out one seed changes the verdict",
    "test_set_limited": "more test rows would help more than more seeds",
    "scope_narrowed": "holds for these rows only",
    "different_rows": "the arms answered different rows",
    "conditional_on_convergence": "counts only runs that completed",
    "repeated_outputs": "runs that repeat another were dropped",
    "missing_runs": "some runs are missing",
    "different_selection": "the arms report different checkpoints",
    "less_to_lose": "it scores lower on the usual rows, so it has less to lose",
}


def draw(study: StudySpec, write: Writer) -> Table | None:
    """One row per claim, in the order of the spec."""
    claims = {claim.id: claim for claim in write.findings.claims}
    rows = tuple(_row(claims[name], write) for name in study.claims if name in claims)
    if not rows:
        return None
    correction = write.findings.family.correction.partition(" over ")[0]
    columns = (
        Column("Claim", wrap=True),
        Column("Effect", "right"),
        Column("95\u202f% interval", "right"),
        Column("Margin", "right"),
        Column(f"<i>p</i> ({correction})", "right"),
        Column("Verdict"),
    )
    note = (
        "Effects are oriented: positive means that the variant is better, in the "
        "metric’s own unit. The margin is the smallest effect the claim needs."
    )
    if write.findings.family.method in TESTING:
        note += P_NOTE
    told = {claim.about for claim in claims.values()}
    note += "".join(text for about, text in NOTES.items() if about in told)
    note += failures_allowed(write.findings)
    title = "The claims and what became of them"
    return Table("verdicts", title, columns, rows, note, small=True)


def failures_allowed(findings: Findings) -> str:
    """What runs that all completed still allow, which no interval can see."""
    rates = findings.failure_rates
    if not rates or any(run.failure for run in findings.runs):
        return ""
    most = max(rate.at_most for rate in rates)
    return (
        " No run failed; with as many runs as an arm has, failure rates up to "
        f"{most:.2f} (one-sided 95\u202f% bound) remain possible all the same."
    )


def _row(claim: ClaimResult, write: Writer) -> Row:
    asides = [claim.judged_by] if claim.judged_by else []
    if claim.tags:
        caveats = "; ".join(TAGS.get(tag, tag) for tag in claim.tags)
        asides.append(f"Keep in mind: {caveats}.")
    says = f"{write.claim_name(claim.id)}<br>{escape(true_minus(claim.plain))}"
    says += "".join(f'<span class="sub">{escape(text)}</span>' for text in asides)
    margin = write.mark(f"claim/{claim.id}/margin", margin_number(claim))
    return Row(
        (
            Cell(says, claim.id),
            *_estimate(claim, write),
            Cell(str(margin), claim.margin),
            _p_cell(claim, write),
            verdict_cell(claim),
        ),
    )


def _estimate(claim: ClaimResult, write: Writer) -> tuple[Cell, Cell]:
    if claim.effect is None or claim.ci95 is None:
        return DASH, DASH
    decimals = write.effect_decimals(claim)
    fact_id = f"claim/{claim.id}/effect"
    effect = write.mark(fact_id, effect_text(claim, claim.effect, decimals))
    interval = interval_text(claim, claim.ci95, decimals)
    return (
        Cell(str(effect), claim.effect),
        Cell(str(write.mark(fact_id, interval)), claim.ci95.lower),
    )


def _p_cell(claim: ClaimResult, write: Writer) -> Cell:
    if claim.p_adjusted is None or claim.verdict == "inadmissible":
        return DASH  # what has no verdict shows no evidence for one
    text = write_p(claim.p_adjusted)
    marked = write.mark(f"claim/{claim.id}/p_adjusted", text)
    return Cell(str(marked), claim.p_adjusted)


def verdict_cell(claim: ClaimResult) -> Cell:
    """The verdict as a sign and a word."""
    word = claim.verdict
    sign = f'<span class="sign" aria-hidden="true">{SIGNS[word]}</span>'
    return Cell(f'<span class="verdict {word}">{sign}{word}</span>', word)
