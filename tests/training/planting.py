"""Mistakes planted in a run of 3 epochs of 4 batches, in as many batches as wanted."""

from collections.abc import Callable
from typing import Any

import pytest
from torch import Tensor, nn

from reportgen.records import CheckRow, RunRecord
from reportgen.training import loop
from reportgen.training.evaluation import predict

Plant = Callable[[pytest.MonkeyPatch], None]
Forward = Callable[[nn.Module, Tensor, int], Tensor]
BATCHES = 4  # an epoch, of 60 rows


def fitting(forward: Forward) -> Plant:
    """Training batches go through `forward(model, rows, n)`, n counted from 1."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        calls: list[None] = []

        def planted(model: nn.Module, rows: Tensor, _: str) -> Tensor:
            calls.append(None)
            return forward(model, rows, len(calls))

        patch.setattr(loop, "forward", planted)

    return plant


def scoring(
    call: int,
    break_it: Callable[[pytest.MonkeyPatch], None] = lambda _: None,
    rows_of: Callable[[Tensor], Tensor] = lambda rows: rows,
) -> Plant:
    """One scoring goes wrong: of dev after each of 3 epochs, then of every set."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        calls: list[None] = []

        def planted(model: nn.Module, rows: Tensor, **how: Any) -> Any:
            calls.append(None)
            if len(calls) != call:
                return predict(model, rows, **how)
            with pytest.MonkeyPatch.context() as once:
                break_it(once)
                return predict(model, rows_of(rows), **how)

        patch.setattr(loop, "predict", planted)

    return plant


def row(record: RunRecord, check: str) -> CheckRow:
    (found,) = [one for one in record.checks if one.check == check]
    return found


def failed(record: RunRecord) -> dict[str, str]:
    return {one.check: one.observed for one in record.checks if one.passed is False}
