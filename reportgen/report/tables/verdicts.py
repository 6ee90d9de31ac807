"""Verdicts: each claim with its effect, interval, margin, p-value and verdict."""

from reportgen.analysis.findings import ClaimResult
from reportgen.report.cells import DASH, code, metric_name
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.numbers import write_decimal, write_interval, write_p
from reportgen.report.writer import SIGNS, Writer
from reportgen.spec.model import StudySpec


def draw(study: StudySpec, write: Writer) -> Table | None:
    """One row per claim, in the order of the spec."""
    claims = {claim.id: claim for claim in write.findings.claims}
    rows = tuple(_row(claims[name], write) for name in study.claims if name in claims)
    if not rows:
        return None
    columns = (
        Column("Claim", wrap=True),
        Column("Effect", "right"),
        Column("95\u202f% interval", "right"),
        Column("Margin", "right"),
        Column("<i>p</i> (Holm)", "right"),
        Column("Verdict"),
    )
    note = (
        "Effects are oriented: positive means that the variant is better, in the "
        "metric’s own unit. The margin is the smallest effect the claim needs."
    )
    return Table("verdicts", "The claims and what became of them", columns, rows, note)


def _row(claim: ClaimResult, write: Writer) -> Row:
    metric = metric_name(claim.metric, write.findings.metrics)
    post_hoc = ' <span class="tag">post hoc</span>' if claim.post_hoc else ""
    says = f'{code(claim.id)}{post_hoc}<span class="sub">{claim.variant} against '
    says += f"{claim.reference}, {metric}</span>"
    margin = write.mark(f"claim/{claim.id}/margin", f"{claim.margin:g}")
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
    effect = write.mark(fact_id, write_decimal(claim.effect, decimals, signed=True))
    interval = write_interval(claim.ci95.lower, claim.ci95.upper, decimals)
    return (
        Cell(str(effect), claim.effect),
        Cell(str(write.mark(fact_id, interval)), claim.ci95.lower),
    )


def _p_cell(claim: ClaimResult, write: Writer) -> Cell:
    if claim.p_adjusted is None:
        return DASH
    text = write_p(claim.p_adjusted)
    marked = write.mark(f"claim/{claim.id}/p_adjusted", text)
    return Cell(str(marked), claim.p_adjusted)


def verdict_cell(claim: ClaimResult) -> Cell:
    """The verdict as a sign and a word."""
    word = claim.verdict
    sign = f'<span class="sign" aria-hidden="true">{SIGNS[word]}</span>'
    return Cell(f'<span class="verdict {word}">{sign}{word}</span>', word)
