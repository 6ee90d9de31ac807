"""Manipulations: what each variant had to change and keep, and what was measured."""

from collections.abc import Collection, Sequence

from markupsafe import Markup

from reportgen.analysis.findings.manipulations import CHANGE, Manipulation
from reportgen.report.cells import code, text_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.writer import Writer, true_minus
from reportgen.spec.model import BASELINE, StudySpec

_STATES = {
    True: ("supported", "✓", "passed"),
    False: ("refuted", "✗", "failed"),
    None: ("inadmissible", "–", "not checked"),
}
STEPS = "data.transforms"
FREEZE = "training.freeze"  # it promises that something stays


def draw(study: StudySpec, write: Writer) -> Table | None:
    """One row per thing that a variant must change, and all that failed."""
    found = write.findings.manipulations
    usual = {(one.check, one.says) for one in found if one.arm == BASELINE}
    rows = tuple(
        row
        for arm in study.variants
        for row in _rows([one for one in found if one.arm == arm], usual, write)
    )
    if not rows:
        return None
    columns = (
        Column("Variant", wrap=True),
        Column("What it must do", wrap=True),
        Column("What was measured", wrap=True),
        Column("What must stay", wrap=True),
        Column("State"),
    )
    note = (
        "Measured in every run, on the tensors that the model was fed, on its weights "
        "and on the captured settings. “What must stay” counts the promises to leave "
        "things alone that passed, and names those that did not. Claims about a "
        "variant that failed have no verdict."
    )
    title = "Whether each variant is what it says"
    return Table("manipulations", title, columns, rows, note)


def arm_state(found: Sequence[Manipulation], arm: str) -> Cell:
    """What all checks of an arm come to: one that failed fails it."""
    states = {one.passed for one in found if one.arm == arm}
    passed = (
        False if False in states else None if None in states or not states else True
    )
    return state_cell(passed=passed)


def arm_promises(write: Writer, arm: str) -> Markup:
    """What all checks of an arm come to, and how many passed; "" where it has none."""
    found = [one for one in write.findings.manipulations if one.arm == arm]
    if not found:
        return Markup()
    passed = sum(one.passed is True for one in found)
    told = write.mark(f"checks/{arm}", f"{passed} of {len(found)}")
    # A cell of ours: nothing in it was typed by anybody.
    return Markup("{} ({})").format(Markup(arm_state(found, arm).html), told)  # noqa: S704


def state_cell(*, passed: bool | None, told: str = "") -> Cell:
    """Passed, failed or not checked, with its sign; `told` is the word as a fact."""
    look, sign, word = _STATES[passed]
    return Cell(
        f'<span class="verdict {look}"><span class="sign" aria-hidden="true">{sign}'
        f"</span>{told or word}</span>",
        word,
    )


def _result(one: Manipulation, write: Writer) -> Cell:
    return state_cell(
        passed=one.passed, told=write.mark(one.fact_id, _STATES[one.passed][2])
    )


def _rows(
    promised: Sequence[Manipulation],
    usual: Collection[tuple[str, str]],
    write: Writer,
) -> list[Row]:
    """What a variant does; where that is a setting only, that it is captured."""
    changes = [one for one in promised if one.kind == "changes"]
    own = [one for one in promised if _is_own(one, usual)]
    general = [one for one in changes if one.subject == CHANGE]
    captured = " ".join(one.observed for one in general)
    if not own and STEPS in captured:  # the step itself, with another setting
        own = [one for one in changes if one.subject.startswith(STEPS)]
    shown = own or general[:1]
    shown += [one for one in changes if one.passed is not True and one not in shown]
    kept = _kept([one for one in promised if one.kind == "keeps" and one not in shown])
    rows = []
    for place, one in enumerate(shown):
        first = place == 0
        cells = (
            Cell(str(code(one.arm)) if first else "", one.arm),
            text_cell(one.says),
            text_cell(true_minus(one.observed)),
            Cell(str(kept) if first else ""),
            _result(one, write),
        )
        rows.append(Row(cells))
    return rows


def _is_own(one: Manipulation, usual: Collection[tuple[str, str]]) -> bool:
    """Whether it is asked of this variant for what it does, not of every arm."""
    if one.subject == CHANGE or (one.check, one.says) in usual:
        return False
    return one.kind == "changes" or one.subject.startswith(FREEZE)


def _kept(promised: Sequence[Manipulation]) -> Markup:
    passed = sum(one.passed is True for one in promised)
    told = Markup("{} of {}").format(passed, len(promised))
    for one in promised:
        if one.passed is not True:
            word = _STATES[one.passed][2]
            told += Markup("<br>{}: {} ({})").format(word, one.says, one.observed)
    return told
