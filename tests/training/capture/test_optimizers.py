"""What optimisers, schedulers and losses tell, and may not keep to themselves."""

from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import nn
from torch.optim.lr_scheduler import ConstantLR, LinearLR, LRScheduler, SequentialLR

from reportgen.errors import InputError, SettingError
from reportgen.records import CaptureRow
from reportgen.spec.model import Component
from reportgen.training.capture.components import argument_rows
from reportgen.training.capture.optimizers import optimizer_rows, scheduler_rows
from reportgen.training.capture.run import loss_rows
from reportgen.training.components import Built, build, build_loss

HOME = "tests.training.capture.test_optimizers"
Parameters = Iterator[nn.Parameter]


class Bold(torch.optim.SGD):
    """SGD with an argument that somebody added and nobody keeps."""

    def __init__(self, params: Parameters, lr: float, boldness: float = 2.0) -> None:
        super().__init__(params, lr=lr * boldness)


class Tame(torch.optim.SGD):
    """The same after the fix."""

    def __init__(self, params: Parameters, lr: float, boldness: float = 2.0) -> None:
        super().__init__(params, lr=lr)
        self.boldness = boldness


def make_bold(params: Parameters) -> Bold:
    """Calls a constructor out of the spec's sight."""
    return Bold(params, lr=0.1, boldness=3.0)


def make_tame(params: Parameters) -> Tame:
    """Calls a constructor that keeps what it was given."""
    return Tame(params, lr=0.1, boldness=3.0)


def in_two_groups(params: Parameters, *, slow: float = 0.01) -> torch.optim.SGD:
    """The first parameter moves slower than the others."""
    first, *others = params
    groups: list[dict[str, Any]] = [{"params": [first], "lr": slow}, {"params": others}]
    return torch.optim.SGD(groups, lr=0.1)


def with_anything(params: Parameters, **settings: float) -> torch.optim.SGD:
    """Takes every keyword, and uses the learning rate."""
    return torch.optim.SGD(params, lr=settings["lr"])


def warm_up(optimizer: torch.optim.Optimizer, *, epochs: int = 2) -> LRScheduler:
    """A scheduler that holds others."""
    parts = [LinearLR(optimizer, total_iters=epochs), ConstantLR(optimizer)]
    return SequentialLR(optimizer, parts, milestones=[epochs])


class Gain:
    """Something whose content nobody can see."""


def gained(logits: torch.Tensor, labels: torch.Tensor, gain: Any = Gain()) -> Any:  # noqa: B008
    """A loss with an object among its arguments."""
    return nn.functional.cross_entropy(logits, labels) if gain else None


class Gained(nn.Module):
    """A loss with a part that forgets its argument."""

    def __init__(self, power: float = 2.0) -> None:
        super().__init__()
        self.scaled = power * 2


def weighted(*, first: float = 1.0) -> nn.CrossEntropyLoss:
    """A loss whose classes weigh differently."""
    return nn.CrossEntropyLoss(torch.tensor([first, 3.0]))


def make(model: nn.Module, use: str, **params: Any) -> Built:
    component = Component.model_validate({"use": use, "params": params})
    return build(component, "optimizer", {}, [*model.parameters()])


def captured(use: str, **params: Any) -> dict[str, CaptureRow]:
    model = nn.Linear(2, 2)
    rows = optimizer_rows(model, make(model, use, **params), params)
    return {row.path: row for row in rows}


def test_argument_added_to_an_optimizer_must_be_captured() -> None:
    with pytest.raises(InputError, match="what Bold was given as 'boldness'") as caught:
        captured(f"{HOME}:make_bold")
    (problem,) = caught.value.problems
    assert "self.boldness = boldness" in problem.fix
    assert problem.where == "training.optimizer"  # where the spec calls it
    assert captured(f"{HOME}:make_tame")["optimizer.boldness"].value == 3.0


def test_argument_that_the_spec_itself_gives_is_captured_from_the_call() -> None:
    row = captured(f"{HOME}:Tame", lr=0.1, boldness=1.5)["optimizer.boldness"]
    assert (row.value, row.source) == (1.5, "spec")
    assert row.origin == "training.optimizer.params.boldness"


def test_setting_that_the_optimizer_replaces_is_refused() -> None:
    with pytest.raises(SettingError, match=r"no step would use this: 0\.2") as caught:
        captured(f"{HOME}:Bold", lr=0.1)
    assert caught.value.path == "training.optimizer.params.lr"


def test_every_group_is_told_with_its_parameters() -> None:
    rows = captured(f"{HOME}:in_two_groups", slow=0.05)
    assert rows["optimizer.group0.names"].value == ["weight"]
    assert rows["optimizer.group1.names"].value == ["bias"]
    assert rows["optimizer.group0.lr"].value == 0.05
    assert rows["optimizer.group1.lr"].value == 0.1
    whole = captured("torch.optim:SGD", lr=0.1)["optimizer.group0.names"]
    assert whole.value == "every parameter of the model"


def test_keyword_that_leaves_no_trace_is_refused() -> None:
    model = nn.Linear(2, 2)
    built = make(model, f"{HOME}:with_anything", lr=0.1, momentun=0.9)
    written = {"lr": 0.1, "momentun": 0.9}
    origin = "training.optimizer.params"
    with pytest.raises(InputError, match="takes 'momentun' among its") as caught:
        list(argument_rows("optimizer", built, written, origin))
    assert caught.value.problems[0].where == f"{origin}.momentun"


def test_schedulers_inside_a_scheduler_are_told() -> None:
    optimizer = torch.optim.SGD(nn.Linear(2, 2).parameters(), lr=0.3)
    written = Component(use=f"{HOME}:warm_up", params={"epochs": 3})
    built = build(written, "scheduler", {}, optimizer)
    rows: dict[str, Any] = {
        row.path: row.value for row in scheduler_rows(written, built)
    }
    assert rows["scheduler.epochs"] == 3
    assert rows["scheduler.state.0.total_iters"] == 3
    assert rows["scheduler.state.0.start_factor"] == pytest.approx(1 / 3)
    assert rows["scheduler.state.1.factor"] == pytest.approx(1 / 3)
    assert rows["scheduler.state.last_lr"] == [pytest.approx(0.1)]


def test_warm_up_leaves_the_written_step_size_in_force() -> None:
    model = nn.Linear(2, 2)
    built = make(model, "torch.optim:SGD", lr=0.3)
    LinearLR(built.value)
    rows = {row.path: row for row in optimizer_rows(model, built, {"lr": 0.3})}
    assert rows["optimizer.group0.lr"].source == "derived"
    assert rows["optimizer.group0.initial_lr"].source == "spec"


def test_loss_that_cannot_be_read_is_an_error_with_its_fix() -> None:
    written = Component(use=f"{HOME}:gained")
    with pytest.raises(
        InputError, match=r"argument 'gain' of .*: it is Gain"
    ) as caught:
        list(loss_rows(written, build_loss(written)))
    (problem,) = caught.value.problems
    assert problem.where == "training.loss"
    assert problem.fix.splitlines()[1:] == [
        "        @dataclass",
        "        class Gain:",
        "            …: float",
    ]
    loss = Built(f"{HOME}:weighted", nn.Sequential(Gained()), {})
    with pytest.raises(InputError, match="what Gained was given as 'power'") as caught:
        list(loss_rows(written, loss))
    assert caught.value.problems[0].where == "training.loss.0"


def test_loss_that_is_a_module_is_told_with_its_weights() -> None:
    written = Component(use="torch.nn:CrossEntropyLoss")
    plain = {row.path for row in loss_rows(written, build_loss(written))}
    loss = Built(f"{HOME}:weighted", weighted(first=2.0), {"first": 2.0})
    rows = {row.path: row.value for row in loss_rows(written, loss)}
    assert isinstance(rows["loss.buffers.weight"], dict)
    assert rows["loss.buffers.weight"]["max"] == 3.0
    assert rows["loss.first"] == 2.0
    assert "loss.parameters.total" not in plain
