"""What the controls come to, in sentences: nothing unchecked reads as passed."""

from reportgen.analysis.audit.controls import control_account, unwatched
from reportgen.analysis.controls import CONTROLS
from reportgen.analysis.findings.study import ControlResult
from reportgen.analysis.measured.planted import read_planted


def result(
    name: str, passed: bool | None, *, note: str = "", applicable: bool = True
) -> ControlResult:
    return ControlResult(
        id=name,
        title=f"the {name}",
        expected="what is right",
        observed="what was seen",
        passed=passed,
        note=note,
        applicable=applicable,
    )


def test_a_study_without_controls_is_told() -> None:
    assert control_account([]).startswith("The study ran no control")


def test_passed_failed_open_and_left_out_are_told_apart() -> None:
    told = control_account(
        [
            result("oracle", None, note="no rule is known", applicable=False),
            result("majority", True),
            result("memorisation", None, note="its run failed"),
            result("blank-inputs", False, note="classes weigh differently"),
            result("bag-of-tokens", None).model_copy(update={"yardstick": True}),
        ]
    )
    assert told.startswith("Of 4 controls 1 passed. Failed: the blank-inputs (classes")
    assert "Not checked: the memorisation (its run failed)." in told
    assert "Not applicable: the oracle (no rule is known)." in told
    assert "Left out by the study: ceiling, own-rows, shuffled-labels" in told
    assert "evaluation in training mode; wrong class weights." in told


def test_all_defaults_together_watch_for_every_planted_mistake() -> None:
    assert unwatched([*CONTROLS]) == ()
    assert unwatched([]) == read_planted().mistakes
    told = control_account([result(name, passed=True) for name in CONTROLS])
    assert told == f"Of {len(CONTROLS)} controls {len(CONTROLS)} passed."
