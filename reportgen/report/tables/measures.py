"""Measures: every arm on the test split under every metric of the study."""

from reportgen.report.cells import measure_name
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.tables.scores import score_cell, scored_arms
from reportgen.report.writer import Writer
from reportgen.spec.model import BASELINE, StudySpec


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per arm, one column per metric; shown where there are several."""
    measures = tuple(write.findings.metrics)
    arms = scored_arms(write)
    if len(measures) < 2 or not arms:
        return None
    rows = tuple(
        Row(
            (
                Cell(str(write.arm(arm)), arm),
                *(score_cell(arm, f"test.{one}", write) for one in measures),
            ),
            mark="baseline" if arm == BASELINE else "",
        )
        for arm in arms
    )
    columns = (
        Column("Arm"),
        *(Column(_heading(one, write), "right") for one in measures),
    )
    note = "↑: more is better, ↓: less is better. Mean ± standard deviation over seeds."
    note += write.signs_explained
    return Table("measures", "Every metric on the test split", columns, rows, note)


def _heading(measure: str, write: Writer) -> str:
    metrics = write.findings.metrics
    higher = metrics[measure].get("higher_is_better", True)
    return f"{measure_name(measure, metrics)} {'↑' if higher else '↓'}"
