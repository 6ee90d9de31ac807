"""Summaries: every arm summed up by the mean, and by what may stand beside it."""

from reportgen.analysis.findings.complements import ArmSummary
from reportgen.report.cells import DASH, count_cell, measure_name, number_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.writer import Writer
from reportgen.spec.model import BASELINE, StudySpec

DRAWS = 3  # runs of which the best is expected
DECIMALS = 3


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per arm, for the first metric on test."""
    found = write.findings.summaries
    if found is None or not found.arms:
        return None
    columns = (
        Column("Arm"),
        Column("Runs", "right"),
        Column("Mean", "right"),
        Column("Median", "right"),
        Column("IQM", "right"),
        Column("Best", "right"),
        Column(f"Best of {DRAWS}", "right"),
        Column("P(better)", "right"),
        Column("P(better), paired", "right"),
    )
    evaluation_set, _, measure = found.metric.partition(".")
    name = measure_name(measure, write.findings.metrics)
    title = f"{name} on {evaluation_set}, summed up in other ways than by the mean"
    note = (
        "Over the runs that completed. IQM is the mean of the middle half of the runs, "
        f"and the plain mean below four. Best of {DRAWS} is the best score expected of "
        f"{DRAWS} runs; comparing it, or the best run, with one run of another model "
        "would reward luck. P(better) is the share of pairs of runs, one of the arm "
        "and one of the baseline, in which the arm scores better, ties counting half; "
        "paired takes only runs of the same seed. No verdict rests on this table."
        f"{write.signs_explained}"
    )
    rows = tuple(_row(one, write) for one in found.arms)
    return Table("summaries", title, columns, rows, note, small=True)


def _row(found: ArmSummary, write: Writer) -> Row:
    draws = found.expected_best[DRAWS - 1] if found.n >= DRAWS else None
    scores = (found.mean, found.median, found.iqm, found.best, draws)
    shares = (found.improvement, found.improvement_paired)
    return Row(
        (
            Cell(str(write.arm(found.arm)), found.arm),
            count_cell(found.n),
            *(number_cell(score, DECIMALS) for score in scores),
            *(DASH if one is None else number_cell(one, 2) for one in shares),
        ),
        mark="baseline" if found.arm == BASELINE else "",
    )
