"""Blank tokens: every row shows the same placeholders, so nothing can be learnt."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from reportgen.training.checks.labels_kept import LabelsKept
from reportgen.training.checks.rows_alike import RowsAlike
from reportgen.training.data import Source, Split
from reportgen.training.invariant import Invariant


@dataclass(frozen=True)
class BlankTokens:
    """Replace every token by its channels' first symbols; vocabularies stay."""

    redraws: ClassVar = False

    @property
    def changes(self) -> tuple[Invariant, ...]:
        """What a row holds goes."""
        return (RowsAlike(),)

    @property
    def keeps(self) -> tuple[Invariant, ...]:
        """Labels stay."""
        return (LabelsKept(),)

    def __call__(
        self, split: Split, *, source: Source | None, rng: np.random.Generator
    ) -> Split:
        """Set all codes to 0."""
        return replace(split, inputs=np.zeros_like(split.inputs))
