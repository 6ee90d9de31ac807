import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from reportgen.records import digest_json
from reportgen.training import provenance
from reportgen.training.provenance import environment


def test_class_is_the_digest_of_its_details() -> None:
    found = environment()
    assert found.digest == digest_json(found.details)
    assert "threads=1 deterministic=True" in found.details["flags"]
    assert found.details["torch"]
    assert found.details["cpu vendor"]


def test_nothing_says_where_or_who() -> None:
    text = environment().model_dump_json()
    assert platform.node() not in text
    assert str(Path.home()) not in text


def test_other_process_is_the_same_class() -> None:
    code = (
        "from reportgen.training.provenance import environment as e; print(e().digest)"
    )
    child = subprocess.run(  # noqa: S603  our own interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert child.stdout.strip() == environment().digest


@pytest.fixture
def fresh_class() -> Iterator[None]:
    """The class is kept for a process: ask again here, and after."""
    provenance.environment.cache_clear()
    yield
    provenance.environment.cache_clear()


@pytest.mark.usefixtures("fresh_class")
@pytest.mark.parametrize(
    "name",
    [
        *("OMP_SCHEDULE", "GOMP_CPU_AFFINITY", "KMP_DETERMINISTIC_REDUCTION"),
        *("MKL_CBWR", "OPENBLAS_CORETYPE", "ONEDNN_MAX_CPU_ISA", "DNNL_DEFAULT_FPMATH"),
        *("ATEN_CPU_CAPABILITY", "TORCH_ALLOW_TF32_CUBLAS_OVERRIDE"),
        *("CUBLAS_WORKSPACE_CONFIG", "NPY_DISABLE_CPU_FEATURES", "PYTHONHASHSEED"),
    ],
)
def test_switch_that_changes_numbers_is_another_class(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(name, raising=False)
    before = environment()
    provenance.environment.cache_clear()
    monkeypatch.setenv(name, "7")
    changed = environment()
    assert f"{name}=7" in changed.details["switches"].split()
    assert changed.digest != before.digest


@pytest.mark.usefixtures("fresh_class")
def test_variable_that_changes_no_number_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = environment()
    provenance.environment.cache_clear()
    for name in ("OMP_NUM_THREADS", "TORCH_HOME", "HOSTNAME"):
        monkeypatch.setenv(name, "/home/somebody/elsewhere")
    assert environment() == before


def test_switch_gives_no_place_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KMP_SETTINGS", "granularity=/home/somebody/x,1")
    assert provenance.switches()["KMP_SETTINGS"] == "granularity=…"


@pytest.mark.usefixtures("fresh_class")
def test_flag_set_before_the_process_asked_is_another_class() -> None:
    before = environment()
    provenance.environment.cache_clear()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        changed = environment()
    finally:
        torch.backends.mha.set_fastpath_enabled(True)
    assert "attention_fastpath=False" in changed.details["flags"]
    assert changed.digest != before.digest


@pytest.mark.usefixtures("fresh_class")
def test_patch_release_of_python_is_the_same_class(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = environment()
    provenance.environment.cache_clear()
    release = platform.python_version_tuple()[:2]
    monkeypatch.setattr(platform, "python_version_tuple", lambda: (*release, "99"))
    assert environment() == before
