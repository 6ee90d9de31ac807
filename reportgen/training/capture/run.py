"""The whole capture of a run: its live objects in, all rows out."""

from collections import Counter
from collections.abc import Iterator

import torch
from torch import nn

from reportgen.records import CaptureRow, ModuleRow
from reportgen.spec.model import Component, RunConfig, TrainingSpec
from reportgen.training.capture.architecture import capture_architecture
from reportgen.training.capture.components import argument_rows
from reportgen.training.capture.machinery import (
    backend_rows,
    batching_rows,
    precision_rows,
    stream_rows,
    version_rows,
)
from reportgen.training.capture.modules import Tree, capture_modules
from reportgen.training.capture.optimizers import optimizer_rows, scheduler_rows
from reportgen.training.capture.settings import data_rows, training_rows
from reportgen.training.capture.tensors import tensor_rows
from reportgen.training.components import Built
from reportgen.training.fitting import Fitting
from reportgen.training.outside import raised_by
from reportgen.training.prepare import Prepared

PROBE_ROWS = 2  # enough to see shapes


def capture_run(
    config: RunConfig, prepared: Prepared, fitting: Fitting
) -> tuple[tuple[CaptureRow, ...], tuple[ModuleRow, ...]]:
    """Walk everything a run consists of, before its first step.

    Raises:
        InputError: an object holds an argument that cannot be read back.
    """
    training = config.training
    model = Tree("model", "model.params", fitting.model, config.model.params)
    rows = (
        *data_rows(config, prepared),
        *capture_modules(model),
        *tensor_rows("", fitting.model.value),
        *loss_rows(training.loss, fitting.loss),
        *optimizer_rows(
            fitting.model.value, fitting.optimizer, training.optimizer.params
        ),
        *scheduler_rows(training.scheduler, fitting.scheduler),
        *training_rows(config),
        *batching_rows(config, prepared),
        *stream_rows(config),
        *precision_rows(config),
        *backend_rows(),
        *version_rows(),
    )
    twice = [path for path, n in Counter(row.path for row in rows).items() if n > 1]
    assert not twice, f"captured twice: {twice}"  # noqa: S101  ours to keep, not a user's
    batch = torch.tensor(prepared.sets["train"].inputs[:PROBE_ROWS])  # (B, T, C)
    seen: list[ModuleRow] = []
    # A model that raises here raises in its first step too: that is the run's outcome.
    raised_by(lambda: seen.extend(capture_architecture(fitting.model.value, batch)))
    return rows, tuple(seen)


def loss_rows(written: Component, built: Built) -> Iterator[CaptureRow]:
    """The loss: a module with all it holds, or a function with its arguments."""
    default = TrainingSpec.model_fields["loss"].default
    origin = "" if written == default else "training.loss.params"
    if not isinstance(built.value, nn.Module):
        yield from argument_rows("loss", built, written.params, origin)
        return
    yield from capture_modules(Tree("loss", origin, built, written.params))
    if any(True for _ in (*built.value.parameters(), *built.value.buffers())):
        yield from tensor_rows("loss.", built.value)
