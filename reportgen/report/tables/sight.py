"""Sight: mistakes that were planted on purpose, and the controls that saw them."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup, escape

from reportgen.analysis.findings.study import ControlResult
from reportgen.report.cells import text_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.writer import Writer
from reportgen.spec.model import StudySpec

NOTE = (
    "A small study was trained with each of these mistakes in it and all controls "
    "beside; in ten studies without one, no control failed. In bold, those that "
    "passed here."
)


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per planted mistake; none where no control was run."""
    controls = {one.id: one for one in write.findings.controls}
    if not controls:
        return None
    rows = tuple(
        Row((text_cell(mistake), _names(seen_by, controls)))
        for mistake, seen_by in write.findings.seen_by.items()
    )
    columns = (Column("Planted mistake", wrap=True), Column("Seen by", wrap=True))
    return Table("sight", "What the controls can see", columns, rows, NOTE, small=True)


def _names(seen_by: Sequence[str], controls: Mapping[str, ControlResult]) -> Cell:
    """The controls by their titles, in bold where they passed."""
    titles = [controls[name].title if name in controls else name for name in seen_by]
    shown = [
        Markup("<strong>{}</strong>").format(title)
        if name in controls and controls[name].passed
        else escape(title)
        for name, title in zip(seen_by, titles, strict=True)
    ]
    return Cell(str(Markup("; ").join(shown)), "; ".join(titles))
