"""The loop's own machinery: batching, random streams, backend, versions, in rows."""

import platform
from collections.abc import Iterator

import numpy as np
import torch
from pydantic import JsonValue

from reportgen.records import CaptureRow
from reportgen.spec.model import RunConfig
from reportgen.training.evaluation import EVALUATION_ROWS
from reportgen.training.prepare import Prepared
from reportgen.training.seeding import STREAMS, stream_seed

Row = tuple[str, JsonValue, str, str | None]  # path, value, meaning, unit


def batching_rows(config: RunConfig, prepared: Prepared) -> Iterator[CaptureRow]:
    """How rows become batches."""
    rows, size = len(prepared.sets["train"]), config.training.batch_size
    steps = -(-rows // size)
    yield from _derived(
        "the training loop",
        ("batching.order", "seeded permutation", "order of rows in an epoch", None),
        ("batching.replacement", False, "whether a row may come twice an epoch", None),
        ("batching.drop_last", False, "whether a short last batch is left out", None),
        ("batching.steps_per_epoch", steps, "optimiser steps an epoch", "steps"),
        (
            "batching.last_batch",
            rows - (steps - 1) * size,
            "rows of the last batch",
            "rows",
        ),
        (
            "batching.evaluation",
            EVALUATION_ROWS,
            "rows of a forward pass in evaluation",
            "rows",
        ),
    )


def stream_rows(config: RunConfig) -> Iterator[CaptureRow]:
    """The seed of every random stream."""
    purposes = {
        "initialisation": "first values of the parameters",
        "order": "order of the training rows",
        "dropout": "everything random in training's forward passes",
        "evaluation": "everything random in evaluation's forward passes",
    }
    yield from _derived(
        "SHA-256 of the run's seed and the stream's name",
        *(
            # As text: 63-bit integers lose digits in readers that use doubles.
            (
                f"streams.{name}",
                str(stream_seed(config.seed, name)),
                purposes[name],
                None,
            )
            for name in STREAMS
        ),
    )


def backend_rows() -> Iterator[CaptureRow]:
    """Flags of the library that may change a number, as they stand now."""
    backends = torch.backends
    build = torch.__config__.show()
    yield from _derived(
        "read from torch",
        ("backend.device", "cpu", "where the model runs", None),
        ("backend.threads", torch.get_num_threads(), "threads of one run", "threads"),
        (
            "backend.deterministic",
            torch.are_deterministic_algorithms_enabled(),
            "whether operations without a deterministic form are refused",
            None,
        ),
        (
            "backend.default_dtype",
            str(torch.get_default_dtype()).removeprefix("torch."),
            "number format of new parameters",
            None,
        ),
        (
            "backend.matmul_precision",
            torch.get_float32_matmul_precision(),
            "precision allowed inside float32 matrix products",
            None,
        ),
        (
            "backend.onednn",
            "USE_MKLDNN=ON" in build and bool(backends.mkldnn.enabled),
            "whether oneDNN kernels are used",
            None,
        ),
        ("backend.mkl", "USE_MKL=ON" in build, "whether MKL is used", None),
        (
            "backend.tf32",
            backends.cuda.matmul.allow_tf32,
            "whether CUDA matrix products may use TF32",
            None,
        ),
        (
            "backend.cudnn_benchmark",
            backends.cudnn.benchmark,
            "whether cuDNN picks kernels by timing",
            None,
        ),
        (
            "backend.cudnn_deterministic",
            backends.cudnn.deterministic,
            "whether cuDNN is held to deterministic kernels",
            None,
        ),
        (
            "backend.flush_denormal",
            _flushes_denormals(),
            "whether numbers next to zero are rounded to zero",
            None,
        ),
    )


def version_rows() -> Iterator[CaptureRow]:
    """Versions of what computes."""
    yield from _derived(
        "read from the library",
        ("versions.torch", torch.__version__, "version of PyTorch", None),
        ("versions.numpy", np.__version__, "version of NumPy", None),
        ("versions.python", platform.python_version(), "version of Python", None),
    )


def _flushes_denormals() -> bool:
    return float(torch.tensor([1e-40]) * 0.5) == 0.0


def _derived(origin: str, *rows: Row) -> Iterator[CaptureRow]:
    for path, value, meaning, unit in rows:
        yield CaptureRow(
            path=path,
            value=value,
            unit=unit,
            source="derived",
            origin=origin,
            meaning=meaning,
        )
