"""What PyTorch's own modules were given can be read back from them."""

import inspect
from typing import Any

import pytest
from torch import nn
from torch.nn.parameter import is_lazy

from tests.training.capture.held import held, held_rows

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


# A value for each required argument of a module of torch.nn, by its name.
REQUIRED: dict[str, Any] = {
    **dict.fromkeys(("in_features", "out_features", "num_features"), 16),
    **dict.fromkeys(("in_channels", "out_channels", "num_channels"), 4),
    **dict.fromkeys(("input_size", "hidden_size", "embedding_dim"), 4),
    **dict.fromkeys(("d_model", "embed_dim", "normalized_shape"), 4),
    **dict.fromkeys(("nhead", "num_heads", "num_groups", "groups"), 2),
    **dict.fromkeys(("in1_features", "in2_features", "output_size"), 2),
    **dict.fromkeys(("upscale_factor", "downscale_factor", "norm_type"), 2),
    **dict.fromkeys(("padding", "dim", "size", "num_layers"), 1),
    **dict.fromkeys(("kernel_size", "num_embeddings", "num_classes"), 3),
    "threshold": 0.1,
    "value": 0.0,
    "cutoffs": [2, 4],
    "n_classes": 6,
    "unflattened_size": (2, 2),
    "mode": "LSTM",
}


def required(kind: type[nn.Module]) -> dict[str, Any]:
    parameters = [
        *inspect.signature(vars(kind).get("__init__", kind)).parameters.values()
    ]
    return {
        one.name: REQUIRED[one.name]
        for one in parameters
        if one.default is one.empty and one.name in REQUIRED
    }


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore:.*nested:UserWarning")
def test_every_module_of_torch_can_be_read_and_says_what_it_holds() -> None:
    read = 0
    for name, kind in vars(nn).items():
        if not isinstance(kind, type) or not issubclass(kind, nn.Module):
            continue
        try:
            module = kind(**required(kind))
        except (TypeError, ValueError, RuntimeError):
            continue  # wants what has no plain value
        if not any(is_lazy(one) for one in module.parameters()):
            for row in held_rows(module):
                assert "does not explain it" not in row.meaning, f"{name}: {row.path}"
            read += 1
    assert read > 120
