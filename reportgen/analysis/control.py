"""Controls of the instrument: a study in, the arms they need and what they showed out.

To add a control, write one file in `controls/` that defines a `Control` and add one
line to its catalogue.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from pydantic import JsonValue

from reportgen.analysis.controls import CONTROLS
from reportgen.analysis.findings import ControlResult
from reportgen.analysis.results import Results
from reportgen.errors import InputError, Problem, nearest
from reportgen.spec.model import StudySpec
from reportgen.spec.plan import CONTROL_PREFIX, ControlArm


@dataclass(frozen=True)
class Control:
    """Something whose answer is known beforehand.

    Attributes:
        name: catalogue name; its arm is called `control-NAME`.
        title: as printed.
        expected: what a sound instrument shows, in words.
        arm: what it wants trained; None where the study's own runs suffice.
        judge: says what was observed, and whether that is as expected.
    """

    name: str
    title: str
    expected: str
    arm: ControlArm | None
    judge: Callable[["Control", Results], ControlResult]

    @property
    def arm_name(self) -> str:
        """The arm its runs belong to."""
        return CONTROL_PREFIX + self.name

    def result(
        self,
        *,
        passed: bool | None,
        observed: str,
        note: str = "",
    ) -> ControlResult:
        """A result under this control's name; `passed=None` means not checked."""
        return ControlResult(
            id=self.name,
            title=self.title,
            expected=self.expected,
            observed=observed,
            passed=passed,
            note=note,
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
        if control.arm is not None
    }


def with_transform(study: StudySpec, step: JsonValue) -> list[JsonValue]:
    """The baseline's transforms and one more: a change replaces lists as a whole."""
    own = [one.model_dump(mode="json") for one in study.data.transforms]
    return [*own, step]


def label_noise(results: Results, arm: str) -> float:
    """The share of labels an arm's data were told to flip; 0 where nothing says so."""
    cell = next(one for one in results.cells if one.variant == arm)
    declared = cell.config.data.params.get("label_noise", 0.0)
    return float(declared) if isinstance(declared, int | float) else 0.0


def judge_controls(results: Results) -> tuple[ControlResult, ...]:
    """Judge every control of the study."""
    return tuple(
        control.judge(control, results) for control in chosen_controls(results.study)
    )
