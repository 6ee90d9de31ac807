"""Runs: every planned run, with its end, its checkpoint and its scores."""

from reportgen.analysis.findings.study import RunRow
from reportgen.report.cells import (
    count_cell,
    digest_cell,
    measure_name,
    number_cell,
    text_cell,
)
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.writer import Writer
from reportgen.spec.model import StudySpec


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per run, in the order of the plan."""
    measures = tuple(write.findings.metrics)[:3]
    rows = tuple(_row(run, measures, write) for run in write.findings.runs)
    if not rows:
        return None
    names = (measure_name(one, write.findings.metrics) for one in measures)
    columns = (
        Column("Arm"),
        Column("Seed", "right"),
        Column("End"),
        Column("Epoch", "right"),
        Column("Of", "right"),
        *(Column(name, "right") for name in names),
        Column("Run"),
        Column("Weights"),
    )
    note = (
        "Scores on test at the selected checkpoint. Epoch: the checkpoint’s, of all "
        "trained. Run and Weights: the first ten digits of SHA-256 digests. "
        f"Everything else is in runs.csv.{write.signs_explained}"
    )
    return Table("runs", "Every run", columns, rows, note, small=True)


def _row(run: RunRow, measures: tuple[str, ...], write: Writer) -> Row:
    scores = {name.partition("@")[0]: value for name, value in run.metrics.items()}
    return Row(
        (
            Cell(str(write.arm(run.arm)), run.arm),
            count_cell(run.seed),
            text_cell(run.status),
            count_cell(run.epoch),
            count_cell(run.epochs),
            *(number_cell(scores.get(f"test.{one}"), 3) for one in measures),
            digest_cell(run.run),
            digest_cell(run.weights),
        )
    )
