"""Reweight symbols: fresh rows in which some symbols are more frequent."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.training.checks.classes_kept import ClassesKept
from reportgen.training.checks.composition_kept import CompositionKept
from reportgen.training.checks.labels_by_rule import LabelsByRule
from reportgen.training.checks.others_kept import OthersKept
from reportgen.training.checks.shape_kept import ShapeKept
from reportgen.training.checks.symbols_moved import SymbolsMoved
from reportgen.training.data import Draw, Source, Split, require_source
from reportgen.training.invariant import Invariant


@dataclass(frozen=True)
class ReweightSymbols:
    """Draw the split anew from its source, with other symbol frequencies.

    Rows are new, their number and class balance stay, and the rule labels them.

    Args:
        weights: relative frequency by symbol within its channel; symbols left out
            keep the dataset's own weight.
    """

    weights: dict[str, float]
    redraws: ClassVar = True

    @property
    def changes(self) -> tuple[Invariant, ...]:
        """The named symbols become more or less frequent."""
        return (SymbolsMoved(tuple(self.weights)),)

    @property
    def keeps(self) -> tuple[Invariant, ...]:
        """Shape, classes and rule stay, and all that no named symbol brings along."""
        return (
            ShapeKept(),
            ClassesKept(),
            LabelsByRule(),
            CompositionKept(but_with=tuple(self.weights)),
            OthersKept(tuple(self.weights)),
        )

    def __call__(
        self, split: Split, *, source: Source | None, rng: np.random.Generator
    ) -> Split:
        """Draw as many rows as the split has."""
        drawn_from = require_source(source, "reweight_symbols")
        return drawn_from.draw(len(split), rng, Draw(weights=self.weights))
