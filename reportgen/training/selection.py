"""Checkpoint selection: a value per epoch in, the best epoch so far out."""

import math
from collections.abc import Mapping, Sequence

from reportgen.errors import SettingError
from reportgen.metrics.metric import Metric
from reportgen.spec.model import RunConfig

SELECTABLE = ("dev", "train")


class Selection:
    """Keeps the earliest epoch with the best finite value of the selecting metric."""

    def __init__(self, config: RunConfig, metrics: Sequence[Metric]) -> None:
        self._name = config.training.select.metric.partition("@")[0]
        self._patience = config.training.select.patience
        chosen, _, measure = self._name.partition(".")
        if chosen not in SELECTABLE:
            fix = f"select on dev.{measure}"
            what = f"{chosen} must not choose the checkpoint: it is there to judge it"
            raise SettingError("training.select.metric", what, fix)
        self._higher = next(m for m in metrics if m.name == measure).higher_is_better
        self._value: float | None = None
        self.epoch = 0  # the best so far, counted from 1; 0 before any

    def update(self, epoch: int, figures: Mapping[str, float]) -> bool:
        """Take an epoch's figures in; True where it is the best so far."""
        value = figures[self._name]
        if not math.isfinite(value):
            return False
        if self._value is not None:
            better = value > self._value if self._higher else value < self._value
            if not better:
                return False
        self._value, self.epoch = value, epoch
        return True

    def exhausted(self, epoch: int) -> bool:
        """Whether patience has run out after this epoch."""
        return self._patience is not None and epoch - self.epoch >= self._patience
