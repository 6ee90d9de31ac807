"""torch modules that keep an argument under another name: how to read it back."""

from collections.abc import Callable
from typing import Any

from torch import nn
from torch.nn.modules.loss import _Loss as Loss

Reader = Callable[[Any], Any]  # of the module

# Encoder and decoder layers keep their arguments in the same sub-modules.
BLOCK: dict[str, Reader] = {
    "d_model": lambda block: block.linear1.in_features,
    "nhead": lambda block: block.self_attn.num_heads,
    "dim_feedforward": lambda block: block.linear1.out_features,
    "dropout": lambda block: block.dropout.p,
    "layer_norm_eps": lambda block: block.norm1.eps,
    "batch_first": lambda block: block.self_attn.batch_first,
    "bias": lambda block: block.linear1.bias is not None,
}
# Obsolete arguments of every loss, which its constructor turns into another one.
FOLDED: dict[str, Reader] = {
    "size_average": lambda _: "told by reduction",
    "reduce": lambda _: "told by reduction",
}
READERS: dict[type[nn.Module], dict[str, Reader]] = {
    Loss: FOLDED,
    nn.PairwiseDistance: {"p": lambda module: module.norm},
    nn.MultiheadAttention: {
        "bias": lambda attention: attention.in_proj_bias is not None,
        "add_bias_kv": lambda attention: attention.bias_k is not None,
    },
    nn.TransformerEncoderLayer: BLOCK,
    nn.TransformerDecoderLayer: BLOCK,
    nn.TransformerEncoder: {"encoder_layer": lambda stack: type(stack.layers[0])},
    nn.TransformerDecoder: {"decoder_layer": lambda stack: type(stack.layers[0])},
    nn.Transformer: {
        "num_encoder_layers": lambda both: len(both.encoder.layers),
        "num_decoder_layers": lambda both: len(both.decoder.layers),
        "dim_feedforward": lambda both: both.encoder.layers[0].linear1.out_features,
        "dropout": lambda both: both.encoder.layers[0].dropout.p,
        "activation": lambda both: both.encoder.layers[0].activation,
        "custom_encoder": lambda both: type(both.encoder),
        "custom_decoder": lambda both: type(both.decoder),
        "layer_norm_eps": lambda both: both.encoder.layers[0].norm1.eps,
        "norm_first": lambda both: both.encoder.layers[0].norm_first,
        "bias": lambda both: both.encoder.layers[0].linear1.bias is not None,
    },
    nn.Hardtanh: {
        "min_value": lambda module: module.min_val,
        "max_value": lambda module: module.max_val,
    },
}
if hasattr(nn, "LinearCrossEntropyLoss"):  # younger than the oldest torch we take
    READERS[nn.LinearCrossEntropyLoss] = {
        "in_features": lambda loss: loss.linear.in_features,
        "bias": lambda loss: loss.linear.bias is not None,
    }
