"""Compute: the size of each arm's model and how much it was trained; no clock times."""

import math

from reportgen.report.cells import code, count_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.numbers import write_count
from reportgen.report.writer import Writer
from reportgen.spec.model import StudySpec


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per arm: parameters, runs, epochs and optimiser steps in all."""
    train_rows = {
        arm: card.splits["train"].rows
        for card in write.findings.data
        if "train" in card.splits
        for arm in card.arms
    }
    rows = []
    for arm in dict.fromkeys(run.arm for run in write.findings.runs):
        runs = [run for run in write.findings.runs if run.arm == arm]
        epochs = sum(run.epochs for run in runs)
        modules = write.findings.architectures.get(arm, ())
        parameters = sum(module.parameters for module in modules)
        size = write.mark(f"model/{arm}/parameters", write_count(parameters))
        cells = (
            Cell(str(code(arm)), arm),
            Cell(str(size), float(parameters)),
            count_cell(len(runs)),
            count_cell(epochs),
            count_cell(_steps(arm, epochs, train_rows, write)),
        )
        rows.append(Row(cells))
    if not rows:
        return None
    names = ("Parameters", "Runs", "Epochs", "Optimiser steps")
    columns = (Column("Arm"), *(Column(name, "right") for name in names))
    note = "Epochs and steps are summed over all runs of the arm, failed ones included."
    return Table("compute", "What it took", columns, tuple(rows), note)


def _steps(
    arm: str, epochs: int, train_rows: dict[str, int], write: Writer
) -> int | None:
    if arm not in train_rows:
        return None
    batch = write.names.setting_value("training.batch_size", arm)
    if not isinstance(batch, int):
        return None
    return epochs * math.ceil(train_rows[arm] / batch)
