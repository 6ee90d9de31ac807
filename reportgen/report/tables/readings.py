"""Readings: every verdict in everyday words, with what it hangs on."""

from reportgen.analysis.findings.study import ClaimResult
from reportgen.report.cells import DASH, text_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.writer import Writer, true_minus
from reportgen.spec.model import StudySpec

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
    columns = (
        Column("Claim", wrap=True),
        Column("In words", wrap=True),
        Column("Keep in mind", wrap=True),
    )
    title = "What the verdicts say, and what they hang on"
    return Table("readings", title, columns, rows, small=True)


def _row(claim: ClaimResult, write: Writer) -> Row:
    caveats = [TAGS.get(tag, tag) for tag in claim.tags]
    return Row(
        (
            Cell(str(write.claim_name(claim.id)), claim.id),
            text_cell(true_minus(claim.plain)),
            text_cell("; ".join(caveats)) if caveats else DASH,
        )
    )
