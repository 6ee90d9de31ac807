"""Detectors: every exploratory check, whether it fired, and on what grounds."""

from reportgen.analysis.findings import DetectorResult
from reportgen.report.cells import DASH, code, text_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.numbers import write_decimal, write_p
from reportgen.report.writer import Writer, true_minus
from reportgen.spec.model import StudySpec

_STATES = {
    "flagged": ("!", "inconclusive"),
    "quiet": ("·", "equivalent"),
    "not checked": ("–", "inadmissible"),
}


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per detector and subject, grouped by detector."""
    rows = []
    title = ""
    for result in write.findings.detectors:
        group = result.title if result.title != title else ""
        title = result.title
        rows.append(Row(_cells(result, write), group=group))
    if not rows:
        return None
    columns = (
        Column("Subject"),
        Column("Statistic", "right"),
        Column("<i>p</i> (BH)", "right"),
        Column("State"),
        Column("What it says", wrap=True),
    )
    note = (
        "Exploratory: detectors speak of this study only and are corrected as a family "
        "(Benjamini–Hochberg). “Not checked” never means passed."
    )
    return Table("detectors", "What the detectors saw", columns, tuple(rows), note)


def _cells(result: DetectorResult, write: Writer) -> tuple[Cell, ...]:
    state = "flagged" if result.flag else "quiet"
    if not result.applicable:
        state = "not checked"
    sign, look = _STATES[state]
    shown = f'<span class="verdict {look}"><span class="sign" aria-hidden="true">{sign}'
    return (
        Cell(str(code(result.subject)), result.subject),
        _statistic(result, write),
        DASH
        if result.p_adjusted is None
        else Cell(write_p(result.p_adjusted), result.p_adjusted),
        Cell(f"{shown}</span>{state}</span>", state),
        text_cell(true_minus(result.note)),
    )


def _statistic(result: DetectorResult, write: Writer) -> Cell:
    if result.statistic is None:
        return DASH
    fact_id = f"detector/{result.id}/{result.subject}/statistic"
    text = write_decimal(result.statistic, 3)
    name = f' <span class="sub">{result.statistic_name}</span>'
    return Cell(f"{write.mark(fact_id, text)}{name}", result.statistic)
