"""A watch on one run: its model in, what it was fed and what moved in it out.

It looks at the model from outside the loop, so that a mistake in the loop shows: hooks
see every batch of every epoch, and no tensor of the loop is taken on trust.
"""

from collections.abc import Iterator
from typing import Any

from torch import Tensor, nn

from reportgen.records import CheckRow
from reportgen.spec.model import RunConfig
from reportgen.training.dropping import Dropping
from reportgen.training.feed import Feed, Part
from reportgen.training.fitting import Fitting
from reportgen.training.movement import Movement
from reportgen.training.prepare import Prepared


class Watch:
    """Sees what a model is fed, in which mode, and which of its parameters move.

    It draws from no generator of the run and changes no tensor. A run that was broken
    off begins anew with a watch of its own: none is ever taken up in the middle.

    Args:
        config: of the run.
        prepared: its data; every batch is compared with it.
        fitting: before the first step; the model is hooked, and otherwise left alone.
    """

    def __init__(self, config: RunConfig, prepared: Prepared, fitting: Fitting) -> None:
        training, model = config.training, fitting.model.value
        self._feed = Feed(prepared.sets, training.batch_size, config.seed)
        self._movement = Movement(model, fitting.optimizer.value, training.freeze)
        self.dropping = Dropping(model)
        self._part: Part | None = None  # that the batch in the model belongs to
        self._hooks = [model.register_forward_pre_hook(self._before)]
        if self.dropping:
            self._hooks.append(model.register_forward_hook(self._after))

    def start_epoch(self, epoch: int) -> None:
        """An epoch begins."""
        self._feed.start_epoch(epoch)
        self._movement.start_epoch(epoch)

    def step(self) -> None:
        """A batch has its gradients, and the optimiser is about to step."""
        self._movement.step()

    def end_epoch(self) -> None:
        """All batches of an epoch are done."""
        self._feed.end()
        self._movement.end_epoch()

    def start_scoring(self, name: str, when: str) -> None:
        """A set is about to be scored; `when` says where in the run."""
        self._feed.start_scoring(name, when)

    def end_scoring(self) -> None:
        """It was."""
        self._feed.end()

    def close(self) -> None:
        """Take the hooks away."""
        for hook in self._hooks:
            hook.remove()

    def findings(self) -> Iterator[CheckRow]:
        """What was seen so far, one row per promise."""
        yield self._feed.finding()
        yield from self._movement.findings()

    def _before(self, module: nn.Module, given: tuple[Any, ...]) -> None:
        rows = given[0] if given else None
        self._part = None
        if isinstance(rows, Tensor):
            self._part = self._feed.see(rows, training=module.training)
        if self._part is not None and self.dropping:
            self.dropping.before(self._part)

    def _after(self, *_: object) -> None:
        if self._part is not None:
            self.dropping.after(self._part)
