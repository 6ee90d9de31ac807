"""Attrition: where each arm's planned runs ended."""

from reportgen.report.cells import code, count_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.writer import Writer
from reportgen.spec.model import StudySpec


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per arm; the four ends add up to the planned runs."""
    rows = tuple(
        Row(
            (
                Cell(str(code(arm.arm)), arm.arm),
                count_cell(arm.planned),
                count_cell(arm.reported),
                count_cell(arm.failed),
                count_cell(arm.excluded),
                count_cell(arm.superseded),
            )
        )
        for arm in write.findings.attrition
    )
    if not rows:
        return None
    ends = ("Planned", "Reported", "Failed", "Excluded", "Superseded")
    columns = (Column("Arm"), *(Column(end, "right") for end in ends))
    return Table("attrition", "Where every planned run ended", columns, rows)
