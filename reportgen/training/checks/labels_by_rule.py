"""Labels by rule: new rows are labelled by the dataset's rule, with the same noise."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.records import Array
from reportgen.training.chance import ALPHA, two_sided
from reportgen.training.data import Split
from reportgen.training.invariant import (
    Change,
    Changes,
    Measured,
    in_every_set,
    unmeasured,
)


@dataclass(frozen=True)
class LabelsByRule:
    """The rule gives every new row the answer on record; as many labels are flipped."""

    name: ClassVar = "labels_by_rule"

    @property
    def says(self) -> str:
        """What must hold."""
        return "the rule labels the new rows, with as much label noise"

    def measure(self, changes: Changes) -> Measured:
        """Ask the rule again, and compare the shares of flipped labels."""
        return in_every_set(changes, _measure)


def _measure(change: Change) -> Measured:
    after = change.after
    if change.source is None:
        return unmeasured("the dataset has no rule to ask")
    answers = change.source.label(after.inputs)
    clean = after.labels if after.oracle is None else after.oracle
    wrong = int((answers != clean).sum())
    observed = f"{wrong} of {len(after)} answers differ from the rule's"
    before = change.before
    if before.oracle is None:
        return Measured(wrong == 0, observed)
    noise = _flipped(before, before.oracle), _flipped(after, answers)
    observed += f"; {noise[1]:.3f} of labels flipped ({noise[0]:.3f} before)"
    same = _same_share(noise, (len(before), len(after)))
    return Measured(wrong == 0 and same, observed)


def _flipped(split: Split, answers: Array) -> float:
    return float((answers != split.labels).mean())


def _same_share(shares: tuple[float, float], rows: tuple[int, int]) -> bool:
    pooled = (shares[0] * rows[0] + shares[1] * rows[1]) / sum(rows)
    error = np.sqrt(pooled * (1 - pooled) * (1 / rows[0] + 1 / rows[1]))
    gap = abs(shares[1] - shares[0])
    return gap == 0 or two_sided(gap / max(float(error), 1e-12)) >= ALPHA
