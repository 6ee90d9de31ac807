"""What tests share: expected texts in plain files, and a project to write in."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from reportgen.project import STORE_VARIABLE, Project

REPOSITORY = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden"

# A busy machine is no mistake in the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--refresh-golden",
        action="store_true",
        help="write the texts in tests/golden anew; read the diff as code",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first: no worker shall end with one while another rests."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """`golden("plan/a.txt", text)`: the text must equal tests/golden/plan/a.txt."""

    def check(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--refresh-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"no {path}; write it with pytest --refresh-golden"
        assert text == path.read_text(encoding="utf-8"), f"differs from {path}"

    return check


@pytest.fixture(autouse=True)
def _own_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or fills a store outside its own project."""
    monkeypatch.delenv(STORE_VARIABLE, raising=False)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A fresh project with this repository's specs and templates, and no results."""
    for folder in ("specs", "templates"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    return Project(tmp_path)
