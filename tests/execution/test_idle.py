"""A setting that changes nothing is refused before anything trains."""

from typing import Any

import pytest

from reportgen.errors import InputError, SettingError
from reportgen.execution.idle import (
    idle_settings,
    loss_trace,
    optimizer_trace,
    schedule_trace,
)
from reportgen.execution.rehearsal import rehearse
from reportgen.execution.study import preview
from reportgen.project import Project
from reportgen.spec.model import Component
from reportgen.spec.plan import plan_study
from tests.studies import Make

Settings = dict[str, Any]
SGD = Component(use="torch.optim:SGD", params={"lr": 0.1, "momentum": 0.9})


def component(use: str, params: Settings) -> Component:
    return Component.model_validate({"use": use, "params": params})


@pytest.mark.parametrize(
    ("name", "params", "idle"),
    [
        ("SGD", {"lr": 0.1, "dampening": 0.5}, ["dampening"]),
        ("SGD", {"lr": 0.1, "dampening": 0.5, "momentum": 0.9}, []),
        ("SGD", {"lr": 0.1, "nesterov": True, "momentum": 0.9}, []),
        ("SGD", {"lr": 0.1, "weight_decay": 1e-4, "maximize": True}, []),
        (
            "Adam",
            {"lr": 0.1, "decoupled_weight_decay": True},
            ["decoupled_weight_decay"],
        ),
        ("Adam", {"decoupled_weight_decay": True, "weight_decay": 0.1}, []),
        ("Adam", {"betas": [0.9, 0.999], "eps": 1e-7, "amsgrad": True}, []),
        ("Adam", {"lr": 1e-3, "foreach": True, "weight_decay": 1e-6}, []),
        ("AdamW", {"lr": 0.004, "weight_decay": 0.5, "eps": 1e-9}, []),
        ("RMSprop", {"alpha": 0.9, "eps": 1e-7, "momentum": 0.5, "centered": True}, []),
        ("Adagrad", {"lr_decay": 0.1, "initial_accumulator_value": 0.1}, []),
        ("Rprop", {"etas": [0.4, 1.3], "step_sizes": [1e-7, 100]}, []),
        ("ASGD", {"lr": 0.1, "t0": 10.0}, ["t0"]),
        ("LBFGS", {"lr": 0.1, "max_iter": 3}, []),  # takes more than gradients
    ],
)
def test_setting_of_an_optimizer_that_acts_through_no_other_is_found(
    name: str, params: Settings, idle: list[str]
) -> None:
    one = component(f"torch.optim:{name}", params)
    assert idle_settings(one, optimizer_trace) == idle


@pytest.mark.parametrize(
    ("name", "params", "idle"),
    [
        ("StepLR", {"step_size": 2, "gamma": 0.5}, []),
        ("CosineAnnealingLR", {"T_max": 9, "eta_min": 0.01}, []),
        ("CyclicLR", {"base_lr": 0.1, "max_lr": 0.2, "gamma": 0.9}, ["gamma"]),
        ("CosineAnnealingWarmRestarts", {"T_0": 30, "T_mult": 2}, ["T_mult"]),
        ("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": 2}, []),
        (
            "OneCycleLR",
            {"max_lr": 0.1, "total_steps": 21, "cycle_momentum": False},
            [],
        ),
        (
            "ReduceLROnPlateau",
            {"patience": 3, "threshold": 1e-3, "threshold_mode": "abs", "mode": "max"},
            [],
        ),
        ("ReduceLROnPlateau", {"patience": 3, "cooldown": 2, "min_lr": 1e-3}, []),
        ("ReduceLROnPlateau", {"patience": 8, "min_lr": 1e-6}, ["min_lr"]),
    ],
)
def test_setting_of_a_schedule_that_no_epoch_sees_is_found(
    name: str, params: Settings, idle: list[str]
) -> None:
    one = component(f"torch.optim.lr_scheduler:{name}", params)
    assert idle_settings(one, lambda it: schedule_trace(it, SGD, 20)) == idle


@pytest.mark.parametrize(
    ("params", "classes", "idle"),
    [
        ({"label_smoothing": 0.1, "reduction": "sum"}, 2, []),
        ({"ignore_index": 1}, 2, []),
        ({"ignore_index": 2}, 2, ["ignore_index"]),
        ({"ignore_index": 2}, 3, []),
    ],
)
def test_setting_of_a_loss_that_no_label_meets_is_found(
    params: Settings, classes: int, idle: list[str]
) -> None:
    one = component("torch.nn:CrossEntropyLoss", params)
    assert idle_settings(one, lambda it: loss_trace(it, classes)) == idle


IDLE: Settings = {"training": {"optimizer": {"use": "torch.optim:SGD"}}}
IDLE["training"]["optimizer"]["params"] = {"lr": 0.1, "dampening": 0.5}


def test_idle_setting_is_told_of_its_arm_before_anything_trains(
    place: Project, make_study: Make
) -> None:
    variants = {"plain": {"why": "To see.", "change": IDLE}}
    study = make_study(variants=variants, claims={})
    with pytest.raises(InputError, match="it changes nothing") as caught:
        preview(place, study)
    (problem,) = caught.value.problems
    assert problem.where == "plain: training.optimizer.params.dampening"


def test_what_a_control_leaves_idle_is_no_mistake(make_study: Make) -> None:
    variants = {"plain": {"why": "To see.", "change": IDLE}}
    config = plan_study(make_study(variants=variants, claims={}), {}).cells[-1].config
    rehearse(config, by_author=False)
    with pytest.raises(SettingError, match="does the same without it") as caught:
        rehearse(config)
    assert caught.value.path == "training.optimizer.params.dampening"
