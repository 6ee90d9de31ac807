"""Contrasts: the captured settings in which arms differ, arm by arm."""

from reportgen.report.cells import code, value_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.tables.tensors import is_tensor
from reportgen.report.writer import Writer
from reportgen.spec.model import StudySpec


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per arm and setting, grouped by arm."""
    by_arm: dict[str, list[tuple[str, str, str]]] = {}
    for entry in write.findings.capture:
        if is_tensor(entry):
            continue
        usual = value_cell(entry.value).html
        for arm, value in entry.exceptions.items():
            shown = value_cell(value).html
            by_arm.setdefault(arm, []).append((entry.path, usual, shown))
    rows = tuple(
        Row(
            (Cell(str(code(path)), path), Cell(usual), Cell(own)),
            group=arm if index == 0 else "",
        )
        for arm, settings in by_arm.items()
        for index, (path, usual, own) in enumerate(settings)
    )
    if not rows:
        return None
    columns = (
        Column("Setting", wrap=True),
        Column("Usual value", wrap=True),
        Column("In this arm", wrap=True),
    )
    title = "Where the arms differ from the usual values"
    return Table("contrasts", title, columns, rows, small=True)
