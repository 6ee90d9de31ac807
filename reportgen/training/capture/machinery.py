"""The loop's own machinery in rows: batching, streams, precision, backend, versions."""

from collections.abc import Iterator

import numpy as np
import torch
from pydantic import JsonValue
from torch import Tensor, nn

from reportgen.records import CaptureRow
from reportgen.spec.model import RunConfig
from reportgen.training import provenance
from reportgen.training.backend import FLAGS
from reportgen.training.capture.rows import derived
from reportgen.training.evaluation import EVALUATION_ROWS, forward
from reportgen.training.prepare import Prepared
from reportgen.training.seeding import STREAMS, stream_generator, stream_seed

PURPOSES = {
    "initialisation": "first values of the parameters",
    "order": "order of the training rows",
    "dropout": "everything random in training's forward passes",
    "evaluation": "everything random in evaluation's forward passes",
}


def batching_rows(config: RunConfig, prepared: Prepared) -> Iterator[CaptureRow]:
    """How rows become batches."""
    rows, size = len(prepared.sets["train"]), config.training.batch_size
    steps = -(-rows // size)
    last = rows - (steps - 1) * size
    yield from derived(
        "the training loop",
        ("batching.order", "seeded permutation", "order of rows in an epoch", None),
        ("batching.replacement", False, "whether a row may come twice an epoch", None),
        ("batching.drop_last", False, "whether a short last batch is left out", None),
        ("batching.steps_per_epoch", steps, "optimiser steps an epoch", "steps"),
        ("batching.last_batch", last, "rows of the last batch", "rows"),
        (
            "batching.evaluation",
            EVALUATION_ROWS,
            "rows of a forward pass in evaluation",
            "rows",
        ),
    )


def stream_rows(config: RunConfig) -> Iterator[CaptureRow]:
    """The seed of every random stream, and who turns seeds into numbers."""
    yield from derived(
        "SHA-256 of the run's seed and the stream's name",
        *(
            # As text: 63-bit integers lose digits in readers that use doubles.
            (
                f"streams.{name}",
                str(stream_seed(config.seed, name)),
                PURPOSES[name],
                None,
            )
            for name in STREAMS
        ),
    )
    first = torch.rand((), generator=stream_generator(config.seed, STREAMS[0]))
    yield from derived(
        "read from the libraries",
        (
            "streams.generator",
            f"torch {type(torch.default_generator).__name__} on "
            f"{torch.default_generator.device}",
            "what turns a stream's seed into numbers",
            None,
        ),
        (
            "streams.first",
            float(f"{first.item():.7g}"),
            "first number of the initialisation stream",
            None,
        ),
    )


class AutocastProbe(nn.Module):
    """A model that notes what autocast is set to while it computes."""

    def forward(self, inputs: Tensor) -> Tensor:
        """Give the inputs back."""
        self.found: tuple[JsonValue, ...] = (
            torch.is_autocast_enabled("cpu"),
            str(torch.get_autocast_dtype("cpu")).removeprefix("torch."),
            torch.is_autocast_cache_enabled(),
        )
        return inputs


def precision_rows(config: RunConfig) -> Iterator[CaptureRow]:
    """Autocast as a model meets it: read inside a forward pass like any other."""
    probe = AutocastProbe()
    forward(probe, torch.zeros(1), config.training.precision)
    enabled, dtype, cache = probe.found
    outside = torch.is_autocast_enabled("cpu")
    yield from derived(
        "read inside a forward pass",
        ("precision.autocast", enabled, "whether layers compute in autocast", None),
        (
            "precision.dtype",
            dtype if enabled else "float32",
            "number format of matrix products in a forward pass",
            None,
        ),
        (
            "precision.weight_cache",
            cache if enabled else None,
            "whether weights are cast once a forward pass, not once a use",
            None,
        ),
        (
            "precision.entered",
            "outside the loop" if outside else "each forward pass",
            "where autocast is entered: an update in between must be seen",
            None,
        ),
    )


def backend_rows() -> Iterator[CaptureRow]:
    """Flags of the library that may change a number, as they stand now."""
    yield from derived(
        "read from torch",
        *(
            (f"backend.{name}", flag.read(), flag.meaning, flag.unit)
            for name, flag in FLAGS.items()
        ),
        (
            "backend.capability",
            torch.backends.cpu.get_cpu_capability(),
            "instruction set that kernels are chosen for",
            None,
        ),
    )
    yield from derived(
        "read from the process",
        *(
            (
                f"backend.environment.{name}",
                value,
                "a variable that libraries read",
                None,
            )
            for name, value in provenance.switches().items()
        ),
    )


def version_rows() -> Iterator[CaptureRow]:
    """Versions of what computes, and how it was built."""
    part = provenance.build_part
    yield from derived(
        "read from the library",
        ("versions.torch", torch.__version__, "version of PyTorch", None),
        (
            "versions.torch_commit",
            torch.version.git_version or "unknown",
            "commit that PyTorch was built from",
            None,
        ),
        (
            "versions.torch_build",
            provenance.build_digest(),
            "head of the digest of PyTorch's build settings",
            None,
        ),
        ("versions.blas", part(provenance.BLAS), "library of matrix products", None),
        ("versions.mkl", part(provenance.MKL), "version of MKL", None),
        ("versions.onednn", part(provenance.ONEDNN), "version of oneDNN", None),
        ("versions.openmp", part(provenance.OPENMP), "version of OpenMP", None),
        ("versions.numpy", np.__version__, "version of NumPy", None),
        (
            "versions.numpy_blas",
            provenance.numpy_blas(),
            "library of NumPy's matrix products",
            None,
        ),
        (
            "versions.python",
            provenance.python_release(),
            "version of Python, without its patch release",
            None,
        ),
    )
