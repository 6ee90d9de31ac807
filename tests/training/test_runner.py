"""Whole runs: the same bits from the same key, and failures as outcomes."""

import json
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import pytest
import torch

from reportgen.metrics.metric import Outputs, load_metric
from reportgen.records import RunRecord, digest_array, digest_result
from reportgen.spec.model import RunConfig
from reportgen.training.runner import identify, train_run
from reportgen.training.seeding import restored_generators, stream_generator

Configure = Callable[..., RunConfig]
LSTM = {"use": "lstm", "params": {"embedding_dim": 4, "hidden_dim": 6, "dropout": 0.2}}
SHIFT = {"use": "reweight_symbols", "params": {"weights": {"▲": 3.0}}}

IN_A_PROCESS = """
import sys
from reportgen.spec.model import RunConfig
from reportgen.training.runner import train_run
record, _ = train_run(RunConfig.model_validate_json(sys.stdin.read()))
print(record.model_dump_json())
"""


def train(config: RunConfig) -> RunRecord:
    return train_run(config)[0]


def test_run_is_the_same_in_any_process_and_after_any_work(
    configure: Configure,
) -> None:
    config = configure({"model": LSTM})
    here = train(config)
    train(configure({"model": {"use": "transformer"}}, seed=5))
    with restored_generators():
        torch.rand(7)
        again = train(config)
    child = subprocess.run(  # noqa: S603  our own interpreter
        [sys.executable, "-c", IN_A_PROCESS],
        input=config.model_dump_json(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert again.model_dump_json() == here.model_dump_json()
    assert json.loads(child.stdout) == json.loads(here.model_dump_json())


def test_an_execution_once_more_is_another_run_with_the_same_result(
    configure: Configure,
) -> None:
    once = configure({"model": LSTM})
    more = once.model_copy(update={"repeat": 1})
    (first, arrays), (second, others) = train_run(once), train_run(more)
    assert second.run != first.run
    assert second.key != first.key
    assert second.result == first.result
    assert second.checkpoints == first.checkpoints
    assert second.curves == first.curves
    assert second.arrays == first.arrays
    assert arrays.keys() == others.keys()


def test_seed_changes_weights_and_key(configure: Configure) -> None:
    one, other = train(configure(seed=0)), train(configure(seed=1))
    assert one.checkpoints["last"].weights != other.checkpoints["last"].weights
    assert one.key != other.key
    assert one.data == other.data


def test_caller_keeps_its_generators_and_threads(configure: Configure) -> None:
    threads = torch.get_num_threads()
    with restored_generators():
        torch.set_rng_state(torch.Generator().manual_seed(5).get_state())
        expected = torch.rand(3, generator=torch.Generator().manual_seed(5))
        train(configure({"training": {"epochs": 1}}))
        assert torch.equal(torch.rand(3), expected)
    assert torch.get_num_threads() == threads
    assert not torch.are_deterministic_algorithms_enabled()


def test_record_is_complete(configure: Configure) -> None:
    lines: list[str] = []
    config = configure({"data": {"shifts": {"composition": SHIFT}}})
    record, arrays = train_run(config, log=lines.append)
    assert record.status == "completed"
    assert (record.run, record.key) == identify(config)
    assert [line.split()[1] for line in lines] == ["1/3", "2/3", "3/3"]
    assert lines[0].startswith("epoch 1/3 train.loss ")
    assert {len(curve) for curve in record.curves.values()} == {3}
    assert {"train.loss", "dev.loss", "dev.hwa", "train.objective"} <= set(
        record.curves
    )
    sets = ("train", "dev", "test", "composition")
    metrics = ("accuracy", "hwa", "loss")
    for checkpoint in record.checkpoints.values():
        assert set(checkpoint.metrics) == {f"{s}.{m}" for s in sets for m in metrics}
    assert record.checkpoints["last"].epoch == 3
    losses = record.curves["dev.loss"]
    assert record.checkpoints["best"].epoch == 1 + losses.index(min(losses))  # type: ignore[type-var]
    assert set(record.arrays.values()) == set(arrays)
    assert all(digest_array(array) == digest for digest, array in arrays.items())
    assert record.result == digest_result(record)
    assert record.data["test"].rows == 40


def test_metrics_are_those_of_the_logits_on_record(configure: Configure) -> None:
    record, arrays = train_run(configure())
    columns = {
        name: arrays[record.arrays[f"columns/test/{name}"]]
        for name in ("shape_variety", "colour_variety")
    }
    labels = arrays[record.arrays["labels/test"]]
    for rule, checkpoint in record.checkpoints.items():
        logits = arrays[record.arrays[f"logits/test@{rule}"]]
        assert logits.dtype == np.float32
        for name in ("accuracy", "hwa", "loss"):
            value = load_metric(name).value(Outputs(logits, labels, columns))
            assert checkpoint.metrics[f"test.{name}"] == value


def test_last_curve_value_is_the_last_checkpoints_score(configure: Configure) -> None:
    record = train(configure())
    last = record.checkpoints["last"].metrics
    assert record.curves["dev.accuracy"][-1] == last["dev.accuracy"]
    assert record.curves["dev.loss"][-1] == pytest.approx(last["dev.loss"], abs=1e-6)


def test_a_separable_rule_is_learnt(configure: Configure) -> None:
    rows = {"train": 400, "dev": 100, "test": 100}
    change = {"data": {"params": {"rows": rows}}, "training": {"epochs": 25}}
    accuracy = train(configure(change)).checkpoints["best"].metrics["test.accuracy"]
    assert accuracy is not None
    assert accuracy > 0.95


def test_each_checkpoint_is_scored_with_its_own_weights(configure: Configure) -> None:
    optimizer = {"params": {"lr": 0.5}}
    record = train(configure({"training": {"epochs": 8, "optimizer": optimizer}}))
    losses = record.curves["dev.loss"]
    best, last = record.checkpoints["best"], record.checkpoints["last"]
    assert best.epoch < 8, "choose settings under which the last epoch is not the best"
    assert best.metrics["dev.loss"] == pytest.approx(losses[best.epoch - 1], abs=1e-6)
    assert last.metrics["dev.loss"] == pytest.approx(losses[-1], abs=1e-6)
    assert best.weights != last.weights


def test_random_numbers_of_training_come_from_their_own_stream(
    configure: Configure, users_code: str
) -> None:
    """However many numbers initialisation took."""
    import_module(users_code).drawn.clear()
    for layers in (1, 9):
        model = {"use": f"{users_code}:Draws", "params": {"layers": layers}}
        train(configure({"model": model, "training": {"epochs": 1}}, seed=3))
    first, again = (run[0] for run in import_module(users_code).drawn)
    stream = stream_generator(3, "dropout")
    assert first == again == float(torch.rand((), generator=stream))


def test_both_checkpoints_are_there_when_the_last_is_the_best(
    configure: Configure,
) -> None:
    record = train(configure({"training": {"epochs": 1}}))
    assert record.checkpoints["best"] == record.checkpoints["last"]
    for name in ("train", "dev", "test"):
        assert (
            record.arrays[f"logits/{name}@best"] == record.arrays[f"logits/{name}@last"]
        )


def test_patience_ends_a_run_early(configure: Configure) -> None:
    select = {"metric": "dev.loss", "rule": "best", "patience": 1}
    optimizer = {"params": {"lr": 0.5}}
    change = {"training": {"epochs": 40, "select": select, "optimizer": optimizer}}
    record = train(configure(change))
    best, last = (record.checkpoints[rule].epoch for rule in ("best", "last"))
    assert last == best + 1 < 40


def test_evaluation_sets_do_not_influence_training(configure: Configure) -> None:
    plain = train(configure({"model": LSTM}))
    shifted = train(configure({"model": LSTM, "data": {"shifts": {"s": SHIFT}}}))
    weights = [one.checkpoints["last"].weights for one in (plain, shifted)]
    assert weights[0] == weights[1]
    assert plain.run != shifted.run


@pytest.mark.parametrize(
    "change",
    [
        {"training": {"gradient_clip": 1e-4}},
        {"training": {"optimizer": {"params": {"weight_decay": 0.5}}}},
        {"training": {"batch_size": 7}},
        {
            "training": {
                "loss": {
                    "use": "torch.nn:CrossEntropyLoss",
                    "params": {"label_smoothing": 0.3},
                }
            }
        },
        {
            "training": {
                "scheduler": {
                    "use": "torch.optim.lr_scheduler:StepLR",
                    "params": {"step_size": 1},
                }
            }
        },
        {"training": {"precision": "bfloat16"}},
        {"training": {"freeze": [{"parameters": "embedding.*", "epochs": 1}]}},
        {"model": {"params": {"dropout": 0.5}}},
        {"data": {"params": {"label_noise": 0.1}}},
    ],
)
def test_every_setting_reaches_the_weights(
    configure: Configure, change: dict[str, Any]
) -> None:
    plain, changed = train(configure()), train(configure(change))
    assert changed.status == "completed"
    weights = [one.checkpoints["last"].weights for one in (plain, changed)]
    assert weights[0] != weights[1]


@pytest.mark.parametrize("model", ["bag_of_tokens", "transformer", "gru"])
def test_bfloat16_weights_are_updated_and_seen(
    configure: Configure, model: str
) -> None:
    """Autocast keeps weights it has cast: entered once, it would never see a step."""
    small = {"embedding_dim": 8, "hidden_dim": 8}
    chosen = {"model": {"use": model, "params": small}}
    settings = {"training": {"precision": "bfloat16", "epochs": 6}, **chosen}
    record = train(configure(settings))
    losses = record.curves["dev.loss"]
    assert len(set(losses)) == 6, "the forward pass never sees an update"
    assert record.result == train(configure(settings)).result
    full = train(configure({**settings, "training": {"epochs": 6}}))
    assert full.checkpoints["last"].weights != record.checkpoints["last"].weights
    rows = {row.path: row.value for row in record.capture}
    assert rows["precision.autocast"] is True
    assert rows["precision.dtype"] == "bfloat16"
    assert rows["precision.entered"] == "each forward pass"
