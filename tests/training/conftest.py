"""A small run to vary: 60 rows of 6 tokens, a bag-of-tokens model, 3 epochs."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from reportgen.spec.model import RunConfig
from reportgen.spec.plan import merge_change

Configure = Callable[..., RunConfig]

SMALL: dict[str, Any] = {
    "data": {
        "use": "spr",
        "params": {
            "rows": {"train": 60, "dev": 30, "test": 40},
            "length": 6,
            "seed": 3,
            "rule": ["count(▲) >= 2"],
        },
    },
    "model": {"use": "bag_of_tokens", "params": {"embedding_dim": 8, "hidden_dim": 8}},
    "training": {
        "epochs": 3,
        "batch_size": 16,
        "optimizer": {"use": "torch.optim:Adam", "params": {"lr": 0.02}},
        "select": {"metric": "dev.loss", "rule": "best"},
    },
    "metrics": ["accuracy", "hwa", "loss"],
    "seed": 0,
}


@pytest.fixture
def configure() -> Configure:
    """`configure({"training": {"epochs": 1}}, seed=4)`: the small run, changed."""

    def make(change: dict[str, Any] | None = None, *, seed: int = 0) -> RunConfig:
        settings = merge_change(SMALL, {**(change or {}), "seed": seed})
        return RunConfig.model_validate_json(json.dumps(settings))

    return make
