"""What became of one promise of an arm, for `Findings`."""

import re
from typing import Literal

from reportgen.spec.model import Frozen

CHANGE = "change"  # the subject of what is asked of a variant as a whole
SHIFT = "data.shifts."
# Subjects that say where in a spec they stand, in words; the rest are names.
WHOSE = {
    "data.transforms": "its transform",
    "training.freeze": "its freezing",
    "run": "its training",
    CHANGE: "its change",
}


class Manipulation(Frozen):
    """One thing an arm promises, over all its runs."""

    arm: str
    subject: str  # e.g. data.transforms[0], data.shifts.NAME, run, change
    check: str
    kind: Literal["changes", "keeps"]
    says: str
    observed: str  # in the run that tells most: one that failed, else the first
    passed: bool | None
    runs: int  # in which it was measured
    ended: int  # runs of the arm that finished
    sets: tuple[str, ...] = ()
    named: str = ""  # what the spec calls a step, e.g. hide_channel

    @property
    def whose(self) -> str:
        """Whose promise it is, in words: `its transform 1 (hide_channel)`."""
        if self._of_shift:
            return f"its shift {self.shift}"
        place = re.fullmatch(r"(.+)\[(\d+)\]", self.subject)
        words = WHOSE.get(place[1] if place else self.subject, f"its {self.subject}")
        number = f" {int(place[2]) + 1}" if place else ""
        return f"{words}{number}{f' ({self.named})' if self.named else ''}"

    @property
    def shift(self) -> str:
        """The shift that promises it; "" where that is none."""
        return self.subject.removeprefix(SHIFT) if self._of_shift else ""

    @property
    def bars(self) -> str:
        """What it takes verdicts from where it fails: `ARM`, or `ARM/SHIFT`."""
        return f"{self.arm}/{self.shift}" if self.shift else self.arm

    @property
    def fact_id(self) -> str:
        """What it is called among the facts."""
        return f"check/{self.arm}/{self.subject}/{self.check}"

    @property
    def _of_shift(self) -> bool:
        return self.subject.startswith(SHIFT)

    @property
    def promise(self) -> tuple[str, str, str]:
        """What is promised, whichever arm promises it."""
        return self.subject, self.check, self.says
