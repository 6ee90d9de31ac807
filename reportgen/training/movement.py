"""Which parameters move: a model, its freezes and its steps in, what held still out.

Parameters are compared with copies of how they began at the end of each epoch, since
reading all of them takes long; gradients are looked for at every step.
"""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Literal

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from reportgen.records import CheckRow
from reportgen.spec.model import FreezeSpec
from reportgen.training.tally import counted

FOREVER = 10**9
Ids = tuple[str, str, Literal["changes", "keeps"]]  # subject, check, kind


class Movement:
    """Sees which parameters of a model move, epoch by epoch.

    Args:
        model: before its first step; it is left alone.
        optimizer: asked for its step size: nothing can move while that is zero.
        freeze: what is to be held still, as the spec says it.
    """

    def __init__(
        self, model: nn.Module, optimizer: Optimizer, freeze: Sequence[FreezeSpec]
    ) -> None:
        self._named = dict(model.named_parameters())
        self._first = {name: _bytes(one).clone() for name, one in self._named.items()}
        self._optimizer, self._freeze = optimizer, tuple(freeze)
        self._held = {name: self._held_until(name) for name in self._named}
        self._still: list[tuple[str, nn.Parameter]] = []  # held now
        self._slipped: dict[str, str] = {}  # parameter -> what it did while held
        self._freed: dict[int, tuple[int, int]] = {}  # spec -> epoch, tensors moved
        self._free: tuple[int, int, int] | None = None  # epoch, moved, of
        self._epoch = self._epochs = self._steps = 0  # under way, ended, in this one

    def start_epoch(self, epoch: int) -> None:
        """An epoch begins."""
        self._epoch, self._steps = epoch, 0
        self._still = [
            (name, one)
            for name, one in self._named.items()
            if epoch <= self._held[name]
        ]

    def step(self) -> None:
        """The optimiser is about to use the gradients there are."""
        self._steps += 1
        for name, one in self._still:
            if one.grad is not None:
                where = f"epoch {self._epoch}, step {self._steps}"
                self._slipped.setdefault(name, f"{name} has a gradient in {where}")

    def end_epoch(self) -> None:
        """All steps of an epoch are done."""
        self._epochs = self._epoch
        for name, _ in self._still:
            if name not in self._slipped and self._moved(name):
                self._slipped[name] = f"{name} moves in epoch {self._epoch}"
        if any(float(group["lr"]) > 0 for group in self._optimizer.param_groups):
            self._look_at_free(self._epoch)

    def findings(self) -> Iterator[CheckRow]:
        """What was seen, one row per promise."""
        yield self._free_row()
        for position, spec in enumerate(self._freeze):
            yield self._still_row(position, spec)
            if spec.epochs != "all":
                yield self._freed_row(position, spec.epochs)

    def _held_until(self, name: str) -> int:
        """The last epoch in which a parameter is to be held; 0 for none."""
        ends = [
            FOREVER if spec.epochs == "all" else spec.epochs
            for spec in self._freeze
            if fnmatchcase(name, spec.parameters)
        ]
        return max(ends, default=0)

    def _moved(self, name: str) -> bool:
        return not torch.equal(_bytes(self._named[name]), self._first[name])

    def _look_at_free(self, epoch: int) -> None:
        free = [name for name, until in self._held.items() if epoch > until]
        if self._free is None:
            wanted = [name for name in free if self._named[name].requires_grad]
            self._free = (epoch, sum(map(self._moved, wanted)), len(wanted))
        for position in range(len(self._freeze)):
            names = [name for name in self._names(position) if name in free]
            if position not in self._freed and names:
                self._freed[position] = (epoch, sum(map(self._moved, names)))

    def _names(self, position: int) -> list[str]:
        glob = self._freeze[position].parameters
        return [name for name in self._named if fnmatchcase(name, glob)]

    def _free_row(self) -> CheckRow:
        ids: Ids = ("run", "free_move", "changes")
        says = "parameters that are free move"
        if self._free is None:
            observed = "no whole epoch had a step size above zero"
            return _row(ids, says, observed, passed=None)
        epoch, moved, of = self._free
        return _row(ids, says, _moving(moved, of, epoch), passed=moved > 0)

    def _still_row(self, position: int, spec: FreezeSpec) -> CheckRow:
        names = self._names(position)
        slips = [self._slipped[name] for name in names if name in self._slipped]
        span = "every epoch" if spec.epochs == "all" else f"epochs 1 to {spec.epochs}"
        if spec.epochs == 1:
            span = "epoch 1"
        until = min(self._epochs, max(self._held[name] for name in names))
        tensors = counted(len(names), "tensor", "tensors")
        return _row(
            (f"training.freeze[{position}]", "frozen_still", "keeps"),
            f"{spec.parameters} stays byte-equal and without gradient in {span}",
            "; ".join(slips[:2]) or f"{tensors} still through epoch {until}",
            passed=False if slips else True if self._epochs else None,
        )

    def _freed_row(self, position: int, epochs: int) -> CheckRow:
        ids: Ids = (f"training.freeze[{position}]", "frozen_freed", "changes")
        glob = self._freeze[position].parameters
        says = f"{glob} moves from epoch {epochs + 1} on"
        if position not in self._freed:
            ended = counted(self._epochs, "epoch", "epochs")
            observed = f"training ended after {ended}, before it was free"
            return _row(ids, says, observed, passed=None)
        epoch, moved = self._freed[position]
        observed = _moving(moved, len(self._names(position)), epoch)
        return _row(ids, says, observed, passed=moved > 0)


def _bytes(parameter: Tensor) -> Tensor:
    """A parameter's bytes, (B,): 0 and -0 are equal numbers, but not equal bytes."""
    return parameter.detach().reshape(-1).view(torch.uint8)


def _moving(moved: int, of: int, epoch: int) -> str:
    return f"{moved} of {counted(of, 'tensor', 'tensors')} moved in epoch {epoch}"


def _row(ids: Ids, says: str, observed: str, *, passed: bool | None) -> CheckRow:
    subject, check, kind = ids
    return CheckRow(
        subject=subject,
        check=check,
        kind=kind,
        says=says,
        observed=observed,
        passed=passed,
    )
