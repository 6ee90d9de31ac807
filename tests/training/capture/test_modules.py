"""What the module tree tells, and what it refuses to leave out."""

from typing import Any

import pytest
import torch
from torch import nn

from reportgen.errors import InputError
from reportgen.records import CaptureRow
from reportgen.training.capture.architecture import capture_architecture
from reportgen.training.capture.modules import Tree, capture_modules
from reportgen.training.capture.tensors import describe, tensor_rows
from reportgen.training.components import Built
from reportgen.training.data import DataInfo
from reportgen.training.models.lstm import LSTM
from tests.training.capture.held import held

INFO = DataInfo(("shape", "colour"), (4, 4), length=5, classes=2)


def rows_of(module: nn.Module, **params: Any) -> dict[str, CaptureRow]:
    """Rows of a module whose class was called with these settings."""
    kind = type(module)
    built = Built(f"{kind.__module__}:{kind.__qualname__}", module, params)
    rows = list(capture_modules(Tree("model", "model.params", built, params)))
    assert len({row.path for row in rows}) == len(rows)
    return {row.path: row for row in rows}


def test_own_arguments_say_whether_the_spec_set_them() -> None:
    model = LSTM(INFO, hidden_dim=6)
    given = {
        "info": INFO,
        "embedding_dim": 32,
        "hidden_dim": 6,
        "layers": 2,
        "dropout": 0.0,
        "bidirectional": False,
    }
    built = Built("reportgen.training.models.lstm:LSTM", model, given)
    tree = Tree("model", "model.params", built, {"hidden_dim": 6})
    rows = {row.path: row for row in capture_modules(tree)}
    hidden, layers = rows["model.hidden_dim"], rows["model.layers"]
    assert (hidden.value, hidden.source) == (6, "spec")
    assert hidden.origin == "model.params.hidden_dim"
    assert hidden.meaning == "units of each layer and direction"
    assert (layers.value, layers.source) == (2, "default")
    assert layers.origin == "reportgen.training.models.lstm:LSTM"
    assert rows["model.lstm.hidden_size"].value == 6
    assert rows["model.lstm.hidden_size"].source == "derived"
    assert rows["model.lstm.proj_size"].source == "default"
    totals = {row.path: row.value for row in tensor_rows("", model)}
    assert totals["parameters.total"] == sum(p.numel() for p in model.parameters())


def test_value_is_that_of_the_live_object_not_of_the_call() -> None:
    dropout = nn.Dropout(0.1)
    dropout.p = 0.4
    assert held(dropout)["p"] == 0.4


def test_attribute_that_is_no_argument_is_told_too() -> None:
    layer = nn.Linear(2, 2)
    layer.temperature = 0.7  # type: ignore[assignment]
    assert held(layer)["temperature"] == 0.7


def test_first_values_of_parameters_are_described() -> None:
    layer = nn.Linear(2, 3)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[1.0, 3.0]] * 3))
    told = describe(layer.weight)
    assert len(str(told.pop("sha256"))) == 12
    assert told == {
        "shape": [3, 2],
        "dtype": "float32",
        "trained": True,
        "mean": 2.0,
        "sd": 1.0,
        "min": 1.0,
        "max": 3.0,
    }
    before = describe(layer.weight)["sha256"]
    with torch.no_grad():
        layer.weight[0] = layer.weight[0].flip(0)  # every statistic stays
    assert describe(layer.weight)["sha256"] != before


class Tied(nn.Module):
    """Uses a layer and a tensor twice."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.norm = nn.Linear(2, 2), nn.BatchNorm1d(2)
        self.same, self.other = self.one, nn.Linear(2, 2)
        self.other.weight = self.one.weight
        self.register_buffer("mask", torch.eye(2), persistent=False)


def test_buffers_and_shared_tensors_have_rows() -> None:
    tied = Tied()
    rows = {row.path: row.value for row in tensor_rows("", tied)}
    assert rows["parameters.other.weight"] == "the tensor parameters.one.weight"
    assert {"buffers.norm.running_mean", "buffers.mask"} <= set(rows)
    assert rows["parameters.total"] == sum(p.numel() for p in tied.parameters())
    assert rows_of(tied)["model.same"].value == "the module model.one"


class Forgetful(nn.Module):
    """Forgets its argument."""

    def __init__(self, *, gain: float) -> None:
        super().__init__()
        self._scaled = gain * 2


def test_argument_that_left_no_trace_is_an_error_with_its_fix() -> None:
    what = "cannot read what Forgetful was given as 'gain'"
    with pytest.raises(InputError, match=what) as caught:
        held(Forgetful(gain=1.0))
    problem = caught.value.problems[0]
    assert problem.where == "model.held"
    assert problem.fix.splitlines()[1:] == [
        "        def __init__(self, …, gain) -> None:",
        "            super().__init__(…)",
        "            self.gain = gain",
    ]


class Widened(nn.Linear):
    """A layer somebody gave one more argument, and forgot to keep."""

    def __init__(self, *args: Any, boost: float = 2.0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with torch.no_grad():
            self.weight.mul_(boost)


class Kept(Widened):
    """The same layer after the fix."""

    def __init__(self, *args: Any, boost: float = 2.0, **kwargs: Any) -> None:
        super().__init__(*args, boost=boost, **kwargs)
        self._boost = boost


def test_argument_added_to_a_layer_must_be_captured() -> None:
    with pytest.raises(InputError, match="what Widened was given as 'boost'"):
        held(Widened(2, 3, boost=3.0))
    found = held(Kept(2, 3, boost=3.0))
    assert (found["boost"], found["in_features"]) == (3.0, 2)


class Halved(nn.Module):
    """Has an argument that is called like a method."""

    def __init__(self, half: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.full((2,), half))


def test_method_of_the_same_name_is_no_trace() -> None:
    with pytest.raises(InputError, match="what Halved was given as 'half'"):
        held(Halved(0.5))


class Holds(nn.Module):
    """Holds whatever it is given, under a private name."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value
        self._private = {"value": value, "numbers": (1, 2)}


def test_private_attribute_of_a_users_layer_is_told() -> None:
    assert held(Holds(0.5))["_private"] == {"value": 0.5, "numbers": [1, 2]}
    assert held(Holds(torch.zeros(20)))["value"] != held(Holds(torch.ones(20)))["value"]


def test_attribute_that_cannot_be_stated_is_an_error_with_its_fix() -> None:
    class Opaque(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.engine = object()

    what = "cannot state 'engine' of Opaque: it holds object"
    with pytest.raises(InputError, match=what) as caught:
        held(Opaque())
    assert 'no_settings = ("engine",)' in caught.value.problems[0].fix
    Opaque.no_settings = ("engine",)  # type: ignore[attr-defined]
    assert held(Opaque()) == {"engine": "sets nothing"}


def test_hook_on_a_layer_is_told() -> None:
    layer = nn.Linear(2, 2)
    assert "hooks" not in held(layer)
    layer.register_forward_hook(lambda *_: None)
    assert len(held(layer)["hooks"]) == 1


def make_forgetful() -> nn.Module:
    """A function that calls a constructor out of the spec's sight."""
    return Forgetful(gain=2.0)


def test_settings_below_a_function_that_builds_a_model_are_read_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(nn, "make_forgetful", make_forgetful, raising=False)
    built = Built("torch.nn:make_forgetful", make_forgetful(), {})
    with pytest.raises(InputError, match="Forgetful was given as 'gain'"):
        list(capture_modules(Tree("model", "model.params", built, {})))


def test_architecture_is_in_call_order_with_shapes() -> None:
    model = LSTM(INFO, embedding_dim=3, hidden_dim=6, bidirectional=True)
    rows = capture_architecture(model, torch.zeros((2, 5, 2), dtype=torch.int64))
    assert [(row.path, row.input_shape, row.output_shape) for row in rows] == [
        ("", (5, 2), (2,)),
        ("embedding", (5, 2), (5, 3)),
        ("embedding.tables.shape", (5,), (5, 3)),
        ("embedding.tables.colour", (5,), (5, 3)),
        ("lstm", (5, 3), (5, 12)),
        ("dropout", (12,), (12,)),
        ("readout", (12,), (2,)),
        ("embedding.tables", None, None),
    ]
    assert sum(row.parameters for row in rows) == sum(
        parameter.numel() for parameter in model.parameters()
    )
    assert model.training
    assert not model.readout._forward_hooks
