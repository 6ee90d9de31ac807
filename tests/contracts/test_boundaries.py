"""Layers as import-linter sees them, and as a running interpreter does."""

import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

REPOSITORY = Path(__file__).parents[2]
HEAVY = {"torch", "matplotlib", "jinja2", "weasyprint", "scipy"}
RENDERING = {"matplotlib", "jinja2", "weasyprint"}


def loaded_by(modules: str) -> set[str]:
    """The heavy packages that a fresh interpreter holds after importing modules."""
    code = f"import sys, {modules}\nprint(*sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", code],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_imports_keep_the_contracts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    assert lint_imports(config_filename="pyproject.toml", cache_dir=None) == 0


def test_asking_loads_nothing_heavy() -> None:
    modules = "reportgen.cli, reportgen.spec.load, reportgen.spec.check"
    assert loaded_by(modules) == set()


def test_analysis_loads_neither_torch_nor_rendering() -> None:
    assert loaded_by("reportgen.analysis.study") <= {"scipy"}


def test_reporting_loads_no_torch() -> None:
    loaded = loaded_by("reportgen.report.study")
    assert "torch" not in loaded
    assert loaded & RENDERING  # or this test looks at the wrong module


def test_execution_loads_no_rendering() -> None:
    assert not loaded_by("reportgen.execution.study") & RENDERING
