"""The two smallest words of a result: a verdict, and an interval."""

from typing import Literal

from reportgen.spec.model import Frozen

Verdict = Literal[
    "supported", "refuted", "equivalent", "inconclusive", "exploratory", "inadmissible"
]


class Interval(Frozen):
    """An interval at a confidence level between 0 and 1."""

    level: float
    lower: float
    upper: float
