"""What a control came to, for `Findings`: words, and the numbers that stand in them."""

from reportgen.analysis.findings.facts import Unit
from reportgen.spec.model import Frozen


class Measure(Frozen):
    """A number that a control observed: a place in its sentence, and a fact."""

    name: str  # `{name}` in the sentence, `control/ID/NAME` among the facts
    value: float | int
    unit: Unit
    text: str  # as printed
    formula: str
    arms: tuple[str, ...]  # whose runs it was read from


class ControlResult(Frozen):
    """One control of the instrument.

    `passed=None` means not checked, which is never passed; where besides
    `applicable=False`, the study has nothing that the control could be asked of. A
    yardstick has nothing to pass and is neither.

    `observed` and `note` are plain text; `wording` is both with `{NAME}` where a
    measure stands, and empty where there are none.
    """

    id: str
    title: str
    expected: str
    observed: str
    passed: bool | None
    note: str = ""
    applicable: bool = True
    yardstick: bool = False
    wording: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
