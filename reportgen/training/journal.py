"""What a run has shown so far: filled while it trains, kept when it breaks off."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from reportgen.records import (
    Array,
    CaptureRow,
    Checkpoint,
    CheckRow,
    FailureKind,
    ModuleRow,
)
from reportgen.training.gradients import GradientNorms

Rule = Literal["best", "last"]
# A loss has grown where it is this many times that of the untrained model.
GROWTH = 2


class RunFailed(Exception):  # noqa: N818  it names an outcome, as StopIteration does
    """A run ended badly in a way we know: the kind, and a sentence about it."""

    def __init__(self, kind: FailureKind, message: str) -> None:
        self.kind: FailureKind = kind
        self.message = message
        super().__init__(message)


@dataclass
class Journal:
    """The account of one run, in the order things become known."""

    capture: tuple[CaptureRow, ...] = ()
    architecture: tuple[ModuleRow, ...] = ()
    curves: dict[str, list[float | None]] = field(default_factory=dict)
    checkpoints: dict[Rule, Checkpoint] = field(default_factory=dict)
    arrays: dict[str, Array] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)  # of the log
    epoch: int | None = None  # under way or last ended, counted from 1
    checks: tuple[CheckRow, ...] = ()
    gradients: GradientNorms = field(default_factory=GradientNorms)
    # What was seen of it so far: all that a run which breaks off can say of itself.
    watched: Callable[[], Iterable[CheckRow]] | None = None
    # Scores the best model so far: what a run that breaks off leaves behind.
    rescue: Callable[[], None] | None = None
    first_loss: float | None = None  # of the first batch
    last_loss: float | None = None  # of the latest batch that gave a number

    def note_loss(self, value: float) -> None:
        """Keep a batch's loss; infinity is a number here, NaN is not."""
        if math.isnan(value):
            return
        self.last_loss = value
        if self.first_loss is None:
            self.first_loss = value

    @property
    def has_grown(self) -> bool:
        """Whether the loss rose well above where it began."""
        first, last = self.first_loss, self.last_loss
        return first is not None and last is not None and last > GROWTH * first

    def keep_best(self) -> None:
        """Drop all but the best checkpoint and the rows it was scored on."""
        self.checkpoints = {
            rule: one for rule, one in self.checkpoints.items() if rule == "best"
        }
        kept = self.arrays if self.checkpoints else {}
        self.arrays = {
            name: array for name, array in kept.items() if not name.endswith("@last")
        }

    def keep_watched(self) -> None:
        """Put on record what was seen until the run broke off."""
        if self.watched is not None:
            self.checks += tuple(self.watched())

    def drop_results(self) -> None:
        """Leave nothing that a model answered."""
        self.checkpoints, self.arrays = {}, {}

    def last_is_best(self) -> None:
        """Report the best checkpoint as the last one too: they are the same epoch."""
        self.checkpoints["last"] = self.checkpoints["best"]
        for name in [name for name in self.arrays if name.endswith("@best")]:
            self.arrays[f"{name.removesuffix('@best')}@last"] = self.arrays[name]
