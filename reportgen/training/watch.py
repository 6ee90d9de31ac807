"""A watch on one run: its model in, what it was fed and what moved in it out.

It looks at the model from outside the loop, so that a mistake in the loop shows: a hook
sees every batch, and parameters are compared with copies of how they began.
"""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from reportgen.records import Array, CheckRow
from reportgen.spec.model import FreezeSpec

FOREVER = 10**9


class Watch:
    """Sees what a model is fed and which of its parameters move, epoch by epoch.

    Args:
        model: before its first step; it is hooked, and otherwise left alone.
        optimizer: asked for its step size: nothing can move while that is zero.
        freeze: what is to be held still, as the spec says it.
    """

    def __init__(
        self, model: nn.Module, optimizer: Optimizer, freeze: Sequence[FreezeSpec]
    ) -> None:
        self._named = dict(model.named_parameters())
        self._first = {name: one.detach().clone() for name, one in self._named.items()}
        self._optimizer, self._freeze = optimizer, tuple(freeze)
        self._held = {name: self._held_until(name) for name in self._named}
        self._slipped: dict[str, str] = {}  # parameter -> what it did while held
        self._freed: dict[int, tuple[int, int]] = {}  # spec -> epoch, tensors moved
        self._free: tuple[int, int, int] | None = None  # epoch, moved, of
        self._epochs = 0
        self._batches: list[Tensor] = []
        self._modes: set[bool] = set()
        self._faults: dict[str, str] = {}  # set -> what was wrong with its feed
        self._fed: list[str] = []
        self._listening = False
        self._hook = model.register_forward_pre_hook(self._see)

    def start_epoch(self, epoch: int) -> None:
        """An epoch begins: what the model is fed in the first one is kept."""
        self._listening = epoch == 1
        self._batches.clear()
        self._modes.clear()

    def end_epoch(self, epoch: int, expected: Tensor) -> None:
        """The batches of an epoch are over; `expected` holds their rows in order."""
        self._epochs = epoch
        if self._listening:
            self._compare("train", "in training", expected.numpy(), training=True)
        self._listening = False
        self._look_at_held(epoch)
        if any(float(group["lr"]) > 0 for group in self._optimizer.param_groups):
            self._look_at_free(epoch)

    def listen(self) -> None:
        """An evaluation set is about to be scored."""
        self._listening = True
        self._batches.clear()
        self._modes.clear()

    def fed(self, name: str, expected: Array) -> None:
        """It was scored: compare what the model saw with the rows as prepared."""
        self._compare(name, "in evaluation", expected, training=False)
        self._listening = False

    def close(self) -> None:
        """Take the hook away."""
        self._hook.remove()

    def findings(self) -> Iterator[CheckRow]:
        """What was seen, one row per promise."""
        yield _row(
            ("run", "fed_as_prepared", "keeps"),
            "the model is given the rows as prepared, in training mode to fit and in "
            "evaluation mode to be scored",
            "; ".join(f"{name}: {fault}" for name, fault in self._faults.items())
            or f"equal byte for byte in {', '.join(dict.fromkeys(self._fed))}",
            passed=not self._faults if self._fed else None,
        )
        yield self._free_row()
        for position, spec in enumerate(self._freeze):
            yield from self._freeze_rows(position, spec)

    def _see(self, module: nn.Module, given: tuple[Any, ...]) -> None:
        if self._listening and given and isinstance(given[0], Tensor):
            self._batches.append(given[0])
            self._modes.add(module.training)

    def _compare(
        self, name: str, when: str, expected: Array, *, training: bool
    ) -> None:
        self._fed.append(name)
        seen = torch.cat(self._batches).numpy() if self._batches else np.zeros(0)
        if not np.array_equal(seen, expected):
            self._faults[name] = f"other rows than prepared {when}"
        elif self._modes != {training}:
            mode = "evaluation" if training else "training"
            self._faults[name] = f"the model is in {mode} mode {when}"
        self._batches.clear()

    def _held_until(self, name: str) -> int:
        """The last epoch in which a parameter is to be held; 0 for none."""
        ends = [
            FOREVER if spec.epochs == "all" else spec.epochs
            for spec in self._freeze
            if fnmatchcase(name, spec.parameters)
        ]
        return max(ends, default=0)

    def _moved(self, name: str) -> bool:
        return not torch.equal(self._named[name].detach(), self._first[name])

    def _look_at_held(self, epoch: int) -> None:
        for name, until in self._held.items():
            if epoch > until or name in self._slipped:
                continue
            if self._moved(name):
                self._slipped[name] = f"{name} moves in epoch {epoch}"
            elif self._named[name].grad is not None:
                self._slipped[name] = f"{name} has a gradient in epoch {epoch}"

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
        says = "parameters that are free move"
        if self._free is None:
            observed = "no epoch had a step size above zero"
            return _row(("run", "free_move", "changes"), says, observed, passed=None)
        epoch, moved, of = self._free
        observed = f"{moved} of {of} tensors moved in epoch {epoch}"
        return _row(("run", "free_move", "changes"), says, observed, passed=moved > 0)

    def _freeze_rows(self, position: int, spec: FreezeSpec) -> Iterator[CheckRow]:
        subject, names = f"training.freeze[{position}]", self._names(position)
        span = "every epoch" if spec.epochs == "all" else f"epochs 1 to {spec.epochs}"
        slips = [self._slipped[name] for name in names if name in self._slipped]
        yield _row(
            (subject, "frozen_still", "keeps"),
            f"{spec.parameters} stays byte-equal and without gradient in {span}",
            "; ".join(slips[:2])
            or f"{len(names)} tensors still through epoch "
            f"{min(self._epochs, max(self._held[name] for name in names))}",
            passed=None if not self._epochs else not slips,
        )
        if spec.epochs == "all":
            return
        says = f"{spec.parameters} moves from epoch {spec.epochs + 1} on"
        ids = (subject, "frozen_freed", "changes")
        if position not in self._freed:
            observed = f"training ended in epoch {self._epochs}, before it was free"
            yield _row(ids, says, observed, passed=None)
            return
        epoch, moved = self._freed[position]
        observed = f"{moved} of {len(names)} tensors moved in epoch {epoch}"
        yield _row(ids, says, observed, passed=moved > 0)


def _row(
    ids: tuple[str, str, Any], says: str, observed: str, *, passed: bool | None
) -> CheckRow:
    subject, check, kind = ids
    return CheckRow(
        subject=subject,
        check=check,
        kind=kind,
        says=says,
        observed=observed,
        passed=passed,
    )
