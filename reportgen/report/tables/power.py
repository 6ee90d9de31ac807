"""Power: what each claim could have shown with the seeds it had."""

from reportgen.analysis.findings.claims import ClaimResult, shown
from reportgen.report.cells import count_cell, number_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.statements import margin_number
from reportgen.report.writer import Writer
from reportgen.spec.model import StudySpec


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per claim with an interval."""
    rows = tuple(
        _row(claim, write)
        for claim in write.findings.claims
        if claim.ci95 is not None and claim.effect is not None
    )
    if not rows:
        return None
    columns = (
        Column("Claim"),
        Column("Seed pairs", "right"),
        Column("Half-width", "right"),
        Column("Margin", "right"),
        Column("SE, seeds", "right"),
        Column("SE, seeds and rows", "right"),
        Column("In SDs", "right"),
    )
    note = (
        "Half-width is half of the 95\u202f% interval: an effect must lie so far from "
        "the margin to be told apart from it. SE is the standard error of the effect, "
        "over seeds alone and over seeds and test rows together; the wider decides. In "
        "SDs is the effect over the spread of one seed’s difference (with Hedges’ "
        "correction), which few seeds show badly."
    )
    if any(claim.about == "spread" for claim in write.findings.claims):
        note += " Of a ratio of spreads it is the factor from its middle to an end."
    return Table("power", "What the design could resolve", columns, rows, note)


def _tag(claim: ClaimResult) -> str:
    """Said of a claim whose numbers answer no question: it has no verdict."""
    barred = claim.verdict == "inadmissible"
    return ' <span class="tag">inadmissible</span>' if barred else ""


def _row(claim: ClaimResult, write: Writer) -> Row:
    decimals = write.effect_decimals(claim)
    half = (claim.ci95.upper - claim.ci95.lower) / 2 if claim.ci95 else None
    errors = (claim.standard_error_seeds, claim.standard_error_crossed)
    if claim.about in ("spread", "failures"):
        errors = (None, None)  # judged by other laws than that of a mean
    margin = write.mark(f"claim/{claim.id}/margin", margin_number(claim))
    return Row(
        (
            Cell(f"{write.claim_name(claim.id)}{_tag(claim)}", claim.id),
            count_cell(len(claim.seeds)),
            number_cell(None if half is None else shown(claim, half), decimals),
            Cell(str(margin), claim.margin),
            *(number_cell(error, decimals + 1) for error in errors),
            number_cell(claim.standardised, 1),
        )
    )
