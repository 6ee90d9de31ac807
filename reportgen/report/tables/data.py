"""Data: every split as it was fed to the models."""

from reportgen.records import SplitSummary
from reportgen.report.cells import DASH, count_cell, digest_cell, number_cell, text_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.writer import Writer
from reportgen.spec.model import StudySpec


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per split, grouped by the arms that were fed the same data."""
    rows = []
    for card in write.findings.data:
        for index, (name, split) in enumerate(card.splits.items()):
            group = _arms(card.arms) if index == 0 else ""
            rows.append(Row(_cells(name, split), group=group))
    if not rows:
        return None
    columns = (
        Column("Split"),
        Column("Rows", "right"),
        Column("Tokens", "right"),
        Column("Per class", "right"),
        Column("Also in train", "right"),
        Column("Oracle", "right"),
        Column("Digest"),
    )
    note = (
        "Per class: rows of each label. Also in train: rows whose input occurs in the "
        "training split. Oracle: accuracy of the generating rule. Digest: the first "
        "ten digits of the SHA-256 over inputs and labels as fed."
    )
    title = "The splits, as fed to the models"
    return Table("data", title, columns, tuple(rows), note, small=True)


def _arms(arms: tuple[str, ...]) -> str:
    return "Fed to " + ", ".join(arms)


def _cells(name: str, split: SplitSummary) -> tuple[Cell, ...]:
    labels = " : ".join(str(count) for count in split.labels)
    oracle = split.oracle_accuracy
    return (
        text_cell(name),
        count_cell(split.rows),
        count_cell(split.length),
        Cell(labels),
        count_cell(split.duplicates) if name != "train" else DASH,
        DASH if oracle is None else number_cell(oracle, 3),
        digest_cell(split.digest),
    )
