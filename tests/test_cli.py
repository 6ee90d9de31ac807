"""The command line: exit codes, streams, and words a machine can read."""

import json
import resource
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from reportgen.cli import main
from reportgen.cli.parser import COMMANDS
from reportgen.errors import GateError, Problem, nearest
from reportgen.project import Project

BROKEN = Path(__file__).parent / "golden" / "broken"
MOST_CPU_SECONDS = 0.4
WITH_SMALL_BLOCKS = "use: sort_blocks, params: {size: 1}"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with one sound study and one with a mistake; the current folder."""
    specs = tmp_path / "specs"
    specs.mkdir()
    for name in ("sound.yaml", "unknown-key.yaml", "beside/references.bib"):
        shutil.copy(BROKEN / name, specs)
    monkeypatch.chdir(tmp_path)
    return Project(tmp_path)


@pytest.mark.usefixtures("home")
def test_check_tells_every_study(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "all"]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("specs/unknown-key.yaml:8:3: training: unknown key")
    assert said.err.endswith("\n1 problem\n")
    assert main(["check", "sound"]) == 0


@pytest.mark.usefixtures("home")
def test_check_speaks_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--json"]) == 2
    said = json.loads(capsys.readouterr().out)
    assert said["studies"] == ["sound", "unknown-key"]
    assert said["problems"] == [
        {
            "what": "training: unknown key 'epoch'",
            "file": "specs/unknown-key.yaml",
            "line": 8,
            "column": 3,
            "text": "  epoch: 4",
            "fix": "did you mean 'epochs'?",
        }
    ]
    assert said["not_checked"]


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {"schema", "explain"}))
@pytest.mark.usefixtures("home")
def test_names_a_study_that_does_not_exist(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "sond"]) == 2
    assert capsys.readouterr().err == (
        "specs: there is no study 'sond'\n    fix: did you mean 'sound'?\n1 problem\n"
    )


def test_a_folder_without_studies_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check"]) == 2
    assert "there is no study" in capsys.readouterr().err


@pytest.mark.usefixtures("home")
def test_a_path_is_no_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "specs/sound.yaml"]) == 2
    assert "fix: write its name: sound" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["plan", "run", "analyse", "render", "build"])
def test_nothing_starts_with_a_broken_spec(
    command: str, home: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "unknown-key"]) == 2
    assert "did you mean 'epochs'?" in capsys.readouterr().err
    assert sorted(path.name for path in home.root.iterdir()) == ["specs"]


@pytest.mark.usefixtures("home")
def test_a_failed_gate_and_an_interruption_have_their_own_codes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise GateError(Problem("counts do not close", "runs/sound", "run it again"))

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reportgen.ledger.read.read_ledger", fail)
    assert main(["ledger", "sound"]) == 1
    monkeypatch.setattr("reportgen.ledger.read.read_ledger", interrupt)
    assert main(["ledger", "sound"]) == 130
    *_, last = capsys.readouterr().err.splitlines()
    assert last == "interrupted; every run that had finished is kept"


def test_schema_is_written_and_compared(home: Project) -> None:
    assert main(["schema", "--check"]) == 1
    assert main(["schema"]) == 0
    assert main(["schema", "--check"]) == 0
    path = home.root / "specs" / "study.schema.json"
    path.write_text(path.read_text("utf-8").replace("object", "objekt"), "utf-8")
    assert main(["schema", "--check"]) == 1


@pytest.mark.parametrize("command", ["plan", "run"])
def test_a_design_that_decides_nothing_is_refused(
    command: str, home: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    path = home.spec("sound")
    text = path.read_text("utf-8").replace("seeds: 3", "seeds: 2")
    path.write_text(text, encoding="utf-8")
    assert main([command, "sound"]) == 2
    assert not home.ledger("sound").exists()
    said = capsys.readouterr().err
    assert "specs/sound.yaml:22:3: claims: 2 seeds can decide nothing" in said


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "many"])
@pytest.mark.usefixtures("home")
def test_jobs_are_counted_in_whole_numbers(
    value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["run", "sound", "--jobs", value])
    assert f"'{value}' is no whole number above 0" in capsys.readouterr().err


def test_plan_shows_a_refused_setting_where_it_was_written(
    home: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    path = home.spec("sound")
    text = path.read_text("utf-8").replace("use: shuffle_tokens", WITH_SMALL_BLOCKS)
    path.write_text(text, encoding="utf-8")
    assert main(["plan", "sound"]) == 2
    first, line, *_ = capsys.readouterr().err.splitlines()
    assert first.startswith("specs/sound.yaml:17:68: data.transforms[0].params.size:")
    assert line.endswith("{use: sort_blocks, params: {size: 1}}]}}")


def test_a_reader_may_close_its_pipe_early(home: Project) -> None:
    command = [sys.executable, "-m", "reportgen", "check", "sound"]
    with subprocess.Popen(  # noqa: S603
        command, cwd=home.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert process.returncode == 0


def cpu_seconds(command: Sequence[str], folder: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, check=True, capture_output=True)  # noqa: S603
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.parametrize("arguments", [["--help"], ["check", "sound"]])
def test_starts_quickly(arguments: list[str], home: Project) -> None:
    """Best of five, against a yardstick that slows down with the machine."""
    command = [sys.executable, "-m", "reportgen", *arguments]
    yardstick = [sys.executable, "-c", "import pydantic.main"]  # 0.1 s when it is idle
    cpu_seconds(command, home.root)  # byte code is written once
    pairs: list[tuple[float, float]] = []
    while len(pairs) < 5:
        took = cpu_seconds(command, home.root)
        if took <= MOST_CPU_SECONDS:  # quick enough on any machine
            return
        pairs.append((took, cpu_seconds(yardstick, home.root)))
    best, reference = map(min, zip(*pairs, strict=True))
    assert best <= MOST_CPU_SECONDS * max(1.0, reference / 0.1)


@pytest.mark.usefixtures("home")
def test_a_full_disk_is_told_by_every_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        code = main(["schema"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert code == 2
    assert "there is no room left to write this" in capsys.readouterr().err


def test_build_reads_the_texts_before_it_trains(
    home: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    path = home.spec("sound")
    text = path.read_text("utf-8").replace(
        "{use: results}", "{use: results, prose: '{{ lost }}'}"
    )
    path.write_text(text, encoding="utf-8")
    assert main(["build", "sound"]) == 2
    assert "nothing is called 'lost' here" in capsys.readouterr().err
    assert not home.records("sound").exists()


def test_a_long_list_of_what_is_allowed_is_cut() -> None:
    fix = nearest("nothing like them", [f"zz{number}" for number in range(500)])
    assert fix.endswith(", zz39, … (500 in all)")
