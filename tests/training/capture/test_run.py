"""The capture as a whole: complete, sourced, and true to the spec."""

from collections.abc import Callable
from typing import Any

import pytest

from reportgen.records import CaptureRow
from reportgen.spec.model import RunConfig
from reportgen.training.backend import reproducible_backend
from reportgen.training.capture import capture_run
from reportgen.training.prepare import prepare
from reportgen.training.seeding import restored_generators
from reportgen.training.setup import set_up

Configure = Callable[..., RunConfig]


def capture(config: RunConfig) -> dict[str, CaptureRow]:
    prepared = prepare(config.data)
    with reproducible_backend(), restored_generators():
        _, fitting = set_up(config, prepared)
        rows, _ = capture_run(config, prepared, fitting)
    return {row.path: row for row in rows}


def written(config: RunConfig, origin: str) -> Any:
    """The value at a spec path such as training.optimizer.params.lr."""
    value: Any = config.model_dump(mode="json")
    value["seeds"] = value["seed"]
    for part in origin.replace("[", ".").replace("]", "").split("."):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


RICH: dict[str, Any] = {
    "data": {
        "transforms": [{"use": "shuffle_tokens", "splits": ["train"]}],
        "shifts": {"s": {"use": "reweight_symbols", "params": {"weights": {"▲": 2.0}}}},
    },
    "model": {"use": "gru", "params": {"hidden_dim": 5, "layers": 1}},
    "training": {
        "scheduler": {
            "use": "torch.optim.lr_scheduler:StepLR",
            "params": {"step_size": 2},
        },
        "gradient_clip": 0.5,
        "freeze": [{"parameters": "embedding.*", "epochs": 1}],
    },
}


def test_rows_from_the_spec_say_what_the_spec_says(configure: Configure) -> None:
    config = configure(RICH)
    rows = [row for row in capture(config).values() if row.source == "spec"]
    assert len(rows) > 20
    for row in rows:
        if not row.path.endswith(".use"):
            assert row.value == written(config, row.origin), row.path


def test_every_setting_in_the_spec_has_a_row(configure: Configure) -> None:
    config = configure(RICH)
    origins = {row.origin for row in capture(config).values()}

    def leaves(value: Any, path: str) -> list[str]:
        if (
            isinstance(value, dict)
            and value
            and not path.endswith((".rows", ".weights"))
        ):
            return [
                leaf
                for key, one in value.items()
                for leaf in leaves(one, f"{path}.{key}" if path else key)
            ]
        return [path]

    dumped = config.model_dump(mode="json", exclude={"seed", "data"})
    dumped["data"] = {"use": "spr", "params": config.data.params}
    # Equal to their defaults, so they count as those.
    defaults = {
        "training.select.patience",
        "training.select.metric",
        "training.precision",
        "training.loss.use",
        "repeat",
    }
    for leaf in leaves(dumped, ""):
        if leaf not in defaults and not leaf.endswith("loss.params"):
            assert leaf in origins, leaf


def test_what_nobody_typed_is_no_setting_of_the_spec(configure: Configure) -> None:
    rows = capture(configure(RICH)) | capture(configure())
    typed = capture(
        configure({"training": {"loss": {"use": "torch.nn:CrossEntropyLoss"}}})
    )
    assert rows["loss.use"].source == typed["loss.use"].source == "default"
    assert rows["scheduler.use"].origin == rows["loss.use"].origin
    other = capture(configure({"training": {"loss": {"use": "torch.nn:NLLLoss"}}}))
    assert other["loss.use"].origin == "training.loss.use"


def test_library_defaults_nobody_typed_are_there(configure: Configure) -> None:
    rows = capture(configure())
    for path, value in {
        "optimizer.group0.betas": [0.9, 0.999],
        "optimizer.group0.eps": 1e-8,
        "optimizer.group0.weight_decay": 0,
        "optimizer.group0.amsgrad": False,
        "loss.label_smoothing": 0.0,
        "loss.reduction": "mean",
        "data.label_noise": 0.0,
        "training.gradient_clip": None,
        "training.precision": "float32",
    }.items():
        assert (rows[path].value, rows[path].source) == (value, "default"), path


def test_what_follows_from_other_settings_is_there(configure: Configure) -> None:
    rows = capture(configure())
    for path, value in {
        "batching.steps_per_epoch": 4,
        "batching.last_batch": 12,
        "batching.drop_last": False,
        "backend.threads": 1,
        "backend.deterministic": True,
        "data.fed.rows.train": 60,
        "data.fed.length": 6,
        "optimizer.group0.parameters": 6,
    }.items():
        assert (rows[path].value, rows[path].source) == (value, "derived"), path


def test_capture_is_the_same_twice(configure: Configure) -> None:
    assert capture(configure(RICH)) == capture(configure(RICH))


MUTATIONS: list[tuple[dict[str, Any], str]] = [
    ({"data": {"params": {"length": 7}}}, "data.length"),
    ({"data": {"params": {"label_noise": 0.1}}}, "data.label_noise"),
    ({"model": {"params": {"hidden_dim": 9}}}, "model.hidden_dim"),
    ({"model": {"params": {"dropout": 0.1}}}, "model.dropout.p"),
    ({"training": {"epochs": 2}}, "training.epochs"),
    ({"training": {"batch_size": 20}}, "batching.steps_per_epoch"),
    ({"training": {"optimizer": {"params": {"lr": 0.1}}}}, "optimizer.group0.lr"),
    ({"training": {"optimizer": {"params": {"eps": 0.1}}}}, "optimizer.group0.eps"),
    ({"training": {"optimizer": {"use": "torch.optim:SGD"}}}, "optimizer.use"),
    ({"training": {"gradient_clip": 1.0}}, "training.gradient_clip"),
    (
        {"training": {"freeze": [{"parameters": "*.bias", "epochs": 1}]}},
        "training.freeze",
    ),
    ({"training": {"select": {"rule": "last"}}}, "training.select.rule"),
    ({"training": {"select": {"patience": 2}}}, "training.select.patience"),
    ({"metrics": ["accuracy"]}, "metrics"),
    ({"data": {"transforms": [{"use": "shuffle_tokens"}]}}, "data.transforms[0].use"),
]


@pytest.mark.parametrize(("change", "path"), MUTATIONS, ids=[p for _, p in MUTATIONS])
def test_altered_setting_alters_its_row(
    configure: Configure, change: dict[str, Any], path: str
) -> None:
    before, after = capture(configure()), capture(configure(change))
    assert before.get(path) != after[path]


def test_run_seed_moves_streams_and_first_values_only(configure: Configure) -> None:
    one, other = capture(configure(seed=0)), capture(configure(seed=1))
    moved = {path for path in one if one[path] != other[path]}
    kinds = {path.split(".")[0] if path == "seed" else path for path in moved}
    assert all(
        path == "seed" or path.startswith(("streams.", "parameters.")) for path in kinds
    )
    assert {"seed", "streams.order"} <= moved


def test_transforms_say_what_they_move_and_what_they_leave(
    configure: Configure,
) -> None:
    config = configure(RICH)
    rows, prepared = capture(config), prepare(config.data)
    for path, built in (
        ("data.transforms[0]", prepared.transforms[0]),
        ("data.shifts.s", prepared.shifts["s"]),
    ):
        for part in ("changes", "keeps"):
            promised = [one.says for one in getattr(built.value, part)]
            assert rows[f"{path}.{part}"].value == promised
            assert promised


def test_scheduler_state_is_told(configure: Configure) -> None:
    rows = capture(configure(RICH))
    assert rows["scheduler.step_size"].source == "spec"
    assert (rows["scheduler.gamma"].value, rows["scheduler.gamma"].source) == (
        0.1,
        "default",
    )
    assert rows["scheduler.state.base_lrs"].value == [0.02]
    assert rows["optimizer.group0.initial_lr"].origin == "training.optimizer.params.lr"
