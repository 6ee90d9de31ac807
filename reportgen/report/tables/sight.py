"""Sight: mistakes planted on purpose, and the controls and detectors that saw them."""

from collections.abc import Iterator, Mapping, Sequence

from reportgen.analysis.control import load_control
from reportgen.analysis.controls import CONTROLS
from reportgen.analysis.findings.study import ControlResult
from reportgen.analysis.measured.planted import Planted, read_planted
from reportgen.report.cells import text_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.numbers import THIN
from reportgen.report.writer import Writer
from reportgen.spec.model import StudySpec

NONE = Cell('<span class="unseen">·</span>', 0)


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per planted mistake; none where no control was run."""
    controls = {one.id: one for one in write.findings.controls}
    if not controls:
        return None
    found = read_planted()
    seen = {mistake: found.seen_by(mistake) for mistake in found.mistakes}
    able = [name for name in CONTROLS if any(name in who for who in seen.values())]
    columns = (
        Column("Planted mistake", wrap=True),
        *(Column(_title(name, controls), "center", wrap=True) for name in able),
        Column("Detectors", wrap=True),
    )
    rows = [
        Row(
            (
                text_cell(mistake),
                *(_count(who, name) for name in able),
                text_cell(", ".join(found.flagged_by(mistake)) or "–"),
            )
        )
        for mistake, who in seen.items()
    ]
    here = [text_cell(_state(controls.get(name))) for name in able]
    rows.append(
        Row((text_cell("In this study"), *here, text_cell("")), mark="baseline")
    )
    title = "What the controls can see"
    others = [
        _title(name, controls)
        for name in CONTROLS
        if name not in able and not (name in controls and controls[name].yardstick)
    ]
    note = " ".join(_notes(found, others))
    return Table("sight", title, columns, tuple(rows), note, small=True)


def _title(name: str, controls: Mapping[str, ControlResult]) -> str:
    title = controls[name].title if name in controls else load_control(name).title
    return title[:1].upper() + title[1:]


def _count(seen: Mapping[str, int], name: str) -> Cell:
    return Cell(str(seen[name]), seen[name]) if name in seen else NONE


def _state(control: ControlResult | None) -> str:
    if control is None:
        return "left out"
    if control.passed is None:
        return "not checked" if control.applicable else "not applicable"
    return "passed" if control.passed else "failed"


def _notes(found: Planted, others: Sequence[str]) -> Iterator[str]:
    """How it was measured, what else was seen, and how often controls err."""
    studies = found.studies
    yield (
        f"Each mistake was planted in {len(studies)} small studies "
        f"({'; '.join(studies)}) that were trained with all controls beside; the table "
        "counts the studies in which a control failed, and names detectors that no "
        "study without the mistake set off."
    )
    yield f"Made for other mistakes, and blind to these: {'; '.join(others)}."
    clean = sum(one.studies for one in found.clean)
    alarms = sum(count for one in found.clean for count in one.alarms.values())
    yield f"In {clean} studies without a mistake, controls failed {alarms} times."
    able_arms = [one for one in found.learners if one.learnt >= 0.5]
    some = [one for one in found.learners if one.learnt == 0.25]
    none = [one for one in found.learners if one.learnt == 0]
    yield (
        "In simulated studies whose arms learnt at least half of what is attainable, "
        f"the majority class failed in {_percent(max(one.failed for one in able_arms))}"
        f"{THIN}% at most; a quarter of it, {_percent(max(one.failed for one in some))}"
        f"{THIN}% at most; where none learnt anything, it passed in "
        f"{_percent(max(one.passed for one in none))}{THIN}% at most."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"
