"""Dropout off where it must be on, or on where it must be off, in any epoch."""

from collections.abc import Callable

import pytest
from torch import Tensor, nn

from reportgen.spec.model import RunConfig
from reportgen.training.runner import train_run
from tests.training.planting import Forward, Plant, failed, fitting, scoring

Configure = Callable[..., RunConfig]
DROPPING = {"model": {"params": {"dropout": 0.5}}}


def off_in(layer: str, first: int, last: int) -> Forward:
    """One layer, and not the model, is in evaluation mode for some batches."""

    def forward(model: nn.Module, rows: Tensor, n: int) -> Tensor:
        model.get_submodule(layer).train(not first <= n <= last)
        logits: Tensor = model(rows)
        return logits

    return forward


def idle_in(first: int, last: int) -> Forward:
    """Dropout does nothing in some batches, though its layers say that it is on."""

    def forward(model: nn.Module, rows: Tensor, n: int) -> Tensor:
        with pytest.MonkeyPatch.context() as patch:
            if first <= n <= last:
                patch.setattr(nn.functional, "dropout", lambda x, *_: x)
            logits: Tensor = model(rows)
        return logits

    return forward


def layers_stay_on(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(nn.Dropout, "train", lambda self, _: self)


def always_dropping(patch: pytest.MonkeyPatch) -> None:
    right = nn.functional.dropout
    patch.setattr(nn.functional, "dropout", lambda x, p, *_: right(x, p))


DROPPED: dict[str, tuple[Plant, str]] = {
    "off from epoch 2 on": (
        fitting(off_in("dropout", 5, 99)),
        "train: dropout is off in epoch 2, batch 1, and in 7 more batches; "
        "train: nothing is drawn in epoch 2, batch 1, and in 1 more batch",
    ),
    "off in one batch": (
        fitting(off_in("dropout", 7, 7)),
        "train: dropout is off in epoch 2, batch 3",
    ),
    "without effect in epoch 2": (
        fitting(idle_in(5, 8)),
        "train: nothing is drawn in epoch 2, batch 1",
    ),
    "on in the scoring after epoch 2": (
        scoring(2, layers_stay_on),
        "dev: dropout is on after epoch 2, batch 1; "
        "dev: random numbers are drawn after epoch 2, batch 1",
    ),
    "with effect in the scoring after epoch 2": (
        scoring(2, always_dropping),
        "dev: random numbers are drawn after epoch 2, batch 1",
    ),
}


@pytest.mark.parametrize("mistake", DROPPED)
def test_dropout_at_the_wrong_time_is_told_with_its_place(
    configure: Configure, monkeypatch: pytest.MonkeyPatch, mistake: str
) -> None:
    plant, observed = DROPPED[mistake]
    plant(monkeypatch)
    record = train_run(configure(DROPPING))[0]
    assert failed(record) == {"dropout_active": observed}
