"""Controls: what each was to show, what it showed, and whether it passed."""

from reportgen.report.cells import text_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.writer import Writer, true_minus
from reportgen.spec.model import StudySpec

_WORDS = {
    True: '<span class="verdict supported"><span class="sign" aria-hidden="true">'
    "✓</span>passed</span>",
    False: '<span class="verdict refuted"><span class="sign" aria-hidden="true">'
    "✗</span>failed</span>",
    None: '<span class="verdict inadmissible"><span class="sign" aria-hidden="true">'
    "–</span>not judged</span>",
}


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per control that was run."""
    rows = tuple(
        Row(
            (
                text_cell(control.title),
                text_cell(true_minus(control.expected)),
                text_cell(true_minus(control.observed)),
                Cell(_WORDS[control.passed], str(control.passed)),
            )
        )
        for control in write.findings.controls
    )
    if not rows:
        return None
    columns = (
        Column("Control", wrap=True),
        Column("Expected", wrap=True),
        Column("Observed", wrap=True),
        Column("Judged"),
    )
    return Table("controls", "Controls of the instrument", columns, rows)
