"""Controls: what each was to show, what it showed, and whether it passed."""

from markupsafe import Markup

from reportgen.analysis.findings.study import ControlResult
from reportgen.report.cells import text_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.writer import Writer, true_minus
from reportgen.spec.model import StudySpec

_PASSED = ("supported", "✓", "passed")
_FAILED = ("refuted", "✗", "failed")
_UNCHECKED = ("inadmissible", "–", "not checked")
_NOT_APPLICABLE = ("inadmissible", "–", "not applicable")
_YARDSTICK = ("inadmissible", "–", "yardstick")


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per control that was run."""
    rows = tuple(
        Row(
            (
                text_cell(control.title),
                text_cell(true_minus(control.expected)),
                _observed(control, write),
                _state(control),
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


def _observed(control: ControlResult, write: Writer) -> Cell:
    """What was seen, and what is to be known about it."""
    lines = [line for line in write.observation(control) if line]
    return Cell(str(Markup("<br>").join(lines)), control.observed)


def _state(control: ControlResult) -> Cell:
    if control.yardstick:
        look, sign, word = _YARDSTICK
    elif control.passed is not None:
        look, sign, word = _PASSED if control.passed else _FAILED
    else:
        look, sign, word = _UNCHECKED if control.applicable else _NOT_APPLICABLE
    html = (
        f'<span class="verdict {look}"><span class="sign" aria-hidden="true">{sign}'
        f"</span>{word}</span>"
    )
    return Cell(html, word)
