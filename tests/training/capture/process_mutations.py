"""Alterations of the process: flags, variables, what libraries say of themselves."""

import platform
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import torch
from torch.nn.modules.module import register_module_forward_hook

from reportgen.training import backend
from tests.training.capture.mutations import Mutation, process

BACKENDS: Any = torch.backends


def attribute(rows: str, owner: Any, name: str, value: Any) -> Mutation:
    """Another value of an attribute, which pytest puts back."""
    return process(rows, lambda patch: patch.setattr(owner, name, value))


def switched(rows: str, turn: Callable[[bool], object], *, on: bool) -> Mutation:
    """A flag that a function sets; the test sets it back by `RESTORE`."""
    RESTORE[rows] = partial(turn, not on)
    return process(rows, lambda _: turn(on))


RESTORE: dict[str, Callable[[], object]] = {}
HOOKS: list[Any] = []
BUILD = torch.__config__.show()


def other_build(old: str, new: str) -> Callable[[Any], object]:
    assert old in BUILD
    return lambda patch: patch.setattr(
        torch.__config__, "show", lambda: BUILD.replace(old, new)
    )


def _float64(on: bool) -> None:
    torch.set_default_dtype(torch.float64 if on else torch.float32)


def _medium(on: bool) -> None:
    torch.set_float32_matmul_precision("medium" if on else "highest")


def _numbered(on: bool) -> None:
    torch.set_default_device("cpu:0" if on else None)


def _hooked(on: bool) -> None:
    if on:
        HOOKS.append(register_module_forward_hook(lambda *_: None))
    else:
        HOOKS.pop().remove()


CUDA, MATMUL = BACKENDS.cuda, BACKENDS.cuda.matmul
PROCESS = [
    attribute("backend.threads", backend, "THREADS", 2),
    switched("backend.default_dtype", _float64, on=True),
    switched("backend.device", _numbered, on=True),
    switched("backend.global_hooks", _hooked, on=True),
    switched("backend.flush_denormal", torch.set_flush_denormal, on=True),
    switched("backend.matmul_precision", _medium, on=True),
    switched("backend.detect_anomaly", torch.autograd.set_detect_anomaly, on=True),
    switched("backend.nnpack", torch._C._set_nnpack_enabled, on=False),
    switched("backend.attention_fastpath", BACKENDS.mha.set_fastpath_enabled, on=False),
    switched("backend.attention_flash", CUDA.enable_flash_sdp, on=False),
    switched(
        "backend.attention_memory_efficient", CUDA.enable_mem_efficient_sdp, on=False
    ),
    switched("backend.attention_math", CUDA.enable_math_sdp, on=False),
    attribute("backend.onednn", BACKENDS.mkldnn, "enabled", False),
    attribute("backend.onednn_deterministic", BACKENDS.mkldnn, "deterministic", True),
    *(
        switched(f"backend.{name}", partial(setattr, MATMUL, flag), on=on)
        for name, flag, on in (
            ("tf32", "allow_tf32", True),
            ("reduced_float16", "allow_fp16_reduced_precision_reduction", False),
            ("reduced_bfloat16", "allow_bf16_reduced_precision_reduction", False),
        )
    ),
    attribute("backend.cudnn", BACKENDS.cudnn, "enabled", False),
    attribute("backend.cudnn_benchmark", BACKENDS.cudnn, "benchmark", True),
    attribute("backend.cudnn_deterministic", BACKENDS.cudnn, "deterministic", True),
    attribute("backend.cudnn_tf32", BACKENDS.cudnn, "allow_tf32", False),
    attribute(
        "backend.capability", BACKENDS.cpu, "get_cpu_capability", lambda: "DEFAULT"
    ),
    process(
        "backend.environment.ONEDNN_VERBOSE",
        lambda patch: patch.setenv("ONEDNN_VERBOSE", "none"),
    ),
    attribute("versions.torch", torch, "__version__", "99.0"),
    attribute("versions.torch_commit", torch.version, "git_version", "abc"),
    attribute("versions.numpy", np, "__version__", "99.0"),
    attribute("versions.numpy_blas", np, "show_config", lambda **_: {}),
    attribute(
        "versions.python", platform, "python_version_tuple", lambda: ("3", "99", "0")
    ),
    process("versions.torch_build", other_build("BUILD_TYPE=Release", "BUILD_TYPE=No")),
    process("versions.blas", other_build("BLAS_INFO=mkl", "BLAS_INFO=open")),
    process("versions.mkl", other_build("Library Version 20", "Library Version 10")),
    process("versions.onednn", other_build("MKL-DNN v", "MKL-DNN v9")),
    process("versions.openmp", other_build("OpenMP 20", "OpenMP 19")),
]
