"""How long gradients are: one global L2 norm per step in, a summary of the run out.

Reading a gradient changes no bit of training. The norm is that before clipping, over
all parameters that have a gradient, in the units of the loss per unit of parameter.

Source: statistical protocol, detector `diverged`: a norm above 100 times its running
median for 3 steps. Here the multiple that was kept up is recorded, not judged.
"""

import math
from collections import deque
from collections.abc import Sequence
from heapq import heappush, heappushpop

import torch
from torch import Tensor, nn

from reportgen.records import GradientSummary

STEPS_IN_A_ROW = 3
WARM_UP = 10  # norms, of which fewer have no median worth comparing with


def gradient_norm(parameters: Sequence[nn.Parameter]) -> float:
    """Global L2 norm of the gradients as they are; 0 where none has one.

    It may be NaN or infinite, as the gradients may.
    """
    norms = [
        torch.linalg.vector_norm(values_of(one.grad))  # ()
        for one in parameters
        if one.grad is not None
    ]
    return torch.linalg.vector_norm(torch.stack(norms)).item() if norms else 0.0


def values_of(gradient: Tensor) -> Tensor:
    """All that is not zero in a gradient; an embedding may have a sparse one."""
    return gradient.coalesce().values() if gradient.is_sparse else gradient


class RunningMedian:
    """The median of all numbers so far, one after the other in O(log n).

    The lower half lies in a heap with its largest on top (negated, as heaps have the
    smallest there), the upper half in one with its smallest on top.
    """

    def __init__(self) -> None:
        self._lower: list[float] = []
        self._upper: list[float] = []

    def __len__(self) -> int:
        """How many numbers there were."""
        return len(self._lower) + len(self._upper)

    @property
    def value(self) -> float:
        """The median; NaN without numbers."""
        if not self._lower:
            return math.nan
        if len(self._lower) > len(self._upper):
            return -self._lower[0]
        return (self._upper[0] - self._lower[0]) / 2

    def add(self, number: float) -> None:
        """Take in one finite number."""
        if len(self._lower) > len(self._upper):
            heappush(self._upper, -heappushpop(self._lower, -number))
        else:
            heappush(self._lower, -heappushpop(self._upper, number))


class GradientNorms:
    """Follows the norms of one run, step by step."""

    def __init__(self) -> None:
        self._median = RunningMedian()
        self._recent: deque[float] = deque(maxlen=STEPS_IN_A_ROW)
        self._steps = self._non_finite = 0
        self._largest = self._sustained = 0.0
        self._epoch: int | None = None

    def add(self, norm: float, epoch: int) -> None:
        """Take in the norm of one step.

        A norm is compared with the median of those before it. One that is no finite
        number is counted and else passed over; one of 0, as of a loss that is met
        everywhere, is no yardstick for later ones.
        """
        self._steps += 1
        if not math.isfinite(norm):
            self._non_finite += 1
            return
        self._largest = max(self._largest, norm)
        if len(self._median) >= WARM_UP:
            self._recent.append(norm / self._median.value)
            kept_up = min(self._recent)
            if len(self._recent) == STEPS_IN_A_ROW and kept_up > self._sustained:
                self._sustained, self._epoch = kept_up, epoch
        if norm > 0:
            self._median.add(norm)

    def summary(self) -> GradientSummary | None:
        """What the run came to; None before its first step."""
        if not self._steps:
            return None
        return GradientSummary(
            steps=self._steps,
            non_finite=self._non_finite,
            median=self._median.value if len(self._median) else None,
            largest=self._largest,
            sustained=self._sustained if self._epoch is not None else None,
            sustained_epoch=self._epoch,
        )
