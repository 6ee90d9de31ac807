"""Shuffle labels: inputs and labels no longer belong together."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from reportgen.training.data import Source, Split


@dataclass(frozen=True)
class ShuffleLabels:
    """Give the labels to the rows in a random order."""

    changes: ClassVar = ("which label a row has",)
    keeps: ClassVar = ("inputs", "class counts")
    redraws: ClassVar = False

    def __call__(
        self, split: Split, *, source: Source | None, rng: np.random.Generator
    ) -> Split:
        """Permute the labels; the oracle still answers for the inputs."""
        return replace(split, labels=rng.permutation(split.labels))
