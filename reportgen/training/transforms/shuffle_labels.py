"""Shuffle labels: inputs and labels no longer belong together."""

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
    """Give the labels to the rows in a random order."""

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
        return replace(split, labels=rng.permutation(split.labels))
