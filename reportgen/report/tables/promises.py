"""Promises: every one that any arm made, with what was measured and in which arms."""

from reportgen.analysis.findings.manipulations import Manipulation
from reportgen.report.cells import code, text_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.tables.manipulations import state_cell
from reportgen.report.writer import Writer, true_minus
from reportgen.spec.model import StudySpec

Told = tuple[str, str, bool | None, str]  # who, what must hold, passed, observed


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per promise; arms for which it passed share it."""
    arms: dict[Told, list[Manipulation]] = {}
    for one in write.findings.manipulations:
        arms.setdefault(_shared(one), []).append(one)
    if not arms:
        return None
    everyone = {one.arm for one in write.findings.manipulations}
    rows = tuple(
        Row(
            (
                text_cell(who),
                text_cell(says),
                text_cell(true_minus(told[0].observed)),
                _arms([one.arm for one in told], len(everyone)),
                state_cell(passed=passed),
            )
        )
        for (who, says, passed, _), told in arms.items()
    )
    columns = (
        Column("Whose"),
        Column("What must hold", wrap=True),
        Column("What was measured", wrap=True),
        Column("Arms", wrap=True),
        Column("State"),
    )
    title = "Everything that the arms promise, measured"
    note = (
        "Over all runs of an arm; the words are those of the first run listed. What "
        "came of each in each arm is a fact: check/ARM/… among the facts."
    )
    return Table("promises", title, columns, rows, note, small=True)


def _shared(one: Manipulation) -> Told:
    """What arms must agree in to share a row; what did not pass is told apart."""
    return one.who, one.says, one.passed, "" if one.passed else one.observed


def _arms(names: list[str], of: int) -> Cell:
    names = list(dict.fromkeys(names))
    if len(names) == of:
        return Cell("all", "all")
    return Cell(", ".join(str(code(name)) for name in names), names[0])
