"""What the module tree tells, and what it refuses to leave out."""

from typing import Any

import pytest
import torch
from torch import nn

from reportgen.errors import InputError
from reportgen.records import CaptureRow
from reportgen.training.capture.architecture import capture_architecture
from reportgen.training.capture.modules import capture_modules
from reportgen.training.components import Built
from reportgen.training.data import DataInfo
from reportgen.training.models.lstm import LSTM

INFO = DataInfo(("shape", "colour"), (4, 4), length=5, classes=2)


class Holder(nn.Module):
    """Holds one module of interest."""

    def __init__(self, held: nn.Module) -> None:
        super().__init__()
        self.held = held


def rows_of(module: nn.Module, **params: Any) -> dict[str, CaptureRow]:
    target = f"{type(module).__module__}:{type(module).__qualname__}"
    rows = list(capture_modules(Built(target, module, params), params))
    assert len({row.path for row in rows}) == len(rows)
    return {row.path: row for row in rows}


def held(module: nn.Module) -> dict[str, Any]:
    """Captured arguments of a module inside another one."""
    target = f"{__name__}:Holder"
    rows = capture_modules(Built("torch.nn:Identity", Holder(module), {}), {})
    assert target
    prefix = "model.held."
    return {
        row.path.removeprefix(prefix): row.value
        for row in rows
        if row.path.startswith(prefix)
    }


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
    rows = {row.path: row for row in capture_modules(built, {"hidden_dim": 6})}
    hidden, layers = rows["model.hidden_dim"], rows["model.layers"]
    assert (hidden.value, hidden.source) == (6, "spec")
    assert hidden.origin == "model.params.hidden_dim"
    assert hidden.meaning == "units of each layer and direction"
    assert (layers.value, layers.source) == (2, "default")
    assert layers.origin == "reportgen.training.models.lstm:LSTM"
    assert rows["model.lstm.hidden_size"].value == 6
    assert rows["model.lstm.hidden_size"].source == "derived"
    assert rows["model.lstm.proj_size"].source == "default"
    assert rows["parameters.total"].value == sum(p.numel() for p in model.parameters())


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
    rows = rows_of(Holder(layer))
    assert rows["parameters.held.weight.shape"].value == [3, 2]
    assert rows["parameters.held.weight.initial_mean"].value == 2.0
    assert rows["parameters.held.weight.initial_sd"].value == 1.0


class Forgetful(nn.Module):
    """Forgets its argument."""

    def __init__(self, *, gain: float) -> None:
        super().__init__()
        self._scaled = gain * 2


def test_argument_that_left_no_trace_is_an_error_with_its_fix() -> None:
    with pytest.raises(
        InputError, match="cannot read what was passed as 'gain'"
    ) as caught:
        held(Forgetful(gain=1.0))
    problem = caught.value.problems[0]
    assert problem.where == "model: Forgetful"
    assert "self.gain = gain" in problem.fix


ENCODER = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.3, batch_first=True)
DECODER = nn.TransformerDecoderLayer(8, 2, 16, bias=False)
KNOWN: list[tuple[nn.Module, dict[str, Any]]] = [
    (nn.Linear(3, 4, bias=False), {"in_features": 3, "out_features": 4, "bias": False}),
    (nn.Conv1d(3, 4, 2, stride=2), {"kernel_size": [2], "stride": [2], "bias": True}),
    (nn.Embedding(5, 2, padding_idx=0), {"num_embeddings": 5, "padding_idx": 0}),
    (nn.LSTM(3, 4, 2, dropout=0.1), {"num_layers": 2, "dropout": 0.1, "bias": True}),
    (nn.GRU(3, 4, bidirectional=True), {"bidirectional": True, "batch_first": False}),
    (nn.GRUCell(3, 4), {"input_size": 3, "hidden_size": 4, "bias": True}),
    (nn.LayerNorm(4), {"normalized_shape": [4], "eps": 1e-5}),
    (nn.BatchNorm1d(4, momentum=0.2), {"num_features": 4, "momentum": 0.2}),
    (
        nn.MultiheadAttention(8, 2, bias=False, add_bias_kv=True),
        {"num_heads": 2, "bias": False, "add_bias_kv": True},
    ),
    (
        ENCODER,
        {"d_model": 8, "nhead": 2, "dim_feedforward": 16, "dropout": 0.3, "bias": True},
    ),
    (DECODER, {"d_model": 8, "nhead": 2, "bias": False, "batch_first": False}),
    (
        nn.TransformerEncoder(ENCODER, 2, enable_nested_tensor=False),
        {"num_layers": 2, "norm": None},
    ),
    (nn.TransformerDecoder(DECODER, 3), {"num_layers": 3}),
    (
        nn.Transformer(8, 2, 1, 2, 16, batch_first=True),
        {"num_encoder_layers": 1, "num_decoder_layers": 2, "dim_feedforward": 16},
    ),
    (nn.Hardtanh(-2.0, 2.0), {"min_val": -2.0, "max_val": 2.0}),
    (nn.PReLU(3, 0.1), {"num_parameters": 3, "init": 0.1}),
    (nn.GELU("tanh"), {"approximate": "tanh"}),
    (nn.Softmax(dim=1), {"dim": 1}),
    (nn.Flatten(2), {"start_dim": 2, "end_dim": -1}),
    (nn.Sequential(nn.Linear(2, 3), nn.Dropout(0.2)), {"0.in_features": 2, "1.p": 0.2}),
    (nn.ModuleDict({"a": nn.Dropout(0.2)}), {"a.p": 0.2}),
]


@pytest.mark.parametrize(
    ("module", "expected"), KNOWN, ids=[type(module).__name__ for module, _ in KNOWN]
)
def test_torch_modules_can_be_read(module: nn.Module, expected: dict[str, Any]) -> None:
    found = held(module)
    assert {name: found[name] for name in expected} == expected


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
