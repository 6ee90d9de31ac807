"""A watch tells of runs that break off, and of those begun anew."""

from collections.abc import Callable

import pytest
from torch import Tensor, nn

from reportgen.spec.model import RunConfig
from reportgen.training.runner import train_run
from tests.training.planting import BATCHES, failed, fitting, row

Configure = Callable[..., RunConfig]
WATCHED = {
    "model": {"params": {"dropout": 0.5}},
    "training": {"freeze": [{"parameters": "embedding.*", "epochs": "all"}]},
}


def test_run_that_breaks_off_tells_what_was_seen(
    configure: Configure, monkeypatch: pytest.MonkeyPatch, users_code: str
) -> None:
    def forward(model: nn.Module, rows: Tensor, n: int) -> Tensor:
        logits: Tensor = model(rows.flip(0) if n == 5 else rows)
        return logits

    fitting(forward)(monkeypatch)
    params = {"how": "step", "after": 6}
    model = {"use": f"{users_code}:Fails", "params": params}
    record = train_run(configure({"model": model}))[0]
    assert record.status == "failed"
    assert set(record.checkpoints) == {"best"}
    told = "train: other rows than prepared in epoch 2, batch 1"
    assert failed(record) == {"fed_as_prepared": told}
    assert row(record, "free_move").passed


class Interrupted(BaseException):
    """As from a keyboard: nothing in a run catches it."""


def test_run_begun_anew_after_an_interruption_is_watched_from_the_start(
    configure: Configure,
) -> None:
    def forward(model: nn.Module, rows: Tensor, n: int) -> Tensor:
        if n == BATCHES + 2:
            raise Interrupted
        logits: Tensor = model(rows)
        return logits

    config = configure(WATCHED)
    with pytest.MonkeyPatch.context() as patch:
        fitting(forward)(patch)
        with pytest.raises(Interrupted):
            train_run(config)
    record, undisturbed = train_run(config)[0], train_run(config)[0]
    assert record == undisturbed
    assert not failed(record)
    assert "over 3 epochs" in row(record, "fed_as_prepared").observed
