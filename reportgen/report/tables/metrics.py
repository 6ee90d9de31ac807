"""Metrics: how each is defined, in which unit, and which way is better."""

import html

from markupsafe import escape

from reportgen.report.cells import code
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.writer import Writer
from reportgen.spec.model import StudySpec


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per metric, its formula set from the code's own definition."""
    rows = []
    for name, about in write.findings.metrics.items():
        formula = html.escape(str(about.get("formula", "")))
        better = "higher" if about.get("higher_is_better", True) else "lower"
        title = escape(str(about.get("title", name)))
        rows.append(
            Row(
                (
                    Cell(f'{title}<span class="sub">{code(name)}</span>', name),
                    Cell(f'<span class="math display">{formula}</span>'),
                    Cell(str(escape(str(about.get("meaning", ""))))),
                    Cell(f"{escape(str(about.get('unit', '')))}, {better} is better"),
                )
            )
        )
    if not rows:
        return None
    columns = (
        Column("Metric", wrap=True),
        Column("Definition"),
        Column("In words", wrap=True),
        Column("Unit and direction", wrap=True),
    )
    return Table("metrics", "The metrics", columns, tuple(rows))
