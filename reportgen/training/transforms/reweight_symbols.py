"""Reweight symbols: fresh rows in which some symbols are more frequent."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.training.data import Draw, Source, Split, require_source


@dataclass(frozen=True)
class ReweightSymbols:
    """Draw the split anew from its source, with other symbol frequencies.

    Rows are new, their number and class balance stay, and the rule labels them.

    Args:
        weights: relative frequency by symbol within its channel; symbols left out
            keep the dataset's own weight.
    """

    weights: dict[str, float]
    changes: ClassVar = ("how often each symbol occurs",)
    keeps: ClassVar = ("the rule", "number of rows", "class balance", "label noise")
    redraws: ClassVar = True

    def __call__(
        self, split: Split, *, source: Source | None, rng: np.random.Generator
    ) -> Split:
        """Draw as many rows as the split has."""
        drawn_from = require_source(source, "reweight_symbols")
        return drawn_from.draw(len(split), rng, Draw(weights=self.weights))
