"""Score a model: logits and a split in, one number per metric out."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from reportgen.errors import SettingError
from reportgen.metrics.metric import Metric, Outputs
from reportgen.records import Array
from reportgen.training.data import Split
from reportgen.training.journal import RunFailed
from reportgen.training.seeding import evaluation_stream

EVALUATION_ROWS = 500  # per forward pass


def forward(model: nn.Module, inputs: Tensor, precision: str) -> Tensor:
    """Logits in float32; (B, T, C) to (B, K).

    Autocast is entered here, once per call: it caches weights it has cast, so one
    context around the whole loop would never see an update.
    """
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bfloat16"):
        logits: Tensor = model(inputs)
    return logits.float()


def predict(model: nn.Module, inputs: Tensor, *, precision: str, seed: int) -> Array:
    """Logits of every row in evaluation mode, float32; (N, T, C) to (N, K)."""
    model.eval()
    with torch.no_grad(), evaluation_stream(seed):
        parts = [
            forward(model, rows, precision)  # (B, K)
            for rows in torch.split(inputs, EVALUATION_ROWS)
        ]
    model.train()
    return torch.cat(parts).detach().numpy()


def score(
    metrics: Sequence[Metric],
    logits: Array,
    labels: Array,
    columns: Mapping[str, Array],
) -> dict[str, float]:
    """Every metric on one set of rows, by catalogue name.

    Raises:
        RunFailed: a logit is not finite, or a row has no answer of its own.
    """
    if len(logits) != len(labels):
        what = f"the model answers {len(logits)} rows where it was given {len(labels)}"
        raise RunFailed("exception", what)
    if not np.isfinite(logits).all():
        raise RunFailed("non-finite", "the model's outputs are no longer finite")
    outputs = Outputs(logits, labels, columns)
    return {metric.name: metric.value(outputs) for metric in metrics}


def finite_or_none(value: float) -> float | None:
    """The value where it is a number, None where it is NaN or infinite."""
    return value if math.isfinite(value) else None


def require_columns(metrics: Sequence[Metric], sets: Mapping[str, Split]) -> None:
    """Check that every set carries what the metrics read.

    Raises:
        SettingError: a metric needs a column that the dataset does not compute.
    """
    for metric in metrics:
        for column in metric.columns:
            for name, split in sets.items():
                if column not in split.columns:
                    what = f"{metric.name} needs the column {column!r} of {name}"
                    fix = "use a dataset that computes it, or drop the metric"
                    raise SettingError("metrics", what, fix)
