"""The backend of a run: held to one thread and repeatable kernels, its flags readable.

A flag is anything global in the libraries that may change a number: both the capture of
a run and the class of its environment are read from `FLAGS`.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from pydantic import JsonValue
from torch.nn.modules import module as modules
from torch.optim import optimizer as optimizers

THREADS = 1  # per run; more would change the order of sums


@dataclass(frozen=True)
class Flag:
    """How a flag is read, and what it means."""

    read: Callable[[], JsonValue]
    meaning: str
    unit: str | None = None


@contextmanager
def reproducible_backend() -> Iterator[None]:
    """One thread and deterministic kernels, put back as found afterwards."""
    threads = torch.get_num_threads()
    strict = torch.get_deterministic_debug_mode()
    fresh: Any = torch.utils.deterministic
    fills = fresh.fill_uninitialized_memory
    torch.set_num_threads(THREADS)
    # `use_deterministic_algorithms` does the same and imports the compiler: 2.5 s.
    torch.set_deterministic_debug_mode("error")
    # Filling fresh memory only makes mistakes repeatable, and costs a tenth.
    fresh.fill_uninitialized_memory = False
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        torch.set_deterministic_debug_mode(strict)
        fresh.fill_uninitialized_memory = fills


def read_flags() -> Mapping[str, JsonValue]:
    """Every flag as it stands now, by name."""
    return {name: flag.read() for name, flag in FLAGS.items()}


def flushes_denormals() -> bool:
    """Whether numbers next to zero become zero; there is no flag to ask."""
    return float(torch.tensor([1e-40], dtype=torch.float32) * 0.5) == 0.0


def global_hooks() -> int:
    """Functions that torch calls around every module and optimiser of the process."""
    return sum(
        len(kept)
        for home in (modules, optimizers)
        for name, kept in vars(home).items()
        if name.startswith("_global_") and name.endswith("_hooks")
    )


def _short(value: object) -> str:
    return str(value).removeprefix("torch.")


_MATMUL: Any = torch.backends.cuda.matmul
_CUDNN: Any = torch.backends.cudnn
_ONEDNN: Any = torch.backends.mkldnn
_CUDA: Any = torch.backends.cuda
_OPT_EINSUM: Any = torch.backends.opt_einsum
_FRESH: Any = torch.utils.deterministic

FLAGS: dict[str, Flag] = {
    "device": Flag(lambda: _short(torch.get_default_device()), "where new tensors lie"),
    "threads": Flag(torch.get_num_threads, "threads of one run", "threads"),
    "deterministic": Flag(
        torch.are_deterministic_algorithms_enabled,
        "whether operations without a deterministic form are refused",
    ),
    "deterministic_warn_only": Flag(
        torch.is_deterministic_algorithms_warn_only_enabled,
        "whether such operations are warned of instead",
    ),
    "fill_uninitialized_memory": Flag(
        lambda: bool(_FRESH.fill_uninitialized_memory),
        "whether fresh memory is filled with a known value",
    ),
    "default_dtype": Flag(
        lambda: _short(torch.get_default_dtype()), "number format of new parameters"
    ),
    "flush_denormal": Flag(
        flushes_denormals, "whether numbers next to zero are rounded to zero"
    ),
    "matmul_precision": Flag(
        torch.get_float32_matmul_precision,
        "precision allowed inside float32 matrix products",
    ),
    "onednn": Flag(
        lambda: bool(_ONEDNN.is_available() and _ONEDNN.enabled),
        "whether oneDNN kernels are used",
    ),
    "onednn_deterministic": Flag(
        lambda: bool(getattr(_ONEDNN, "deterministic", False)),
        "whether oneDNN is held to deterministic kernels",
    ),
    "onednn_tf32": Flag(
        lambda: bool(getattr(_ONEDNN, "allow_tf32", False)),
        "whether oneDNN may use TF32",
    ),
    "mkl": Flag(torch.backends.mkl.is_available, "whether MKL is used"),
    "nnpack": Flag(
        lambda: bool(torch._C._get_nnpack_enabled()), "whether NNPACK is used"
    ),
    "attention_fastpath": Flag(
        torch.backends.mha.get_fastpath_enabled,
        "whether evaluation may use the fused attention layer",
    ),
    "attention_flash": Flag(
        _CUDA.flash_sdp_enabled, "whether attention may use the flash kernel"
    ),
    "attention_memory_efficient": Flag(
        _CUDA.mem_efficient_sdp_enabled,
        "whether attention may use the memory-efficient kernel",
    ),
    "attention_math": Flag(
        _CUDA.math_sdp_enabled, "whether attention may use the plain kernel"
    ),
    "einsum_paths": Flag(
        lambda: bool(_OPT_EINSUM.enabled), "whether einsum reorders its products"
    ),
    "detect_anomaly": Flag(
        torch.is_anomaly_enabled, "whether gradients that are no number stop the run"
    ),
    "tf32": Flag(
        lambda: bool(_MATMUL.allow_tf32),
        "whether CUDA matrix products may use TF32",
    ),
    "reduced_float16": Flag(
        lambda: bool(_MATMUL.allow_fp16_reduced_precision_reduction),
        "whether CUDA may sum float16 products in float16",
    ),
    "reduced_bfloat16": Flag(
        lambda: bool(_MATMUL.allow_bf16_reduced_precision_reduction),
        "whether CUDA may sum bfloat16 products in bfloat16",
    ),
    "cudnn": Flag(lambda: bool(_CUDNN.enabled), "whether cuDNN kernels are used"),
    "cudnn_benchmark": Flag(
        lambda: bool(_CUDNN.benchmark), "whether cuDNN picks kernels by timing"
    ),
    "cudnn_deterministic": Flag(
        lambda: bool(_CUDNN.deterministic),
        "whether cuDNN is held to deterministic kernels",
    ),
    "cudnn_tf32": Flag(lambda: bool(_CUDNN.allow_tf32), "whether cuDNN may use TF32"),
    "global_hooks": Flag(
        global_hooks, "functions called around every layer and optimiser", "hooks"
    ),
}
