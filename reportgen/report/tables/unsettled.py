"""Unsettled: claims not supported, what is ruled out, and what would settle them."""

from reportgen.analysis.findings.study import ClaimResult
from reportgen.report.cells import DASH, text_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.tables.verdicts import verdict_cell
from reportgen.report.writer import Writer, true_minus
from reportgen.spec.model import StudySpec

NOTE = (
    "What is ruled out is rounded away from zero, at the confidence that the "
    "correction for several claims leaves. To resolve an amount is to tell an effect "
    "that far from the margin from the margin; 80\u202f% power is a chance of "
    "80\u202f% to do so."
)


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per claim that was not supported."""
    rows = tuple(
        _row(claim, write)
        for claim in write.findings.claims
        if claim.verdict != "supported"
    )
    if not rows:
        return None
    columns = (
        Column("Claim", wrap=True),
        Column("Verdict"),
        Column("What the data rule out", wrap=True),
        Column("What would settle it", wrap=True),
    )
    title = "Claims that were not supported"
    return Table("unsettled", title, columns, rows, NOTE)


def _row(claim: ClaimResult, write: Writer) -> Row:
    ruled_out = true_minus(claim.ruled_out_sentence)
    settle = true_minus(claim.settle.sentence) if claim.settle else ""
    return Row(
        (
            Cell(str(write.claim_name(claim.id)), claim.id),
            verdict_cell(claim),
            text_cell(ruled_out) if ruled_out else DASH,
            text_cell(settle) if settle else DASH,
        )
    )
