"""Nothing: one side of what a step promises is empty, and here is why."""

from dataclasses import dataclass
from typing import ClassVar

from reportgen.errors import SettingError
from reportgen.training.invariant import Changes, Measured, unmeasured


@dataclass(frozen=True)
class Nothing:
    """The step has nothing to declare on this side; the reason is printed.

    There is nothing to measure, so it is never told as passed.

    Args:
        because: why there is nothing, in a few words.
    """

    because: str
    name: ClassVar = "nothing"

    def __post_init__(self) -> None:
        if not self.because.strip():
            what = "nothing is declared, without a reason"
            raise SettingError("", what, "say why: Nothing(because=…)")

    @property
    def says(self) -> str:
        """What is said in place of a promise."""
        return f"nothing is promised: {self.because}"

    def measure(self, changes: Changes) -> Measured:
        """There is nothing to see, in however many sets."""
        sets = "1 set" if len(changes) == 1 else f"{len(changes)} sets"
        return unmeasured(f"nothing to measure in {sets}")
