"""Expectations: why anyone thought that a claim would hold, with sources."""

from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.markdown import read_inline
from reportgen.report.writer import Writer
from reportgen.spec.model import StudySpec


def draw(study: StudySpec, write: Writer) -> Table | None:
    """One row per claim, in the order of the spec."""
    rows = []
    for name, claim in study.claims.items():
        cite = claim.why_expected.cite
        keys = (cite,) if isinstance(cite, str) else cite or ()
        sources = f" {write.cite(*keys)}" if keys else ""
        reason = write.texts[f"claims.{name}.why_expected.text"] + sources
        said = read_inline(claim.says)
        says = f"{write.claim_name(name)}<span class='sub'>{said}</span>"
        rows.append(Row((Cell(says, name), Cell(reason))))
    if not rows:
        return None
    columns = (Column("Claim", wrap=True), Column("Why it was expected", wrap=True))
    title = "What was expected, and on what grounds"
    return Table("expectations", title, columns, tuple(rows))
