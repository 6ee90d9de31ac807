"""What may change bits besides config, data and code: the machine and its libraries.

Two runs with equal keys agree bit for bit within one environment class. No host name,
path or clock belongs here. A class is that of a process as it was found: whoever runs
somebody's code asks for it first, and what that code changes is code, digested with it.
"""

import os
import platform
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from reportgen.records import Environment, digest_json
from reportgen.training.backend import read_flags, reproducible_backend

# Instruction sets that MKL, oneDNN and torch choose kernels by.
ISA = re.compile(
    r"^(sse4_2|avx|avx2|fma|f16c|avx512\w*|avx_\w+|amx_\w+|asimd\w*|sve\w*|bf16|i8mm)$"
)
# Variables by which a user can make Python and those libraries compute otherwise.
SWITCHES = re.compile(
    r"^(?:(?:OMP|GOMP|KMP|MKL|OPENBLAS|GOTO|BLIS|VECLIB|ATEN|TORCH|PYTORCH|ONEDNN|DNNL"
    r"|NPY|CUBLAS|CUDNN)_\w+|NVIDIA_TF32_OVERRIDE|PYTHONHASHSEED|GLIBC_TUNABLES)$"
)
# Of these, what a run sets for itself, and what says where files lie or what is logged.
IDLE = re.compile(
    r"_(?:NUM_THREADS(?:_\w+)?|HOME|DIR|PATH|ROOT|FILE|CACHE|LOGS?|LOG_LEVEL)$"
)
# Where PyTorch's account of its build names a library.
BLAS = r"BLAS_INFO=(\w+)"
MKL = r"Math Kernel Library Version (\S+)"
ONEDNN = r"MKL-DNN (v\S+)"
OPENMP = r"OpenMP (\d+)"
PLACE = re.compile(r"(?:[A-Za-z]:)?[\\/]\S*")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The environment class of this process."""
    vendor, features = _processor()
    with reproducible_backend():
        flags = read_flags()
    details = {
        "machine": platform.machine(),
        "system": platform.system(),
        "cpu vendor": vendor,
        "cpu features": " ".join(features),
        "python": python_release(),
        "numpy": np.__version__,
        "torch": torch.__version__,
        "torch commit": torch.version.git_version or "unknown",
        "torch cpu capability": torch.backends.cpu.get_cpu_capability(),
        "blas": build_part(BLAS),
        "mkl": build_part(MKL),
        "onednn": build_part(ONEDNN),
        "openmp": build_part(OPENMP),
        "torch build": build_digest(),
        "numpy blas": numpy_blas(),
        "flags": " ".join(f"{name}={value}" for name, value in flags.items()),
        "switches": " ".join(f"{name}={value}" for name, value in switches().items()),
    }
    return Environment(digest=digest_json(details), details=details)


def switches() -> dict[str, str]:
    """Variables of this process that may change a number, places cut out of them."""
    return {
        name: PLACE.sub("…", value)
        for name, value in sorted(os.environ.items())
        if SWITCHES.match(name) and not IDLE.search(name)
    }


def python_release() -> str:
    """Python's version down to what may change bits: patch releases do not."""
    return ".".join(platform.python_version_tuple()[:2])


def numpy_blas() -> str:
    """The library behind NumPy's matrix products, with its build."""
    found: Any = np.show_config(mode="dicts")
    blas = found.get("Build Dependencies", {}).get("blas", {})
    words = [str(blas.get(part, "")) for part in ("name", "version")]
    configured = str(blas.get("openblas configuration", ""))
    return " ".join(" ".join([*words, configured]).split()) or "unknown"


def build_digest() -> str:
    """The head of SHA-256 over how PyTorch was compiled."""
    return digest_json(torch.__config__.show())[:12]


def build_part(pattern: str) -> str:
    """What PyTorch says of a library it was built with; "none" where it has none."""
    match = re.search(pattern, torch.__config__.show())
    return match[1] if match else "none"


def _processor() -> tuple[str, list[str]]:
    """Vendor and relevant instruction sets of the processor, sorted."""
    info = Path("/proc/cpuinfo")
    if not info.is_file():
        return platform.processor() or "unknown", []
    fields: dict[str, str] = {}
    for line in info.read_text(errors="replace").splitlines():
        name, _, value = line.partition(":")
        fields.setdefault(name.strip(), value.strip())
    vendor = fields.get("vendor_id") or fields.get("CPU implementer") or "unknown"
    flags = fields.get("flags") or fields.get("Features") or ""
    return vendor, sorted(flag for flag in set(flags.split()) if ISA.match(flag))
