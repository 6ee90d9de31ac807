"""Logs: what failed runs said last, once for each way an arm failed."""

from markupsafe import escape

from reportgen.analysis.findings.study import RunRow
from reportgen.report.cells import code, count_cell, text_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.writer import Writer
from reportgen.spec.model import StudySpec


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per arm and kind of failure: the first run that failed so."""
    groups: dict[tuple[str, str], list[RunRow]] = {}
    for run in write.findings.runs:
        if run.failure is not None:
            groups.setdefault((run.arm, run.failure.kind), []).append(run)
    rows = tuple(row for runs in groups.values() if (row := _row(runs)))
    if not rows:
        return None
    columns = (
        Column("Arm"),
        Column("Kind"),
        Column("Seed", "right"),
        Column("Failed so", "right"),
        Column("Last lines of its log", wrap=True),
    )
    note = "The first run of each arm that failed in each way; paths are left out."
    title = "What failed runs said last"
    return Table("logs", title, columns, rows, note, small=True)


def _row(runs: list[RunRow]) -> Row | None:
    first = next((run for run in runs if run.failure and run.failure.excerpt), None)
    if first is None or first.failure is None:
        return None
    return Row(
        (
            Cell(str(code(first.arm)), first.arm),
            text_cell(first.failure.kind),
            count_cell(first.seed),
            count_cell(len(runs)),
            Cell(f"<pre>{escape(first.failure.excerpt)}</pre>", first.failure.excerpt),
        )
    )
