"""Classes kept: every label is as frequent as before."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.training.chance import ALPHA, two_sided
from reportgen.training.invariant import Change, Changes, Measured, in_every_set


@dataclass(frozen=True)
class ClassesKept:
    """The share of each label stays: exactly, or up to chance where rows are new."""

    name: ClassVar = "classes_kept"

    @property
    def says(self) -> str:
        """What must hold."""
        return "each label is as frequent as before"

    def measure(self, changes: Changes) -> Measured:
        """Compare counts; shares of new rows by a two-sample test."""
        return in_every_set(changes, _measure)


def _measure(change: Change) -> Measured:
    before, after = change.before.labels, change.after.labels
    classes = 1 + int(max(before.max(), after.max()))
    first = np.bincount(before, minlength=classes)
    then = np.bincount(after, minlength=classes)
    shares = first / len(before), then / len(after)
    gap = float(np.abs(shares[1] - shares[0]).max())
    observed = f"shares of labels move by at most {gap:.3f}"
    if change.rows is not None and len(before) == len(after):
        return Measured(bool((first == then).all()), observed, gap)
    pooled = (first + then) / (len(before) + len(after))
    error = np.sqrt(pooled * (1 - pooled) * (1 / len(before) + 1 / len(after)))
    z = np.abs(shares[1] - shares[0]) / np.maximum(error, 1e-12)
    return Measured(two_sided(float(z.max())) >= ALPHA, observed, gap)
