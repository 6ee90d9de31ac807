"""Contrasts: the captured settings in which arms differ, arm by arm."""

from markupsafe import Markup

from reportgen.analysis.findings.study import CaptureEntry
from reportgen.report.captured import captured_arms, set_otherwise, single_runs
from reportgen.report.cells import DASH, breakable, code, value_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.tables.manipulations import arm_promises
from reportgen.report.tables.tensors import is_tensor
from reportgen.report.writer import Writer
from reportgen.spec.model import BASELINE, StudySpec
from reportgen.spec.plan import CONTROL_PREFIX

NOTHING = Cell("nothing that is captured differs")


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per arm and setting, grouped by arm, with what its checks came to."""
    settings = [entry for entry in write.findings.capture if not is_tensor(entry)]
    if not any(entry.exceptions for entry in settings):
        return None
    runs = single_runs(name for entry in settings for name in entry.exceptions)
    rows: list[Row] = []
    for arm in (*captured_arms(write.findings), *dict.fromkeys(runs)):
        own = [
            _cells(entry, arm, write) for entry in settings if arm in entry.exceptions
        ]
        if not own and arm != BASELINE and not arm.startswith(CONTROL_PREFIX):
            own = [(NOTHING, DASH, DASH, DASH)]
        heading = _heading(arm, write)
        rows += (
            Row(one, group="" if place else heading) for place, one in enumerate(own)
        )
    columns = (
        Column("Setting", wrap=True),
        Column("Usual value", wrap=True),
        Column("In this arm", wrap=True),
        Column("Set there by", wrap=True),
    )
    title = "Where the arms differ from the usual values"
    note = (
        "Beside an arm’s name stands what its checks came to, and how many of its "
        "promises passed."
    )
    promised = bool(write.findings.manipulations)
    return Table(
        "contrasts", title, columns, tuple(rows), note if promised else "", small=True
    )


def _heading(arm: str, write: Writer) -> str:
    """The arm, and what was measured of its promises; a single run has no own."""
    told = arm_promises(write, arm)
    return Markup("{} {}").format(code(arm), told) if told else code(arm)


def _cells(entry: CaptureEntry, arm: str, write: Writer) -> tuple[Cell, ...]:
    usual, own = value_cell(entry.value), value_cell(entry.exceptions[arm])
    source = set_otherwise(entry, arm, write.places)
    return (
        Cell(str(code(entry.path)), entry.path),
        Cell(usual.html),
        Cell(own.html),
        Cell(str(breakable(source)), source),
    )
