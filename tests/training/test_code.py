"""Code digests see every change that computes, and nothing that only reads well."""

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reportgen.spec.model import RunConfig
from reportgen.training import code
from reportgen.training.code import code_digests

Configure = Callable[..., RunConfig]

MODEL = '''"""A user's model."""
from torch import nn
from usercode.parts import width   # another file of the user's


class Net(nn.Module):
    """A net."""

    def __init__(self, *, bias: bool = True) -> None:
        """Build it."""
        super().__init__()
        self.layer = nn.Linear(width(), 2, bias=bias)
'''
PARTS = """def width():
    return 4
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "usercode"
    folder.mkdir()
    write(folder / "__init__.py", "")
    write(folder / "net.py", MODEL)
    write(folder / "parts.py", PARTS)
    write(folder / "unrelated.py", "x = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    for name in [one for one in sys.modules if one.startswith("usercode")]:
        del sys.modules[name]


def write(path: Path, text: str) -> None:
    """Write a file, and let the next reading be a new process's."""
    path.write_text(text, encoding="utf-8")
    importlib.invalidate_caches()
    for cached in (code._closure, code._read, code._source):
        cached.cache_clear()


@pytest.fixture
def digests(
    configure: Configure,
    package: Path,  # noqa: ARG001  it must be there
) -> Callable[[], dict[str, str]]:
    config = configure({"model": {"use": "usercode.net:Net"}})
    return lambda: code_digests(config)


def test_closure_holds_what_the_run_uses_and_no_more(configure: Configure) -> None:
    lstm = code_digests(configure({"model": {"use": "lstm"}}))
    assert "reportgen.training.models.lstm" in lstm
    assert "reportgen.training.loop" in lstm
    assert "reportgen.training.datasets.spr" in lstm
    assert "reportgen.training.rules" in lstm
    assert "reportgen.metrics.weighted" in lstm
    for absent in (
        "reportgen.training.models.gru",
        "reportgen.training.models",
        "reportgen.training.transforms.tokenize",
        "reportgen.metrics.ece",
        "reportgen.records",
        "reportgen.spec.model",
    ):
        assert absent not in lstm
    assert not [name for name in lstm if name.startswith(("torch.optim.", "numpy"))]


def test_another_model_changes_only_its_own_entries(configure: Configure) -> None:
    lstm = code_digests(configure({"model": {"use": "lstm"}}))
    gru = code_digests(configure({"model": {"use": "gru"}}))
    different = {name for name in lstm | gru if lstm.get(name) != gru.get(name)}
    assert different == {
        "reportgen.training.models.lstm",
        "reportgen.training.models.lstm:LSTM",
        "reportgen.training.models.gru",
        "reportgen.training.models.gru:GRU",
    }


def test_users_files_are_followed(digests: Callable[[], dict[str, str]]) -> None:
    found = digests()
    assert {"usercode", "usercode.net", "usercode.parts"} <= set(found)
    assert "usercode.unrelated" not in found


def test_words_and_layout_do_not_count(
    digests: Callable[[], dict[str, str]], package: Path
) -> None:
    before = digests()
    reworded = MODEL.replace('"""A net."""', '"""A net, better described."""\n')
    write(package / "net.py", "# a comment\n" + reworded.replace("  # another", "#"))
    assert digests() == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("net.py", "width(), 2", "width(), 3"),
        ("net.py", "bias: bool = True", "bias: bool = False"),
        ("parts.py", "return 4", "return 5"),
    ],
)
def test_every_change_that_computes_counts(
    digests: Callable[[], dict[str, str]], package: Path, file: str, old: str, new: str
) -> None:
    before = digests()
    write(
        package / file, (package / file).read_text(encoding="utf-8").replace(old, new)
    )
    changed = {name for name, digest in digests().items() if before[name] != digest}
    assert changed == {f"usercode.{file.removesuffix('.py')}"}


def test_relative_import_is_followed(
    digests: Callable[[], dict[str, str]], package: Path
) -> None:
    relative = MODEL.replace("from usercode.parts", "from .parts")
    write(package / "net.py", relative)
    assert "usercode.parts" in digests()


def test_installed_packages_count_by_version(configure: Configure) -> None:
    found = code_digests(configure())
    assert "torch.optim:Adam" in found
    assert "torch" not in found
