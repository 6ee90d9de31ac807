"""The whole capture of a run: its live objects in, all rows out."""

from collections import Counter

import torch

from reportgen.records import CaptureRow, ModuleRow
from reportgen.spec.model import RunConfig
from reportgen.training.capture.architecture import capture_architecture
from reportgen.training.capture.machinery import (
    backend_rows,
    batching_rows,
    stream_rows,
    version_rows,
)
from reportgen.training.capture.modules import capture_modules
from reportgen.training.capture.settings import (
    component_rows,
    data_rows,
    optimizer_rows,
    scheduler_rows,
    training_rows,
)
from reportgen.training.fitting import Fitting
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
    rows = (
        *data_rows(config, prepared),
        *capture_modules(fitting.model, config.model.params),
        *component_rows(
            "loss", fitting.loss, training.loss.params, "training.loss.params"
        ),
        *optimizer_rows(fitting, training.optimizer.params),
        *scheduler_rows(config, fitting),
        *training_rows(config),
        *batching_rows(config, prepared),
        *stream_rows(config),
        *backend_rows(),
        *version_rows(),
    )
    twice = [path for path, n in Counter(row.path for row in rows).items() if n > 1]
    assert not twice, f"captured twice: {twice}"  # noqa: S101  ours to keep, not a user's
    batch = torch.tensor(prepared.sets["train"].inputs[:PROBE_ROWS])  # (B, T, C)
    return rows, capture_architecture(fitting.model.value, batch)
