"""Everything that could be done to runs, records and ledger: seen, each of them.

One real study is run through the command line and committed. Every case gets a copy,
does its damage there, and asks the command line what it thinks of it.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reportgen.cli import main
from reportgen.ledger.entries import ENTRY, entry_line, first_link, seal, utc_text
from reportgen.project import Project
from reportgen.records import BundledRun, canonical_json, digest_result
from tests.studies import SETTINGS

Damage = Callable[[Project], None]
Json = dict[str, Any]
TINY = {**SETTINGS, "seeds": 3, "study": "tiny"}


def git(project: Project, *words: str) -> None:
    program = shutil.which("git")
    assert program is not None
    people = {
        f"GIT_{who}_{what}": "a@b"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    subprocess.run(  # noqa: S603 - our own words
        [program, "-C", str(project.root), *words],
        check=True,
        capture_output=True,
        env={**os.environ, **people},
    )


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


def ledger_lines(project: Project) -> list[str]:
    return project.ledger("tiny").read_text().splitlines(keepends=True)


def write_ledger(project: Project, lines: Sequence[str]) -> None:
    project.ledger("tiny").write_text("".join(lines))


def rewrite_ledger(project: Project, change: Callable[[Json], Json]) -> None:
    """Forge the whole chain after a change, and commit it as if nothing were."""
    lines, prev = [], first_link("tiny")
    for line in ledger_lines(project):
        data = change(json.loads(line)) | {"prev": prev}
        entry = seal(ENTRY.validate_json(json.dumps(data)))
        lines.append(entry_line(entry))
        prev = entry.hash
    write_ledger(project, lines)
    git(project, "commit", "-q", "-a", "--allow-empty", "-m", "Forge")


def change_record(
    project: Project, arm: str, seed: int, change: Callable[[Json], Json]
) -> None:
    """Change one record of the bundle, and its digest of the result with it."""
    lines = []
    for line in project.records("tiny").read_text().splitlines():
        one = json.loads(line)
        if (one["variant"], one["seed"]) == (arm, seed):
            one = change(one)
            record = BundledRun.model_validate_json(json.dumps(one)).record
            one["record"]["result"] = digest_result(record)
        lines.append(canonical_json(one) + "\n")
    project.records("tiny").write_text("".join(lines))


def delete_ledger(project: Project) -> None:
    project.ledger("tiny").unlink()


def delete_all_traces(project: Project) -> None:
    shutil.rmtree(project.ledger("tiny").parent)
    shutil.rmtree(project.store)


def delete_line(project: Project) -> None:
    lines = ledger_lines(project)
    write_ledger(project, [*lines[:3], *lines[4:]])


def cut_last_lines(project: Project) -> None:
    write_ledger(project, ledger_lines(project)[:-2])


def edit_line(project: Project) -> None:
    lines = ledger_lines(project)
    write_ledger(
        project, [lines[0], lines[1].replace('"seed":', '"seed":1'), *lines[2:]]
    )


def cut_and_commit(project: Project) -> None:
    cut_last_lines(project)
    git(project, "commit", "-q", "-a", "-m", "Forget two lines")


def forge_end(project: Project) -> None:
    rewrite_ledger(
        project,
        lambda one: {**one, "result": "0" * 64} if one["kind"] == "end" else one,
    )


def delete_record(project: Project) -> None:
    lines = project.records("tiny").read_text().splitlines(keepends=True)
    project.records("tiny").write_text("".join(lines[1:]))


def copy_record_to_another_seed(project: Project) -> None:
    """The record of seed 0 in place of seed 2's, with seed and digests made to fit."""
    lines = project.records("tiny").read_text().splitlines()
    told = [json.loads(line) for line in lines]
    source = next(one for one in told if (one["variant"], one["seed"]) == ("wide", 0))

    def replace(one: Json) -> Json:
        record = json.loads(json.dumps(source["record"]))
        record["config"]["seed"] = 2
        record |= {"run": one["record"]["run"], "key": one["record"]["key"]}
        return {**one, "record": record}

    change_record(project, "wide", 2, replace)


def copy_record_and_forge(project: Project) -> None:
    """The same, and the ledger's ends forged to hold what the record says."""
    copy_record_to_another_seed(project)
    told = [
        json.loads(line) for line in project.records("tiny").read_text().splitlines()
    ]
    results = {one["record"]["run"]: one["record"]["result"] for one in told}

    def fit(one: Json) -> Json:
        if one["kind"] != "end":
            return one
        del one["description"]
        return {**one, "result": results[one["run"]]}

    rewrite_ledger(project, fit)


def better_result(one: Json) -> Json:
    one["record"]["checkpoints"]["best"]["metrics"]["test.accuracy"] = 1.0
    return one


def edit_capture(one: Json) -> Json:
    one["record"]["capture"][0]["value"] = "nothing"
    return one


def edit_prediction(project: Project) -> None:
    content = bytearray(project.predictions("tiny").read_bytes())
    content[len(content) // 2] ^= 1
    project.predictions("tiny").write_bytes(content)


def start_in_the_future(project: Project) -> None:
    later = utc_text(datetime.now(UTC) + timedelta(days=1))
    rewrite_ledger(project, lambda one: {**one, "time": later})


def set_clock_back(project: Project) -> None:
    rewrite_ledger(
        project,
        lambda one: {**one, "time": "2020-01-01T00:00:00Z"} if one["n"] == 4 else one,
    )


def take_the_ledger_of_another_study(project: Project) -> None:
    text = project.spec("tiny").read_text().replace('"tiny"', '"other"')
    project.spec("other").write_text(text)
    shutil.copytree(project.ledger("tiny").parent, project.ledger("other").parent)
    project.spec("tiny").unlink()


def write_by_a_newer_version(project: Project) -> None:
    (project.store / "format.json").write_text('{"format":2}\n')


def edit_stored_record(project: Project) -> None:
    path = next(project.store.glob("*/record.json"))
    path.write_text(path.read_text().replace('"completed"', '"failed"'))


def spec_names_a_seed_twice(project: Project) -> None:
    project.spec("tiny").write_text(json.dumps({**TINY, "seeds": [0, 1, 1]}))


DAMAGES: dict[str, tuple[Damage, str, str]] = {
    # What is done, the command that must see it, and a word it says.
    "deleted ledger": (delete_ledger, "run", "and here is none: it was deleted"),
    "deleted ledger, read": (delete_ledger, "analyse", "it was deleted"),
    "deleted everything": (delete_all_traces, "run", "it was deleted"),
    "deleted line": (delete_line, "analyse", "entry 4 should stand above this line"),
    "cut last lines": (cut_last_lines, "run", "it was cut, or written anew"),
    "edited line": (edit_line, "analyse", "this entry was edited after it was written"),
    "cut and committed": (cut_and_commit, "analyse", "started and never ended"),
    "forged chain": (forge_end, "analyse", "whose result the ledger does not hold"),
    "deleted record": (delete_record, "analyse", "has no record"),
    "copied record": (copy_record_to_another_seed, "analyse", "the very weights of"),
    "copied and forged": (copy_record_and_forge, "analyse", "the very weights of"),
    "edited result": (
        lambda place: change_record(place, "wide", 1, better_result),
        "analyse",
        "whose result the ledger does not hold",
    ),
    "edited capture": (
        lambda place: change_record(place, "wide", 1, edit_capture),
        "analyse",
        "was edited: its capture, data, code, checks or failure",
    ),
    "edited prediction": (edit_prediction, "analyse", "predictions.npz"),
    "edited store": (edit_stored_record, "run", "does not fit its digest"),
    "start in the future": (start_in_the_future, "analyse", "lies in the future"),
    "clock set back": (set_clock_back, "analyse", "a clock was set back"),
    "duplicated seed": (spec_names_a_seed_twice, "run", "seeds"),
    "newer store": (write_by_a_newer_version, "run", "written by a newer format"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_seen(
    name: str, copy: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    damage, command, words = DAMAGES[name]
    damage(copy)
    kept = copy.records("tiny").read_bytes() if copy.records("tiny").exists() else b""
    assert main([command, "tiny"]) in (1, 2)
    said = capsys.readouterr().err
    assert words in said
    assert "fix: " in said or "^ " in said
    if kept:
        assert copy.records("tiny").read_bytes() == kept, "nothing is lost by asking"


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
    lines = ledger_lines(copy)
    write_ledger(copy, lines[:5])
    git(copy, "commit", "-q", "-a", "-m", "Cut it")
    git(copy, "rm", "-q", "runs/tiny/ledger.jsonl")
    git(copy, "commit", "-q", "-m", "Begin anew")
    copy.ledger("tiny").parent.mkdir(exist_ok=True)
    write_ledger(copy, lines)
    assert main(["ledger", "tiny"]) == 0
    said = capsys.readouterr().out
    assert "3 commits changed it, and " in said
    assert " wrote it anew, " in said
    assert said.rstrip().splitlines()[-2].endswith(" deleted it")
