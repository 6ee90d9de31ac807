"""Environment classes: which runs were made where, and whether they agree."""

from reportgen.analysis.findings.ledger import ClassRuns
from reportgen.report.cells import DASH, code, count_cell, digest_cell, text_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.writer import Writer
from reportgen.spec.model import StudySpec


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per class; nothing where all runs are of the class the ledger knows."""
    found = write.findings.history.classes
    if len(found) < 2 and not any(one.elsewhere for one in found):
        return None
    everywhere = {arm for one in found for arm in one.arms}
    columns = (
        Column("Class"),
        Column("Runs", "right"),
        Column("Arms", wrap=True),
        Column("Ended first in another class", "right"),
        Column("Came back", wrap=True),
    )
    note = (
        "Class: the first ten digits of the SHA-256 of all that may change bits. Runs "
        "that another class had ended before were executed again here; they came back "
        "bit by bit, or with results that the ledger holds as different."
    )
    rows = tuple(_row(one, everywhere) for one in found)
    title = "Runs by class of environment"
    return Table("classes", title, columns, rows, note, small=True)


def _row(one: ClassRuns, everywhere: set[str]) -> Row:
    arms = Cell(", ".join(str(code(arm)) for arm in one.arms), len(one.arms))
    if set(one.arms) == everywhere:
        arms = text_cell("all")
    differing = one.elsewhere - one.identical
    grade = f"{one.identical} identical, {differing} different"
    return Row(
        (
            digest_cell(one.digest),
            count_cell(one.runs),
            arms,
            count_cell(one.elsewhere),
            text_cell(grade) if one.elsewhere else DASH,
        )
    )
