"""Every way to write a spec wrong, with the very words that are said about it.

tests/golden/broken holds one small study per mistake and, beside it, what
`reportgen check` prints; `pytest --refresh-golden` writes the texts anew.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from reportgen.cli import main

BROKEN = Path(__file__).parent / "golden" / "broken"
STUDIES = sorted(path.stem for path in BROKEN.glob("*.yaml"))
UNLISTED = "unlisted"
TEMPLATES = Path(__file__).parents[1] / "templates"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with every broken study, as a user would have one."""
    root = tmp_path_factory.mktemp("project")
    (root / "specs").mkdir()
    for path in BROKEN.glob("*.yaml"):
        shutil.copy(path, root / "specs")
    shutil.copy(BROKEN / "beside" / "references.bib", root / "specs")
    for path in (BROKEN / "beside").glob("*.py"):
        shutil.copy(path, root)
    listed = [study for study in STUDIES if study != UNLISTED]
    lines = "".join(f"  - {study}\n" for study in [*listed, "never-written"])
    (root / "dvc.yaml").write_text(f"vars:\n- studies:\n{lines}", encoding="utf-8")
    return root


@pytest.mark.parametrize("study", [study for study in STUDIES if study != "sound"])
def test_says_what_is_wrong(
    study: str,
    folder: Path,
    golden: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(folder)
    code = main(["check", study])
    said = capsys.readouterr()
    assert code == 2
    assert said.out == ""
    assert "Traceback" not in said.err
    golden(f"broken/{study}.txt", said.err)


def test_finds_nothing_in_a_sound_study(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    code = main(["check", "sound"])
    said = capsys.readouterr()
    assert (code, said.err) == (0, "")
    assert "not checked:" in said.out


def test_finds_a_listed_study_that_was_never_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    assert main(["check", "all"]) == 2
    said = capsys.readouterr().err
    assert "'never-written' is listed and there is no specs/never-written.yaml" in said


def test_texts_without_a_study_are_gone() -> None:
    texts = {path.stem for path in BROKEN.glob("*.txt")}
    assert texts == set(STUDIES) - {"sound"}
    assert len(texts) >= 40
