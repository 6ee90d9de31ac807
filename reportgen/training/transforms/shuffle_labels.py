"""Shuffle labels: inputs and labels no longer belong together."""

import hashlib
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from reportgen.training.checks.classes_kept import ClassesKept
from reportgen.training.checks.inputs_kept import InputsKept
from reportgen.training.checks.labels_lost import LabelsLost
from reportgen.training.data import Source, Split
from reportgen.training.invariant import Invariant


@dataclass(frozen=True)
class ShuffleLabels:
    """Give the labels to the rows in an order that only their content decides.

    Rows are ordered by a hash of what they hold, so the order is as good as random,
    and a row that stands in two splits gets the same label in both, but for rows at
    the border between two labels: what leaks from one split into another still helps.
    """

    redraws: ClassVar = False

    @property
    def changes(self) -> tuple[Invariant, ...]:
        """Rows lose their labels."""
        return (LabelsLost(),)

    @property
    def keeps(self) -> tuple[Invariant, ...]:
        """Inputs stay, and so does how often each label occurs."""
        return (InputsKept(), ClassesKept())

    def __call__(
        self, split: Split, *, source: Source | None, rng: np.random.Generator
    ) -> Split:
        """Permute the labels; the oracle still answers for the inputs."""
        digests = [hashlib.sha256(row.tobytes()).digest() for row in split.inputs]
        order = np.argsort(np.array(digests, dtype="S32"), kind="stable")
        labels = np.empty_like(split.labels)
        labels[order] = np.sort(split.labels)
        return replace(split, labels=labels)
