"""Everything that could be done to runs, records and ledger: seen, each of them.

One real study is run through the command line and committed. Every case gets a copy,
does its damage there, and asks the commands that must see it.
"""

import json
import os
import shutil
from pathlib import Path

import pytest

from reportgen.cli import main
from reportgen.project import Project
from tests.execution.damages import (
    DAMAGES,
    TINY,
    git,
    ledger,
    take_the_ledger_of_another_study,
)

DEEP = {"why": "More layers.", "change": {"model": {"params": {"layers": 2}}}}


@pytest.fixture(scope="module")
def committed(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The tiny study, run and committed; tests copy it."""
    project = Project(tmp_path_factory.mktemp("committed") / "project")
    project.spec("tiny").parent.mkdir(parents=True)
    project.spec("tiny").write_text(json.dumps(TINY))
    here = Path.cwd()
    os.chdir(project.root)
    try:
        assert main(["run", "tiny", "--jobs", "2"]) == 0
        assert main(["analyse", "tiny"]) == 0
    finally:
        os.chdir(here)
    git(project, "init", "-q")
    git(project, "add", "runs/tiny/ledger.jsonl", "specs")
    git(project, "commit", "-q", "-m", "Run the study")
    return project


@pytest.fixture
def copy(
    committed: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Project:
    """A copy of the study, and the current folder."""
    project = Project(tmp_path / "copy")
    shutil.copytree(committed.root, project.root)
    monkeypatch.chdir(project.root)
    return project


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_seen(
    name: str, copy: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    damage, commands, words = DAMAGES[name]
    damage(copy)
    files = [copy.records("tiny"), copy.results("tiny") / "findings.json"]
    kept = {path: path.read_bytes() for path in files if path.exists()}
    for command in commands.split():
        assert main([command, "tiny"]) in (1, 2)
        said = capsys.readouterr().err
        assert words in said
        assert "fix: " in said or "^ " in said
    for path, content in kept.items():
        assert path.read_bytes() == content, "nothing is lost by asking"


@pytest.mark.parametrize("absent", ["all", "arm"])
def test_what_was_not_run_has_no_verdict(
    absent: str, copy: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not even an inconclusive one."""
    shutil.rmtree(copy.results("tiny"))
    if absent == "all":
        copy.records("tiny").unlink()
    else:
        text = json.dumps({**TINY, "variants": {**TINY["variants"], "deep": DEEP}})
        copy.spec("tiny").write_text(text)
    assert main(["analyse", "tiny"]) in (1, 2)
    assert main(["render", "tiny"]) == 2
    said = "".join(capsys.readouterr())
    assert ("has not been run" if absent == "all" else "has no record") in said
    assert "inconclusive" not in said
    assert not copy.results("tiny").exists()


def test_the_ledger_of_another_study_is_refused(
    copy: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    take_the_ledger_of_another_study(copy)
    assert main(["run", "other"]) == 2
    assert "this ledger belongs to another study" in capsys.readouterr().err


@pytest.mark.usefixtures("copy")
def test_an_untouched_copy_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analyse", "tiny"]) == 0
    capsys.readouterr()
    assert main(["ledger", "tiny"]) == 0
    said = capsys.readouterr().out
    assert "13 entries; the chain is whole; one commit holds it" in said
    assert "what was run outside this tool is beyond its sight" in said
    assert "1 claim, 3 seeds, failed runs: fallback" in said
    assert main(["ledger", "tiny", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["arms"]["baseline"]["completed"] == 3
    assert told["arms"]["wide"]["open"] == 0
    assert len(told["entries"]) == 13


def test_what_git_remembers_is_told(
    copy: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = copy.ledger("tiny").read_text()
    ledger(lambda lines: lines[:5])(copy)
    git(copy, "commit", "-q", "-a", "-m", "Cut it")
    git(copy, "rm", "-q", "runs/tiny/ledger.jsonl")
    git(copy, "commit", "-q", "-m", "Begin anew")
    copy.ledger("tiny").parent.mkdir(exist_ok=True)
    copy.ledger("tiny").write_text(whole)
    assert main(["ledger", "tiny"]) == 0
    said = capsys.readouterr().out
    assert "3 commits changed it, and " in said
    assert " wrote it anew, " in said
    assert said.rstrip().splitlines()[-2].endswith(" deleted it")
