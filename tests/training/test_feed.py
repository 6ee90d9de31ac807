"""Other rows or another mode than promised, in any batch, are told with their place."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from reportgen.spec.model import RunConfig
from reportgen.training import loop
from reportgen.training.evaluation import predict
from reportgen.training.runner import train_run
from reportgen.training.seeding import stream_generator
from tests.training.planting import (
    BATCHES,
    Forward,
    Plant,
    failed,
    fitting,
    row,
    scoring,
)

Configure = Callable[..., RunConfig]


def same_batch(model: nn.Module, rows: Tensor, n: int) -> Tensor:
    first = getattr(model, "first_batch", rows)
    if n == 1:
        model.first_batch = rows
    logits: Tensor = model(first[: len(rows)] if n > BATCHES else rows)
    return logits


def shifted(model: nn.Module, rows: Tensor, n: int) -> Tensor:
    logits: Tensor = model(rows.roll(1, dims=0) if n > 2 * BATCHES else rows)
    return logits


def cut_short(model: nn.Module, rows: Tensor, n: int) -> Tensor:
    """The last batch of epoch 2 does not reach the model."""
    if n == 2 * BATCHES:
        return torch.zeros(len(rows), 2, requires_grad=True)
    logits: Tensor = model(rows)
    return logits


def asleep_from(first: int, last: int) -> Forward:
    """The model is in evaluation mode for some batches."""

    def forward(model: nn.Module, rows: Tensor, n: int) -> Tensor:
        model.train(not first <= n <= last)
        logits: Tensor = model(rows)
        model.train()
        return logits

    return forward


def stays_asleep(patch: pytest.MonkeyPatch) -> None:
    """The scoring after epoch 1 leaves the model in evaluation mode, for good."""

    def planted(model: nn.Module, rows: Tensor, **how: Any) -> Any:
        outputs = predict(model, rows, **how)
        model.eval()
        return outputs

    patch.setattr(loop, "predict", planted)


def another_order(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(loop, "stream_generator", lambda _, __: stream_generator(7, "order"))


def awake(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(nn.Module, "eval", lambda self: self)


FED: dict[str, tuple[Plant, str]] = {
    "same batch from epoch 2 on": (
        fitting(same_batch),
        "train: other rows than prepared in epoch 2, batch 1, and in 7 more batches",
    ),
    "rows one late from epoch 3 on": (
        fitting(shifted),
        "train: other rows than prepared in epoch 3, batch 1, and in 3 more batches",
    ),
    "a batch is left out of epoch 2": (
        fitting(cut_short),
        "train: rows are left out in epoch 2 after 3 batches",
    ),
    "rows in an order of another seed": (
        another_order,
        "train: other rows than prepared in epoch 1, batch 1, and in 11 more batches",
    ),
    "evaluation mode from epoch 2 on": (
        stays_asleep,
        "train: the model is in evaluation mode in epoch 2, batch 1, and in 7 more "
        "batches",
    ),
    "evaluation mode in one batch": (
        fitting(asleep_from(7, 7)),
        "train: the model is in evaluation mode in epoch 2, batch 3",
    ),
    "evaluation mode in two batches": (
        fitting(asleep_from(8, 9)),
        "train: the model is in evaluation mode in epoch 2, batch 4, and in 1 more "
        "batch",
    ),
    "other rows scored after epoch 2": (
        scoring(2, rows_of=lambda rows: rows.roll(1, dims=0)),
        "dev: other rows than prepared after epoch 2, batch 1",
    ),
    "training mode to score epoch 3": (
        scoring(3, awake),
        "dev: the model is in training mode after epoch 3, batch 1",
    ),
    "other rows scored at the end": (
        scoring(6, rows_of=lambda rows: rows.flip(0)),
        "test: other rows than prepared in scoring epoch 3, batch 1",
    ),
}


@pytest.mark.parametrize("mistake", FED)
def test_mistake_in_any_epoch_is_told_with_its_place(
    configure: Configure, monkeypatch: pytest.MonkeyPatch, mistake: str
) -> None:
    plant, observed = FED[mistake]
    plant(monkeypatch)
    record = train_run(configure())[0]
    assert record.status == "completed", record.failure
    assert failed(record) == {"fed_as_prepared": observed}


def test_every_batch_is_compared(configure: Configure) -> None:
    found = row(train_run(configure({"training": {"epochs": 1}}))[0], "fed_as_prepared")
    assert found.passed
    expected = "equal byte for byte in 8 batches over 1 epoch: train, dev, test"
    assert found.observed == expected
