"""Hyperparameters: everything captured from the live objects, common value once."""

from reportgen.analysis.findings import CaptureEntry
from reportgen.report.cells import code, text_cell, value_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.writer import Writer
from reportgen.spec.model import StudySpec

_WORDS = {"spec": "spec", "derived": "derived", "default": "library default"}


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per captured setting, grouped by the first part of its path."""
    rows = []
    group = ""
    for entry in write.findings.capture:
        head = entry.path.partition(".")[0]
        rows.append(Row(_cells(entry), group=head if head != group else ""))
        group = head
    if not rows:
        return None
    columns = (
        Column("Setting", wrap=True),
        Column("Value", wrap=True),
        Column("Set by", wrap=True),
        Column("Meaning", wrap=True),
    )
    title = "Every hyperparameter, as read from the live objects before the first step"
    note = (
        "The usual value of each setting; ≠ marks a setting that some arms have "
        "otherwise (next table). “Library default” is what nobody typed."
    )
    return Table("hyperparameters", title, columns, tuple(rows), note, small=True)


def _cells(entry: CaptureEntry) -> tuple[Cell, ...]:
    value = value_cell(entry.value)
    unit = f" {entry.unit}" if entry.unit else ""
    differs = ' <span class="differs">≠</span>' if _varies(entry) else ""
    source = _WORDS.get(entry.source, entry.source)
    return (
        Cell(str(code(entry.path)), entry.path),
        Cell(f"{value.html}{unit}{differs}", value.sort),
        Cell(f'{source}<span class="sub">{code(entry.origin)}</span>', source),
        text_cell(entry.meaning),
    )


def _varies(entry: CaptureEntry) -> bool:
    return bool(entry.exceptions or entry.absent)
