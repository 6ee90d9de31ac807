"""Every captured row says what it means, and every number what it counts."""

from typing import Any

import pytest
import torch
from torch import nn

from reportgen.records import CaptureRow
from reportgen.spec.model import Component
from reportgen.training.capture.optimizers import optimizer_rows, scheduler_rows
from reportgen.training.capture.run import loss_rows
from reportgen.training.components import build, build_loss
from tests.training.capture.test_run import RICH, Configure, capture

UNEXPLAINED = "does not explain it"
# Numbers that count nothing: rates, ratios, orders, constants, labels, seeds.
UNITLESS = {
    *("alpha", "base_lrs", "best", "betas", "dampening", "default_min_lr", "eps"),
    *("eta_min", "factor", "first", "gamma", "gradient_clip", "ignore_index"),
    *("initial_lr", "last_lr", "lr", "min_lr", "min_lrs", "momentum", "norm_type"),
    *("repeat", "seed", "threshold", "weight_decay"),
}
PLATEAU = {"use": "torch.optim.lr_scheduler:ReduceLROnPlateau", "params": {"eps": 0.1}}
WIDE: list[dict[str, Any]] = [
    RICH,
    {
        "data": {
            "params": {"label_noise": 0.1},
            "transforms": [
                {"use": "repeat_rows", "params": {"rows": 8, "times": 4}},
                {"use": "shuffle_tokens", "params": {"copies": 2}},
            ],
            "shifts": {"s": {"use": "sort_blocks", "params": {"size": 2}}},
        },
        "model": {"use": "transformer", "params": {"embedding_dim": 8, "heads": 2}},
        "training": {
            "optimizer": {
                "use": "torch.optim:SGD",
                "params": {"lr": 0.1, "momentum": 0.9, "dampening": 0.1},
            },
            "scheduler": PLATEAU,
            "gradient_clip": 0.5,
        },
    },
    {
        "data": {"transforms": [{"use": "keep_rows", "params": {"rows": 8}}]},
        "model": {"use": "bag_of_tokens"},
        "training": {"optimizer": {"use": "torch.optim:RMSprop"}},
    },
]


@pytest.mark.parametrize("change", WIDE, ids=["rich", "transformer", "bag"])
def test_every_row_says_what_it_means(
    configure: Configure, change: dict[str, Any]
) -> None:
    for row in capture(configure(change)).values():
        assert len(row.meaning) > 5, row.path
        assert UNEXPLAINED not in row.meaning, row.path
        assert row.origin, row.path
        assert "0x" not in str(row.value), row.path


@pytest.mark.parametrize("change", WIDE, ids=["rich", "transformer", "bag"])
def test_every_number_says_what_it_counts(
    configure: Configure, change: dict[str, Any]
) -> None:
    def counts(value: Any) -> bool:
        if isinstance(value, list):
            return bool(value) and all(map(counts, value))
        return isinstance(value, int | float) and not isinstance(value, bool)

    rows = capture(configure(change))
    for path, row in rows.items():
        if counts(row.value):
            assert row.unit or path.rpartition(".")[2] in UNITLESS, path
        elif isinstance(row.value, str) and row.value.startswith("module "):
            assert row.unit is None, path


# What schedulers of PyTorch cannot do without.
NEEDED: dict[str, dict[str, Any]] = {
    "StepLR": {"step_size": 1},
    "MultiStepLR": {"milestones": [1]},
    "ExponentialLR": {"gamma": 0.1},
    "CosineAnnealingLR": {"T_max": 5},
    "CosineAnnealingWarmRestarts": {"T_0": 3},
    "CyclicLR": {"base_lr": 0.01, "max_lr": 0.1},
    "OneCycleLR": {"max_lr": 0.1, "total_steps": 5},
    "ConstantLR": {},
    "LinearLR": {},
    "PolynomialLR": {},
    "ReduceLROnPlateau": {},
}
# Losses that hold weights, which are read with all modules, and an obsolete name.
NOT_ALONE = ("AdaptiveLogSoftmaxWithLoss", "LinearCrossEntropyLoss", "NLLLoss2d")


def test_everything_of_torch_that_a_run_steps_through_says_what_it_holds() -> None:
    model = nn.Linear(3, 3, bias=False)
    rows: list[CaptureRow] = []
    for name in torch.optim.__all__:
        if name != "Optimizer" and isinstance(vars(torch.optim)[name], type):
            one = Component(use=f"torch.optim:{name}", params={"lr": 0.1})
            built = build(one, "optimizer", {}, model.parameters())
            rows += optimizer_rows(model, built, one.params)
    for name, params in NEEDED.items():
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
        one = Component(use=f"torch.optim.lr_scheduler:{name}", params=params)
        rows += scheduler_rows(one, build(one, "scheduler", {}, optimizer))
    for name in (one for one in nn.modules.loss.__all__ if one not in NOT_ALONE):
        one = Component(use=f"torch.nn:{name}")
        rows += loss_rows(one, build_loss(one))
    assert len(rows) > 300
    for row in rows:
        assert UNEXPLAINED not in row.meaning, f"{row.path} {row.origin}"
