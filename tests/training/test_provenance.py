import platform
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.records import digest_json
from reportgen.training import provenance
from reportgen.training.provenance import environment


def test_class_is_the_digest_of_its_details() -> None:
    found = environment()
    assert found.digest == digest_json(found.details)
    assert found.details["threads per run"] == "1"
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


def test_switch_of_the_math_library_is_another_class(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = environment()
    provenance.environment.cache_clear()
    monkeypatch.setenv("MKL_CBWR", "COMPATIBLE")
    monkeypatch.setenv("HOSTNAME", "elsewhere")
    changed = environment()
    provenance.environment.cache_clear()
    assert changed.details["switches"] == "MKL_CBWR=COMPATIBLE"
    assert changed.digest != before.digest
