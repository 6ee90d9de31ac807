"""What a model is fed: the rows as prepared and every batch in, differences out.

Rows are compared with the prepared arrays themselves, in an order drawn here once more
from the run's seed, so that neither tensors nor order of the loop are taken on trust.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from reportgen.records import Array, CheckRow
from reportgen.training.data import Split
from reportgen.training.evaluation import EVALUATION_ROWS
from reportgen.training.seeding import stream_generator
from reportgen.training.tally import Tally, counted


@dataclass
class Part:
    """An epoch or the scoring of a set, under way."""

    name: str  # of the set
    when: str  # e.g. "in epoch 2"
    order: Array  # (N,), rows of the set in the order they are due
    size: int  # of a batch; the last one may be smaller
    training: bool
    batches: int = 0  # so far

    def place(self) -> str:
        """Where in the run the latest batch is."""
        return f"{self.when}, batch {self.batches}"

    def due(self) -> Array:
        """Rows of the latest batch, (B,); none where the set is through already."""
        return self.order[(self.batches - 1) * self.size : self.batches * self.size]


class Feed:
    """Compares the batches a model is given with the rows as prepared.

    A batch is compared as it arrives: the rows due are gathered for it alone, nothing
    is kept, and it costs a few hundredths of a small model's step.

    Args:
        sets: by name, as prepared.
        size: of a training batch.
        seed: of the run, which its order of rows follows from.
    """

    def __init__(self, sets: Mapping[str, Split], size: int, seed: int) -> None:
        self._sets, self._size = sets, size
        self._stream = stream_generator(seed, "order")
        self._part: Part | None = None
        self._faults = Tally()
        self._epochs = self._batches = 0
        self._fed: dict[str, None] = {}  # names of sets, in order

    def start_epoch(self, epoch: int) -> None:
        """An epoch begins: all training rows are due once, in the order drawn."""
        rows = len(self._sets["train"])
        order = torch.randperm(rows, generator=self._stream).numpy()  # (N,)
        when = f"in epoch {epoch}"
        self._part = Part("train", when, order, self._size, training=True)
        self._epochs = epoch

    def start_scoring(self, name: str, when: str) -> None:
        """A set is about to be scored: its rows are due as they lie."""
        order = np.arange(len(self._sets[name]))
        self._part = Part(name, when, order, EVALUATION_ROWS, training=False)

    def see(self, rows: Tensor, *, training: bool) -> Part | None:
        """A batch on its way into a model in some mode; the part it belongs to."""
        part = self._part
        if part is None:
            return None
        part.batches += 1
        self._batches += 1
        self._fed[part.name] = None
        due = self._sets[part.name].inputs.take(part.due(), axis=0)  # (B, T, C)
        if not _same(rows, due):
            self._faults.add(f"{part.name}: other rows than prepared", part.place())
        if training is not part.training:
            mode = "training" if training else "evaluation"
            fault = f"{part.name}: the model is in {mode} mode"
            self._faults.add(fault, part.place())
        return part

    def end(self) -> None:
        """The part under way is through: all of its rows must have come."""
        part, self._part = self._part, None
        if part is not None and part.batches * part.size < len(part.order):
            place = f"{part.when} after {counted(part.batches, 'batch', 'batches')}"
            self._faults.add(f"{part.name}: rows are left out", place)

    def finding(self) -> CheckRow:
        """What all batches so far came to; not measured where there was none."""
        batches = counted(self._batches, "batch", "batches")
        epochs = counted(self._epochs, "epoch", "epochs")
        return CheckRow(
            subject="run",
            check="fed_as_prepared",
            kind="keeps",
            says="every batch holds the rows as prepared, and finds the model in "
            "training mode to fit and in evaluation mode to be scored",
            observed="; ".join(self._faults.told())
            or f"equal byte for byte in {batches} over {epochs}: "
            f"{', '.join(self._fed) or 'none'}",
            passed=not self._faults if self._batches else None,
        )


def _same(rows: Tensor, due: Array) -> bool:
    """Whether two batches are equal byte for byte.

    Copies of their bytes compare in half the time that the arrays would.
    """
    if rows.dtype != torch.int64 or rows.shape != due.shape:
        return False
    return rows.numpy().tobytes() == due.tobytes()
