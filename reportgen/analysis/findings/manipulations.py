"""What became of one promise of an arm, for `Findings`."""

import re
from typing import Literal

from reportgen.spec.model import Frozen

CHANGE = "change"  # the subject of what is asked of a variant as a whole
SHIFT = "data.shifts."
# Subjects by where they stand in a spec, in words.
WHO = {
    "data.transforms": "transform",
    "training.freeze": "freezing",
    "run": "training",
    CHANGE: "change",
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
    def who(self) -> str:
        """Who promises it, wherever a step stands: `transform hide_channel`."""
        words = WHO.get(self.subject.partition("[")[0], self.subject)
        name = self.shift or self.named
        return f"{'shift' if self.shift else words}{f' {name}' if name else ''}"

    @property
    def whose(self) -> str:
        """Whose promise it is, in words: `its transform 1 (hide_channel)`."""
        place = re.fullmatch(r"(.+)\[(\d+)\]", self.subject)
        if place is None:
            return f"its {self.who}"
        name = f" ({self.named})" if self.named else ""
        return f"its {WHO.get(place[1], place[1])} {int(place[2]) + 1}{name}"

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
