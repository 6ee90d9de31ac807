"""The file drawer: runs that the study no longer reports, with what they scored."""

from reportgen.analysis.findings.ledger import DrawerRow, Spread
from reportgen.report.cells import (
    DASH,
    code,
    count_cell,
    metric_name,
)
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.numbers import write_decimal
from reportgen.report.writer import Writer
from reportgen.spec.model import StudySpec

MEASURES = 3
# Ledgers of earlier versions do not hold what would say more.
UNTOLD = {"revised": "an earlier version of the study"}


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per arm, grouped by why and under which spec its runs were started."""
    drawer = write.findings.history.drawer
    if not drawer:
        return None
    by_version: dict[tuple[str, str], list[DrawerRow]] = {}
    for one in drawer:
        by_version.setdefault((one.spec, one.reason), []).append(one)
    noted = {_measured(name) for row in drawer for name in row.scores}
    own = [f"test.{name}" for name in write.findings.metrics]
    measures = [name for name in own if name in noted][:MEASURES]
    names = (metric_name(one, write.findings.metrics) for one in measures)
    columns = (
        Column("Arm"),
        Column("Seeds", "right"),
        Column("Completed", "right"),
        Column("Failed", "right"),
        Column("Never ended", "right"),
        *(Column(name, "right") for name in names),
    )
    note = (
        "Runs that had started and are no longer part of the study: their arm or seed "
        "left the spec, or their settings, code or data were changed. Scores are means "
        "at each arm’s own checkpoint, with the lowest and highest run, as the ledger "
        "noted them; entries of earlier versions may have noted none. Spec: the first "
        "ten digits of its SHA-256."
    )
    rows = tuple(
        Row(_cells(one, measures), group="" if index else _heading(runs))
        for runs in by_version.values()
        for index, one in enumerate(runs)
    )
    title = "The file drawer: runs that are no longer reported"
    return Table("drawer", title, columns, rows, note, small=True)


def _heading(runs: list[DrawerRow]) -> str:
    """Why runs of one version of a study are here, and which version that is."""
    reason = UNTOLD.get(runs[0].reason, runs[0].reason)
    reason = reason[:1].upper() + reason[1:]
    since = min(one.since for one in runs)
    return f"{reason}; spec {runs[0].spec[:10]}, from {since[:10]} on"


def _measured(name: str) -> str:
    """A score's name without the rule by which its arm chose a checkpoint."""
    return name.partition("@")[0]


def _cells(one: DrawerRow, measures: list[str]) -> tuple[Cell, ...]:
    scores = {_measured(name): spread for name, spread in one.scores.items()}
    return (
        Cell(str(code(one.arm)), one.arm),
        count_cell(len(one.seeds)),
        count_cell(one.completed),
        count_cell(one.failed),
        count_cell(one.unended),
        *(_score_cell(scores.get(name)) for name in measures),
    )


def _score_cell(spread: Spread | None) -> Cell:
    if spread is None:
        return DASH
    mean = write_decimal(spread.mean, 3)
    if spread.n == 1:
        return Cell(mean, spread.mean)
    low, high = (write_decimal(one, 3) for one in (spread.lowest, spread.highest))
    return Cell(f"{mean} ({low} to {high})", spread.mean)
