"""Alterations of the process: flags, variables, what libraries say of themselves.

Many a flag moves numbers only of certain models; it is then altered under such a one.
"""

import platform
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from torch.nn.modules.module import register_module_forward_hook

from reportgen.training import backend
from tests.training.capture.flag_models import (
    ATTENDING,
    CONVOLVED,
    DROPPED_ATTENTION,
    LARGE_SUM,
    MANY_WAYS,
    NEXT_TO_ZERO,
    NO_NUMBER,
    PLAIN_ATTENTION,
    WIDE,
)
from tests.training.capture.mutants import CODE
from tests.training.capture.mutations import Mutation, process, variable

BACKENDS: Any = torch.backends
# Why a result stays.
ACCOUNT = "the library computes as before and only says otherwise of itself"
CUDA_ONLY = "only kernels for CUDA read it, and runs are refused elsewhere than on CPU"
ALIAS = "another name of the same device, the only one that runs may use"
SAME_KERNELS = "deterministic kernels are asked for already, by each run itself"
LOGGED = "it only says how much oneDNN writes of what it does"
NO_BFLOAT16 = "this processor has no bfloat16 products to fall back on"
SCALAR = "this processor has no kernels beyond the plain ones"
NO_NNPACK = "this processor has none of the kernels that NNPACK is made of"
NO_MKL = "PyTorch was built without MKL, which alone reads it"


def attribute(
    rows: str, owner: Any, name: str, value: Any, *, still: str = "", code: str = CODE
) -> Mutation:
    """Another value of an attribute, which pytest puts back."""
    return process(
        rows, lambda patch: patch.setattr(owner, name, value), still=still, code=code
    )


def switched(
    rows: str,
    turn: Callable[[bool], object],
    *,
    on: bool,
    still: str = "",
    code: str = CODE,
) -> Mutation:
    """A flag that a function sets; the test sets it back by `RESTORE`."""
    RESTORE[rows] = partial(turn, not on)
    return process(rows, lambda _: turn(on), still=still, code=code)


RESTORE: dict[str, Callable[[], object]] = {}
HOOKS: list[Any] = []
BUILD = torch.__config__.show()


def other_build(row: str, old: str, new: str) -> Mutation:
    """Another account of how PyTorch was built."""
    assert old in BUILD
    return attribute(
        row,
        torch.__config__,
        "show",
        lambda: BUILD.replace(old, new),
        still=ACCOUNT,
    )


def _float64(on: bool) -> None:
    torch.set_default_dtype(torch.float64 if on else torch.float32)


def _medium(on: bool) -> None:
    torch.set_float32_matmul_precision("medium" if on else "highest")


def _numbered(on: bool) -> None:
    torch.set_default_device("cpu:0" if on else None)


def _double(_: object, __: object, out: Any) -> Any:
    return 2 * out if isinstance(out, torch.Tensor) else None


def _hooked(on: bool) -> None:
    if on:
        HOOKS.append(register_module_forward_hook(_double))
    else:
        HOOKS.pop().remove()


CUDA, MATMUL, CUDNN = BACKENDS.cuda, BACKENDS.cuda.matmul, BACKENDS.cudnn
HAS_BFLOAT16 = torch.ops.mkldnn._is_mkldnn_bf16_supported()
FLAGS = [
    attribute("backend.threads", backend, "THREADS", 2, code=LARGE_SUM),
    switched("backend.default_dtype", _float64, on=True),
    switched("backend.device", _numbered, on=True, still=ALIAS),
    switched("backend.global_hooks", _hooked, on=True),
    switched(
        "backend.flush_denormal",
        torch.set_flush_denormal,
        on=True,
        code=NEXT_TO_ZERO,
    ),
    switched(
        "backend.matmul_precision",
        _medium,
        on=True,
        still="" if HAS_BFLOAT16 else NO_BFLOAT16,
        code=WIDE,
    ),
    switched(
        "backend.detect_anomaly",
        torch.autograd.set_detect_anomaly,
        on=True,
        code=NO_NUMBER,
    ),
    switched(
        "backend.nnpack",
        torch._C._set_nnpack_enabled,
        on=False,
        still="" if BACKENDS.nnpack.is_available() else NO_NNPACK,
        code=CONVOLVED,
    ),
    switched(
        "backend.attention_fastpath",
        BACKENDS.mha.set_fastpath_enabled,
        on=False,
        code=ATTENDING,
    ),
    switched(
        "backend.attention_flash",
        CUDA.enable_flash_sdp,
        on=False,
        code=PLAIN_ATTENTION,
    ),
    switched(
        "backend.attention_memory_efficient",
        CUDA.enable_mem_efficient_sdp,
        on=False,
        still=CUDA_ONLY,
        code=PLAIN_ATTENTION,
    ),
    switched(
        "backend.attention_math",
        CUDA.enable_math_sdp,
        on=False,
        code=DROPPED_ATTENTION,
    ),
    attribute("backend.onednn", BACKENDS.mkldnn, "enabled", False),
    attribute(
        "backend.onednn_deterministic",
        BACKENDS.mkldnn,
        "deterministic",
        True,
        still=SAME_KERNELS,
    ),
    *(
        switched(
            f"backend.{name}", partial(setattr, MATMUL, flag), on=on, still=CUDA_ONLY
        )
        for name, flag, on in (
            ("tf32", "allow_tf32", True),
            ("reduced_float16", "allow_fp16_reduced_precision_reduction", False),
            ("reduced_bfloat16", "allow_bf16_reduced_precision_reduction", False),
        )
    ),
    *(
        attribute(f"backend.cudnn{name}", CUDNN, flag, on, still=CUDA_ONLY)
        for name, flag, on in (
            ("", "enabled", False),
            ("_benchmark", "benchmark", True),
            ("_deterministic", "deterministic", True),
            ("_tf32", "allow_tf32", False),
        )
    ),
    process(
        "backend.environment.ONEDNN_VERBOSE",
        lambda patch: patch.setenv("ONEDNN_VERBOSE", "none"),
        still=LOGGED,
    ),
]
VERSIONS = [
    *(
        attribute(f"versions.{row}", owner, name, value, still=ACCOUNT)
        for row, owner, name, value in (
            ("torch", torch, "__version__", "99.0"),
            ("torch_commit", torch.version, "git_version", "abc"),
            ("numpy", np, "__version__", "99.0"),
            ("numpy_blas", np, "show_config", lambda **_: {}),
            ("python", platform, "python_version_tuple", lambda: ("3", "99", "0")),
        )
    ),
    other_build("versions.torch_build", "BUILD_TYPE=Release", "BUILD_TYPE=No"),
    other_build("versions.blas", "BLAS_INFO=mkl", "BLAS_INFO=open"),
    other_build("versions.mkl", "Library Version 20", "Library Version 10"),
    other_build("versions.onednn", "MKL-DNN v", "MKL-DNN v9"),
    other_build("versions.openmp", "OpenMP 20", "OpenMP 19"),
]
PROCESS = [*FLAGS, *VERSIONS]
HAS_KERNELS = BACKENDS.cpu.get_cpu_capability() != "DEFAULT"
HAS_MKL = BACKENDS.mkl.is_available()
# Libraries read these once, when they are loaded: each takes a process of its own.
VARIABLES = [
    variable(name, value, rows=rows, still=still, code=MANY_WAYS)
    for name, value, rows, still in (
        (
            "ATEN_CPU_CAPABILITY",
            "default",
            "backend.capability",
            "" if HAS_KERNELS else SCALAR,
        ),
        ("MKL_CBWR", "COMPATIBLE", "", "" if HAS_MKL else NO_MKL),
        ("PYTHONHASHSEED", "3", "", ""),
    )
]
