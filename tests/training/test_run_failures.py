"""How runs end badly: refused before they start, or failed and on record."""

from collections.abc import Callable
from typing import Any

import pytest

from reportgen.errors import InputError, SettingError
from reportgen.records import RunRecord
from reportgen.spec.model import RunConfig
from reportgen.training.runner import check_run, train_run

CHANNELS = ("shape", "colour")
Configure = Callable[..., RunConfig]


def train(config: RunConfig) -> RunRecord:
    return train_run(config)[0]


def test_plateau_scheduler_must_watch_in_the_right_direction(
    configure: Configure,
) -> None:
    plateau = {"use": "torch.optim.lr_scheduler:ReduceLROnPlateau"}
    select = {"metric": "dev.accuracy"}
    config = configure({"training": {"scheduler": plateau, "select": select}})
    with pytest.raises(SettingError, match="as if min were better") as caught:
        check_run(config)
    assert caught.value.path == "training.scheduler.params.mode"
    good = {**plateau, "params": {"mode": "max", "patience": 0}}
    change = {"training": {"scheduler": good, "select": select}}
    assert train(configure(change)).status == "completed"


@pytest.mark.parametrize(
    ("change", "path", "what"),
    [
        (
            {"training": {"freeze": [{"parameters": "emb.*", "epochs": 1}]}},
            "training.freeze[0].parameters",
            "no parameter matches",
        ),
        (
            {"training": {"freeze": [{"parameters": "*", "epochs": 1}]}},
            "training.freeze",
            "nothing is left to train",
        ),
        ({"model": {"params": {"widht": 3}}}, "model.params.widht", "widht"),
        ({"model": {"use": "lsmt"}}, "model.use", "there is no model 'lsmt'"),
        ({"model": {"use": "fractions:Fraction"}}, "model.use", "builds no module"),
        (
            {"training": {"optimizer": {"use": "torch.optim:Adm"}}},
            "training.optimizer.use",
            "cannot load",
        ),
        (
            {"training": {"select": {"metric": "test.loss"}}},
            "training.select.metric",
            "must not choose",
        ),
    ],
)
def test_refused_setting_is_no_failed_run(
    configure: Configure, change: dict[str, Any], path: str, what: str
) -> None:
    config = configure(change)
    for function in (check_run, train):
        with pytest.raises(SettingError, match=what) as caught:
            function(config)
        assert caught.value.path == path


def test_metric_without_its_column_is_refused(
    configure: Configure, users_code: str
) -> None:
    config = configure({"data": {"use": f"{users_code}:letters", "params": {}}})
    with pytest.raises(SettingError, match="hwa needs the column 'shape_variety'"):
        check_run(config)


@pytest.mark.parametrize(
    ("how", "kind", "message"),
    [
        ("raise", "exception", "KeyError: 'model.bin at 0x…'"),
        ("nan", "non-finite", "the training loss became nan"),
        ("memory", "out-of-memory", "MemoryError"),
        ("allocator", "out-of-memory", "RuntimeError: DefaultCPUAllocator"),
        ("shape", "exception", "ValueError: Expected input batch_size"),
        ("constructor", "exception", "ZeroDivisionError: no layers"),
    ],
)
def test_failure_is_a_record(
    configure: Configure, users_code: str, how: str, kind: str, message: str
) -> None:
    model = {"use": f"{users_code}:Fails", "params": {"how": how, "after": 6}}
    config = configure({"model": model})
    check_run(config)
    record, arrays = train_run(config)
    assert record.status == "failed"
    assert record.failure is not None
    assert record.failure.kind == kind
    assert record.failure.message.startswith(message)
    assert not record.checkpoints
    assert not arrays
    assert "secret" not in record.model_dump_json()
    if how == "constructor":
        assert record.failure.epoch is None
        return
    # The 4 batches of the first epoch went well: its curve and the capture stay.
    assert record.failure.epoch == 2
    assert len(record.curves["train.loss"]) == 1
    assert record.capture
    assert "epoch 1/3" in record.failure.excerpt
    assert train(config).model_dump_json() == record.model_dump_json()


def test_failed_run_keeps_its_best_checkpoint(
    configure: Configure, users_code: str
) -> None:
    model = {"use": f"{users_code}:Fails", "params": {"how": "step", "after": 6}}
    record, arrays = train_run(configure({"model": model}))
    assert record.status == "failed"
    assert record.failure is not None
    assert record.failure.epoch == 2
    assert list(record.checkpoints) == ["best"]
    best = record.checkpoints["best"]
    assert best.epoch == 1
    assert best.metrics["dev.loss"] == record.curves["dev.loss"][0]
    assert set(record.arrays) == {
        *(f"logits/{name}@best" for name in ("train", "dev", "test")),
        *(f"{kind}/{name}" for kind in ("inputs", "labels") for name in record.data),
        *(f"columns/{name}/{one}_variety" for name in record.data for one in CHANNELS),
    }
    assert set(record.arrays.values()) == set(arrays)


def test_argument_that_cannot_be_stated_is_found_before_any_run(
    configure: Configure, users_code: str
) -> None:
    config = configure({"model": {"use": f"{users_code}:Opaque"}})
    what = "cannot read what Layer was given as 'gain'"
    for function in (check_run, train):
        with pytest.raises(InputError, match=what):
            function(config)


def test_exploding_weights_are_a_failed_run(configure: Configure) -> None:
    optimizer = {"use": "torch.optim:SGD", "params": {"lr": 1e38}}
    record = train(configure({"training": {"optimizer": optimizer}}))
    assert record.failure is not None
    assert record.failure.kind == "non-finite"


def test_a_loss_that_grew_beyond_all_numbers_has_diverged(
    configure: Configure,
) -> None:
    optimizer = {"use": "torch.optim:SGD", "params": {"lr": 1e7, "momentum": 0.99}}
    record = train(configure({"training": {"optimizer": optimizer}}))
    assert record.failure is not None
    assert record.failure.kind == "diverged"


def test_plain_module_by_import_path_trains(
    configure: Configure, users_code: str
) -> None:
    model = {"use": f"{users_code}:Fails", "params": {"how": "never"}}
    record = train(configure({"model": model}))
    assert record.status == "completed"
    assert f"{users_code}" in record.code
