"""Controls of the instrument: a study in, the arms they need and what they showed out.

To add a control, write one file in `controls/` that defines a `Control` and add one
line to its catalogue.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

from pydantic import JsonValue

from reportgen.analysis.controls import CONTROLS
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.controls import ControlResult, Measure
from reportgen.errors import InputError, Problem, nearest
from reportgen.records import SplitSummary
from reportgen.spec.model import BASELINE, StudySpec
from reportgen.spec.plan import CONTROL_PREFIX, ControlArm, arm_settings

Sets = Mapping[str, SplitSummary]


def no_excuse(study: StudySpec, sets: Sets | None) -> str:  # noqa: ARG001
    """The control can be asked of any study."""
    return ""


@dataclass(frozen=True)
class Control:
    """Something whose answer is known beforehand.

    Attributes:
        name: catalogue name; its arm is called `control-NAME`.
        title: as printed.
        expected: what a sound instrument shows, in words.
        arm: what it wants trained; None where the study's own runs suffice.
        judge: says what was observed, and whether that is as expected.
        excuse: why it cannot be asked of a study, empty where it can. It is given the
            baseline's evaluation sets once they are made, and None before.
    """

    name: str
    title: str
    expected: str
    arm: ControlArm | None
    judge: Callable[["Control", Results], ControlResult]
    excuse: Callable[[StudySpec, Sets | None], str] = no_excuse

    @property
    def arm_name(self) -> str:
        """The arm its runs belong to."""
        return CONTROL_PREFIX + self.name

    def result(
        self,
        *,
        passed: bool,
        observed: str,
        note: str = "",
        measures: Sequence[Measure] = (),
    ) -> ControlResult:
        """What came of it; `{NAME}` in the words is where a measure stands."""
        return self._result(passed, observed, note, measures)

    def yardstick(
        self, observed: str, note: str = "", measures: Sequence[Measure] = ()
    ) -> ControlResult:
        """Something to compare with; there is nothing to pass."""
        found = self._result(None, observed, note, measures)
        return found.model_copy(update={"yardstick": True})

    def unchecked(
        self,
        why: str,
        observed: str = "not checked",
        measures: Sequence[Measure] = (),
    ) -> ControlResult:
        """It could not be judged, for a reason; this never means passed."""
        return self._result(None, observed, why, measures)

    def not_applicable(self, why: str) -> ControlResult:
        """The study has nothing that it could be asked of."""
        found = self._result(None, "not applicable", why, ())
        return found.model_copy(update={"applicable": False})

    def _result(
        self,
        passed: bool | None,  # noqa: FBT001  one of three states
        observed: str,
        note: str,
        measures: Sequence[Measure],
    ) -> ControlResult:
        texts = {one.name: one.text for one in measures}
        words = (observed, note)
        plain = [text.format(**texts) for text in words] if measures else words
        return ControlResult(
            id=self.name,
            title=self.title,
            expected=self.expected,
            observed=plain[0],
            passed=passed,
            note=plain[1],
            wording=words if measures else (),
            measures=tuple(measures),
        )


def share(name: str, value: float, formula: str, *arms: str) -> Measure:
    """A share in [0, 1], read from the runs of some arms."""
    return Measure(
        name=name,
        value=value,
        unit="fraction",
        text=f"{value:.3f}",
        formula=formula,
        arms=arms,
    )


def chosen_controls(study: StudySpec) -> tuple[Control, ...]:
    """The controls a study asks for, in the order of the catalogue.

    Raises:
        InputError: it names a control that does not exist.
    """
    wanted = tuple(CONTROLS) if study.controls == "default" else study.controls
    unknown = [name for name in wanted if name not in CONTROLS]
    if unknown:
        raise InputError(
            Problem(
                f"there is no control {name!r}",
                f"specs/{study.study}.yaml: controls",
                nearest(name, CONTROLS),
            )
            for name in unknown
        )
    return tuple(load_control(name) for name in CONTROLS if name in wanted)


def load_control(name: str) -> Control:
    """Load one control of the catalogue."""
    module, _, attribute = CONTROLS[name].partition(":")
    control: Control = getattr(import_module(module), attribute)
    return control


def control_arms(study: StudySpec) -> Mapping[str, ControlArm]:
    """The arms a study's controls want trained, by control name."""
    return {
        control.name: control.arm
        for control in chosen_controls(study)
        if control.arm is not None and not control.excuse(study, None)
    }


def pointless_controls(study: StudySpec, sets: Sets) -> dict[str, str]:
    """Controls that a study names though it has nothing for them, with the reason.

    Args:
        study: what asks for them; `default` asks for those that apply and no others.
        sets: the baseline's evaluation sets.
    """
    if study.controls == "default":
        return {}
    excuses = {one.name: one.excuse(study, sets) for one in chosen_controls(study)}
    return {name: why for name, why in excuses.items() if why}


def with_transforms(
    study: StudySpec, *steps: JsonValue, arm: str = BASELINE
) -> list[JsonValue]:
    """An arm's transforms and some more: a change replaces lists as a whole."""
    change = {} if arm == BASELINE else study.variants[arm].change
    data = arm_settings(study, change)["data"]
    own = data.get("transforms") if isinstance(data, dict) else None
    return [*(own if isinstance(own, list) else ()), *steps]


def judge_controls(
    results: Results, refused: Mapping[str, str] | None = None
) -> tuple[ControlResult, ...]:
    """Judge every control of the study.

    Args:
        results: of the study.
        refused: arms that are not what they say, each with the reason; a control that
            rests on one has not been checked.
    """
    record = next((one for _, one in results.records(BASELINE) if one.data), None)
    sets = record.data if record else None
    judged = []
    for control in chosen_controls(results.study):
        excuse = control.excuse(results.study, sets)
        broken = (refused or {}).get(control.arm_name)
        if excuse:
            judged.append(control.not_applicable(excuse))
        elif broken:
            judged.append(control.unchecked(f"its arm is not what it says: {broken}"))
        else:
            judged.append(control.judge(control, results))
    return tuple(judged)
