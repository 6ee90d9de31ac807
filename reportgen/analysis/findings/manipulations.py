"""What became of one promise of an arm, for `Findings`."""

from typing import Literal

from reportgen.spec.model import Frozen

CHANGE = "change"  # the subject of what is asked of a variant as a whole


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

    @property
    def promise(self) -> tuple[str, str, str]:
        """What is promised, whichever arm promises it."""
        return self.subject, self.check, self.says
