from typing import Any

import pytest
import torch
from torch import nn

from reportgen.errors import SettingError
from reportgen.spec.model import Component
from reportgen.training.components import build, build_loss, build_model, load_target
from reportgen.training.data import DataInfo

INFO = DataInfo(("x",), (3,), length=4, classes=2)


def component(use: str, **params: Any) -> Component:
    return Component.model_validate({"use": use, "params": params})


class Postponed(nn.Module):
    """Takes its information under any name, by annotation only."""

    def __init__(self, what: "DataInfo", *, width: int = 3) -> None:
        super().__init__()
        self.what, self.width = what, width


def test_defaults_nobody_wrote_become_known() -> None:
    weights = [nn.Parameter(torch.zeros(1))]
    built = build(component("torch.optim:SGD", lr=0.5), "optimizer", {}, weights)
    assert built.arguments["lr"] == 0.5
    assert built.arguments["momentum"] == 0
    assert "params" not in built.arguments
    assert built.target == "torch.optim:SGD"


def test_data_info_is_handed_over_by_annotation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nn, "Postponed", Postponed, raising=False)
    model = build_model(component("torch.nn:Postponed", width=5), {}, INFO).value
    assert (model.what, model.width) == (INFO, 5)


def test_config_on_record_cannot_be_changed_by_what_it_builds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def greedy(*, items: list[int]) -> list[int]:
        items.append(9)
        return items

    monkeypatch.setattr(nn, "greedy", greedy, raising=False)
    written = component("torch.nn:greedy", items=[1])
    assert build(written, "dataset", {}).value == [1, 9]
    assert written.params == {"items": [1]}


@pytest.mark.parametrize(
    "use", ["torch.nn:CrossEntropyLoss", "torch.nn.functional:cross_entropy"]
)
def test_loss_may_be_a_class_or_a_function(use: str) -> None:
    loss = build_loss(component(use, label_smoothing=0.2))
    logits, labels = torch.tensor([[2.0, 0.0]]), torch.tensor([0])
    expected = nn.functional.cross_entropy(logits, labels, label_smoothing=0.2)
    assert loss.value(logits, labels) == expected
    assert loss.arguments["label_smoothing"] == 0.2
    assert loss.arguments["reduction"] == "mean"


@pytest.mark.parametrize(
    ("target", "what"),
    [
        ("nowhere.at_all:x", "cannot load 'nowhere.at_all:x'"),
        ("torch.nn:Nothing", "cannot load 'torch.nn:Nothing'"),
        ("math:pi", "'math:pi' is not callable"),
    ],
)
def test_what_cannot_be_loaded_is_named(target: str, what: str) -> None:
    with pytest.raises(SettingError, match=what) as caught:
        load_target(target)
    assert caught.value.path == "use"


def test_unknown_setting_shows_the_signature() -> None:
    with pytest.raises(
        SettingError, match="unexpected keyword argument 'rate'"
    ) as caught:
        build(component("torch.nn:Dropout", rate=0.5), "loss", {})
    assert caught.value.path == "params.rate"
    assert "p: float" in caught.value.fix
