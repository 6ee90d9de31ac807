"""The README names every command, and what it shows can be typed."""

import argparse
import re
from pathlib import Path

import pytest

from reportgen.cli import main
from reportgen.cli.parser import build_parser
from reportgen.project import Project

REPOSITORY = Path(__file__).parents[2]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def commands() -> dict[str, argparse.ArgumentParser]:
    (found,) = (
        action.choices
        for action in build_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    return dict(found)


@pytest.mark.parametrize("name", commands())
def test_command_is_in_the_readme(name: str) -> None:
    assert f"`reportgen {name}" in README


def test_readme_names_no_other_command() -> None:
    assert set(re.findall(r"`reportgen ([a-z]+)", README)) == set(commands())


@pytest.mark.parametrize("name", commands())
def test_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main([name, "--help"])
    said = capsys.readouterr().out
    assert "example" in said.lower()
    assert len(said.split("\n\n")[1]) > 20  # its description


@pytest.mark.parametrize("name", re.findall(r"\]\((?!http)([^)#]+)\)", README))
def test_link_leads_somewhere(name: str) -> None:
    assert (REPOSITORY / name).exists()


@pytest.mark.parametrize("name", re.findall(r"^\./(\w+)", README, re.MULTILINE))
def test_shown_script_can_be_started(name: str) -> None:
    assert (REPOSITORY / name).stat().st_mode & 0o111


def test_shown_spec_has_no_problem(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (shown,) = re.findall(r"```yaml\n(study: .*?)```", README, re.DOTALL)
    project.spec("first-look").write_text(shown, encoding="utf-8")
    monkeypatch.chdir(project.root)
    code = main(["check", "first-look"])
    assert (code, capsys.readouterr().err) == (0, "")


def test_committed_schema_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    assert main(["schema", "--check"]) == 0
