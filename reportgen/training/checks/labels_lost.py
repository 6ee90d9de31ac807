"""Labels lost: what label a row has no longer tells which one it had."""

from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.training.chance import ALPHA, surplus_bound
from reportgen.training.invariant import (
    LOST,
    Change,
    Changes,
    Measured,
    in_every_set,
    unmeasured,
)

FEWEST = 40  # rows; with fewer, labels that all stayed could be luck


@dataclass(frozen=True)
class LabelsLost:
    """Rows agree with their old label no more often than shuffled labels do."""

    name: ClassVar = "labels_lost"

    @property
    def says(self) -> str:
        """What must hold."""
        return "a row's label no longer tells which one it had"

    def measure(self, changes: Changes) -> Measured:
        """Count agreements against those of a random order."""
        return in_every_set(changes, _measure)


def _measure(change: Change) -> Measured:
    origin = change.origin
    if origin is None:
        return LOST
    before, after = origin.labels, change.after.labels
    rows = len(before)
    if rows < FEWEST:
        return unmeasured(f"{rows} rows are too few to tell from luck")
    classes = 1 + int(max(before.max(), after.max()))
    shares = np.bincount(after, minlength=classes) / rows
    expected = shares[before]  # (N,)
    agree = (before == after).astype(float)
    surplus = np.array([(agree - expected).sum()])
    # Rows that are alike may be labelled alike: such a group counts as one.
    alike = np.array(list(Counter(row.tobytes() for row in origin.inputs).values()))
    spread = float((expected * (1 - expected)).mean() * (alike**2).sum())
    bound = surplus_bound(
        np.abs(surplus), np.array([spread]), largest=float(alike.max())
    )[0]
    observed = f"{agree.mean():.3f} agree; {expected.mean():.3f} by chance"
    return Measured(bool(bound >= ALPHA), observed, float(abs(surplus[0])) / rows)
