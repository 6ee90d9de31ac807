"""A small run to vary: 60 rows of 6 tokens, a bag-of-tokens model, 3 epochs."""

import json
from collections.abc import Callable
from pathlib import Path
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


USERS_CODE = '''
import numpy as np
import torch
from torch import nn
from reportgen.training.data import Channel, DataInfo, Dataset, Split


def letters() -> Dataset:
    """Letters with a label and no columns."""
    split = Split(
        np.arange(8).reshape(8, 1, 1) % 3,
        np.arange(8) % 2,
        (Channel("letter", ("a", "b", "c")),),
    )
    return Dataset({name: split for name in ("train", "dev", "test")}, classes=2)


drawn = []


class Draws(nn.Module):
    """Notes what it draws in training, each model in a list of its own."""

    def __init__(self, info: DataInfo, *, layers: int) -> None:
        super().__init__()
        self.stack = nn.ModuleList(nn.Linear(1, info.classes) for _ in range(layers))
        drawn.append([])

    def forward(self, inputs):
        """Logits of the first layer."""
        if self.training:
            drawn[-1].append(float(torch.rand(())))
        return self.stack[0](inputs[:, :1, 0].float())


class Layer(nn.Module):
    """Forgets what it was given."""

    def __init__(self, gain: float) -> None:
        super().__init__()
        self.readout = nn.Linear(1, 2)


class Opaque(nn.Module):
    """Holds a layer that forgets."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = Layer(2.0)

    def forward(self, inputs):
        """Logits."""
        return self.layer.readout(inputs[:, :1, 0].float())


class Fails(nn.Module):
    """Breaks in the epoch and the way it is told to."""

    def __init__(self, info: DataInfo, *, how: str, after: int = 1) -> None:
        super().__init__()
        self.how, self.after = how, after
        self.calls = 0
        self.weight = nn.Parameter(torch.ones(info.classes))
        if how == "constructor":
            raise ZeroDivisionError("no layers")

    def forward(self, inputs):
        """Logits, until it is time."""
        self.calls += self.training
        logits = self.weight.expand(len(inputs), -1)
        if self.calls <= self.after:
            return logits
        if self.how == "step" and self.training:
            raise RuntimeError("no step further")
        if self.how == "raise":
            raise KeyError("/home/someone/secret/model.bin at 0x7f00aa00bb00")
        if self.how == "nan":
            return logits * float("nan")
        if self.how == "memory":
            raise MemoryError
        if self.how == "allocator":
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: 1 TB")
        if self.how == "shape":
            return logits[:1]
        return logits
'''


@pytest.fixture
def users_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "code_for_runner.py").write_text(USERS_CODE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    return "code_for_runner"
