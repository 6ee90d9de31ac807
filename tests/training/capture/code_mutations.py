"""Alterations of the code that a user gave to the base run."""

from tests.training.capture.mutants import CODE
from tests.training.capture.mutations import Mutation, code, edited

FURTHER = "# further parts"
STACK = CODE[CODE.index("nn.LSTM(") : CODE.index("self.norm =")].rstrip()
GRU = STACK.replace("LSTM", "GRU").replace(", proj_size=0", "")
NORMED = edited(("max_norm=None", "max_norm=0.5"))  # norm_type is the norm's
TENSORS = [
    "table.weight",
    *(
        f"rnn.{kind}_{side}_l{layer}"
        for layer in (0, 1)
        for kind in ("weight", "bias")
        for side in ("ih", "hh")
    ),
    *(f"{layer}.{kind}" for layer in ("norm", "batch") for kind in ("weight", "bias")),
    *(f"readout.{kind}" for kind in ("weight", "bias")),
]
BUFFERS = ["batch.running_mean", "batch.running_var", "batch.num_batches_tracked"]


def nudge(kind: str, name: str) -> Mutation:
    """Other first numbers in a tensor, its kind and size staying."""
    new = f"with torch.no_grad():\n            self.{name}[..., :1] += 1"
    if name.endswith("tracked"):
        new = new.replace("[..., :1]", "")
    return code(f"{kind}.{name}", FURTHER, new)


CODE_EDITS = [
    code("model.scale", "self.scale = 1.0", "self.scale = 2.0"),
    code("model._offsets", '{"logit": 0.0}', '{"logit": 0.5, "idle": 1}'),
    code("model.table.num_embeddings", "info.vocabularies[0], width", "20, width"),
    code("model.table.padding_idx", "padding_idx=None", "padding_idx=0"),
    code("model.table.max_norm", "max_norm=None", "max_norm=0.5"),
    code("model.table.norm_type", "norm_type=2.0", "norm_type=1.0", before=NORMED),
    code("model.table.scale_grad_by_freq", "by_freq=False", "by_freq=True"),
    code("model.table.sparse", "sparse=False", "sparse=True"),
    code("model.table.dtype", "sparse=False", "sparse=False, dtype=torch.float64"),
    code("model.rnn.mode", STACK, GRU),
    code("model.rnn.hidden_size", "width, 4, num_layers", "width, 6, num_layers"),
    code("model.rnn.num_layers", "num_layers=2", "num_layers=3"),
    code("model.rnn.bias", "bias=True, batch_first", "bias=False, batch_first"),
    code("model.rnn.batch_first", "batch_first=True", "batch_first=False"),
    code("model.rnn.dropout", "dropout=0.3", "dropout=0.6"),
    code("model.rnn.bidirectional", "bidirectional=False", "bidirectional=True"),
    code("model.rnn.proj_size", "proj_size=0", "proj_size=3"),
    code("model.rnn.dtype", "proj_size=0", "proj_size=0, dtype=torch.float64"),
    code("model.norm.normalized_shape", "LayerNorm(4", "LayerNorm((1, 4)"),
    code("model.norm.eps", "eps=1e-5", "eps=1e-2"),
    code("model.norm.elementwise_affine", "wise_affine=True", "wise_affine=False"),
    code("model.norm.bias", "wise_affine=True", "wise_affine=True, bias=False"),
    code("model.norm.dtype", "wise_affine=True", "wise_affine=True, dtype=torch.half"),
    code("model.batch.num_features", "4, eps=1e-4", "5, eps=1e-4"),
    code("model.batch.eps", "eps=1e-4", "eps=1e-2"),
    code("model.batch.momentum", "momentum=0.1", "momentum=0.5"),
    code("model.batch.bias", "stats=True", "stats=True, bias=False"),
    code("model.batch.affine", "affine=True, track", "affine=False, track"),
    code("model.batch.track_running_stats", "stats=True", "stats=False"),
    code("model.batch.dtype", "stats=True", "stats=True, dtype=torch.float64"),
    code(
        "model.drop.inplace",
        "inplace=False",
        "inplace=True",
        still="the same numbers, written over those they come from",
    ),
    code("model.act.approximate", '"none"', '"tanh"'),
    code("model.readout.in_features", "Linear(4", "Linear(5"),
    code("model.readout.bias", "Linear(4, info.classes", "Linear(4, 2, bias=False"),
    code(
        "model.readout.dtype", "Linear(4, info.classes", "Linear(4, 2, dtype=torch.half"
    ),
    code("loss.inner.weight", "weight=None", "weight=torch.tensor([1.0, 3.0])"),
    code("loss.inner.ignore_index", "ignore_index=-100", "ignore_index=0"),
    code("loss.inner.reduction", 'reduction="mean"', 'reduction="sum"'),
    code("loss.inner.label_smoothing", "smoothing=0.0", "smoothing=0.3"),
    *(nudge("parameters", name) for name in TENSORS),
    *(nudge("buffers", name) for name in BUFFERS),
]
