"""What may change bits besides config, data and code: the machine and its libraries.

Two runs with equal keys agree bit for bit within one environment class. No host name,
path or clock belongs here.
"""

import os
import platform
import re
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch

from reportgen.records import Environment, digest_json

THREADS = 1  # per run; more would change the order of sums
# Instruction sets that MKL, oneDNN and torch choose kernels by.
ISA = re.compile(
    r"^(sse4_2|avx|avx2|fma|f16c|avx512\w*|avx_\w+|amx_\w+|asimd\w*|sve\w*|bf16|i8mm)$"
)
# Variables by which a user can make those libraries choose otherwise.
SWITCHES = re.compile(
    r"^(MKL_CBWR|MKL_ENABLE_INSTRUCTIONS|MKL_DEBUG_CPU_TYPE|ONEDNN_\w+|DNNL_\w+"
    r"|ATEN_CPU_CAPABILITY|TORCH_\w*ALLOW_TF32\w*|CUBLAS_WORKSPACE_CONFIG)$"
)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The environment class of this process."""
    vendor, features = _processor()
    build = torch.__config__.show()
    details = {
        "machine": platform.machine(),
        "system": platform.system(),
        "cpu vendor": vendor,
        "cpu features": " ".join(features),
        "python": ".".join(platform.python_version_tuple()[:2]),
        "numpy": np.__version__,
        "torch": torch.__version__,
        "torch commit": torch.version.git_version or "unknown",
        "torch cpu capability": torch.backends.cpu.get_cpu_capability(),
        "blas": _found(r"BLAS_INFO=(\w+)", build),
        "mkl": _found(r"Math Kernel Library Version (\S+)", build),
        "onednn": _found(r"MKL-DNN (v\S+)", build),
        "openmp": _found(r"OpenMP (\d+)", build),
        "threads per run": str(THREADS),
        "deterministic algorithms": "on",
        "device": "cpu",
        "switches": " ".join(
            f"{name}={value}"
            for name, value in sorted(os.environ.items())
            if SWITCHES.match(name)
        ),
    }
    return Environment(digest=digest_json(details), details=details)


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


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    return match[1] if match else "none"
