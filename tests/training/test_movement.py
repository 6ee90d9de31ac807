"""What is held still has no gradient at any step, and keeps its bytes."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from reportgen.spec.model import RunConfig
from reportgen.training import loop
from reportgen.training.runner import train_run
from reportgen.training.setup import hold_still, set_up
from tests.training.planting import BATCHES, failed, row

Configure = Callable[..., RunConfig]
FREEZE = {"training": {"freeze": [{"parameters": "embedding.*", "epochs": "all"}]}}


def gradient_once(patch: pytest.MonkeyPatch, step: int) -> None:
    """A held tensor has a gradient at one step, gone before the next one."""
    calls: list[None] = []
    right = loop.clipped

    def planted(parameters: Any, limit: float | None) -> float:
        calls.append(None)
        if len(calls) == step:
            parameters[0].grad = torch.zeros_like(parameters[0])
        return right(parameters, limit)

    patch.setattr(loop, "clipped", planted)


def test_gradient_of_a_held_tensor_is_seen_at_a_single_step(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    gradient_once(monkeypatch, BATCHES + 2)
    (told,) = failed(train_run(configure(FREEZE))[0]).values()
    assert told == "embedding.tables.shape.weight has a gradient in epoch 2, step 2"


def test_gradient_after_its_time_is_none_of_a_freeze(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    gradient_once(monkeypatch, BATCHES + 2)
    held = [{"parameters": "embedding.*", "epochs": 1}]
    record = train_run(configure({"training": {"freeze": held}}))[0]
    assert not failed(record)
    still = row(record, "frozen_still")
    assert still.says.endswith("stays byte-equal and without gradient in epoch 1")
    assert still.observed == "2 tensors still through epoch 1"
    assert row(record, "frozen_freed").observed == "2 of 2 tensors moved in epoch 2"


def test_one_tensor_is_one_tensor(configure: Configure) -> None:
    held = [{"parameters": "embedding.tables.shape.weight", "epochs": 2}]
    record = train_run(configure({"training": {"freeze": held}}))[0]
    assert row(record, "frozen_still").observed == "1 tensor still through epoch 2"
    assert row(record, "frozen_freed").observed == "1 of 1 tensor moved in epoch 3"


def test_zero_that_changes_its_sign_has_moved(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    def zeroed(*given: Any) -> Any:
        metrics, built = set_up(*given)
        with torch.no_grad():
            built.model.value.embedding.tables["shape"].weight.zero_()
        return metrics, built

    def signed(model: nn.Module, freeze: Any, epoch: int) -> None:
        hold_still(model, freeze, epoch)
        if epoch == 2:
            with torch.no_grad():
                model.get_parameter("embedding.tables.shape.weight").neg_()

    monkeypatch.setattr(loop, "set_up", zeroed)
    monkeypatch.setattr(loop, "hold_still", signed)
    (told,) = failed(train_run(configure(FREEZE))[0]).values()
    assert told == "embedding.tables.shape.weight moves in epoch 2"
