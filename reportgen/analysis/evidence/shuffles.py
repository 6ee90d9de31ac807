"""Shifted sets that shuffle tokens: a study in, their names and orders of a row out.

Their labels are those of the rows before: no model can follow the rule there, so a loss
on them is a use of order and not a frailty.
"""

from reportgen.analysis.evidence.sources import SHUFFLES
from reportgen.spec.model import StudySpec


def shuffled_sets(study: StudySpec) -> dict[str, int]:
    """How many orders of each test row every shuffled set holds."""
    return {
        name: int(step.params.get("copies", 1))  # type: ignore[arg-type]
        for name, step in study.data.shifts.items()
        if step.use.endswith(SHUFFLES)
    }
