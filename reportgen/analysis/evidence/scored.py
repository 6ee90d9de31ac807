"""One score and what it is of: an arm, an evaluation set, a checkpoint rule."""

from dataclasses import dataclass
from typing import Literal

from reportgen.analysis.rows.clean import stored_set
from reportgen.records import Array

Rule = Literal["best", "last"]
RULES: tuple[Rule, ...] = ("best", "last")
Identity = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Side:
    """One arm of a comparison, on one evaluation set and checkpoint rule."""

    arm: str
    evaluation_set: str
    rule: Rule

    @property
    def stored_set(self) -> str:
        """The evaluation set whose arrays hold the rows."""
        return stored_set(self.evaluation_set)


@dataclass(frozen=True)
class Score:
    """One run's score, and the rows behind it."""

    value: float
    rows: Array | None  # contributions, copies of a row gathered into one
    failed: bool
    outputs: str  # digest of the logits; "" where there are none
    identity: Identity  # of the evaluation rows
