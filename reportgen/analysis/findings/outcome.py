"""The smallest words of a result: a verdict, an interval, and whose fault it was."""

from typing import Literal

from reportgen.records import INFRASTRUCTURE, FailureKind
from reportgen.spec.model import Frozen

Verdict = Literal[
    "supported", "refuted", "equivalent", "inconclusive", "exploratory", "inadmissible"
]

# Faults of the machine, which was tried twice: a run so lost says nothing of its arm.
FAULTS: frozenset[FailureKind] = INFRASTRUCTURE | {"data-error"}


class Interval(Frozen):
    """An interval at a confidence level between 0 and 1."""

    level: float
    lower: float
    upper: float
