"""Failures: every run that failed, how, and when."""

from reportgen.report.cells import code, count_cell, text_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.writer import Writer
from reportgen.spec.model import StudySpec


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per failed run."""
    rows = tuple(
        Row(
            (
                Cell(str(code(run.arm)), run.arm),
                count_cell(run.seed),
                text_cell(run.failure.kind),
                count_cell(run.failure.epoch),
                text_cell(run.failure.message),
            )
        )
        for run in write.findings.runs
        if run.failure is not None
    )
    if not rows:
        return None
    columns = (
        Column("Arm"),
        Column("Seed", "right"),
        Column("Kind"),
        Column("Epoch", "right"),
        Column("Message", wrap=True),
    )
    return Table("failures", "Runs that failed", columns, rows)
