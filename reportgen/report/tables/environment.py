"""Environment: what may change bits, for every class of environment that ran."""

from reportgen.report.cells import text_cell, value_cell
from reportgen.report.document import Column, Row, Table
from reportgen.report.writer import Writer
from reportgen.spec.model import StudySpec


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per detail, grouped by environment class."""
    rows = []
    for environment in write.findings.environments:
        for index, (name, value) in enumerate(environment.details.items()):
            group = f"Class {environment.digest[:10]}" if index == 0 else ""
            rows.append(Row((text_cell(name), value_cell(value)), group=group))
    if not rows:
        return None
    columns = (Column("What"), Column("Value", wrap=True))
    title = "Where the runs were made"
    return Table("environment", title, columns, tuple(rows), small=True)
