"""A small study through DVC: what runs when what was edited, and what comes back.

One project is built once; every test gets a clone of it, with the records pulled from
a remote folder, so each also shows that a clone with its records has nothing to do.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
STAGES = ["train", "analyse", "render"]

pytestmark = pytest.mark.slow


def stages(said: str) -> list[str]:
    """The stages that DVC says it runs, in order."""
    return re.findall(r"Running stage '(\w+)@tiny'", said)


@dataclass(frozen=True)
class Repository:
    """A git and DVC repository with the one study `tiny`."""

    root: Path

    def __call__(self, *command: str) -> str:
        """Run a command in it and give what it printed on standard output."""
        done = subprocess.run(  # noqa: S603 - commands of this file
            command,
            cwd=self.root,
            env={
                **os.environ,
                "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
                # The copy's code, wherever reportgen was installed from.
                "PYTHONPATH": str(self.root),
                "GIT_AUTHOR_NAME": "A",
                "GIT_AUTHOR_EMAIL": "a@example.org",
                "GIT_COMMITTER_NAME": "A",
                "GIT_COMMITTER_EMAIL": "a@example.org",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def repro(self, *options: str) -> list[str]:
        """Bring everything up to date and give the stages that ran, in order."""
        return stages(self("dvc", "repro", *options))

    def edit(self, old: str, new: str) -> None:
        """Replace a piece of the spec that occurs once."""
        path = self.root / "specs" / "tiny.yaml"
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")

    def trained(self) -> list[tuple[str, int]]:
        """Arm and seed of every run that the ledger saw starting, in order."""
        path = self.root / "runs" / "tiny" / "ledger.jsonl"
        entries = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        return [
            (entry["variant"], entry["seed"])
            for entry in entries
            if entry["kind"] == "start"
        ]

    @property
    def status(self) -> str:
        """What git sees changed; empty when clean."""
        return self("git", "status", "--porcelain")


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """The project with its study built, committed and pushed."""
    root = tmp_path_factory.mktemp("flow") / "origin"
    for folder in ("reportgen", "templates"):
        shutil.copytree(
            REPOSITORY / folder,
            root / folder,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    for name in (".gitignore", ".dvcignore", ".dvc/config", ".dvc/.gitignore"):
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copy(REPOSITORY / name, root / name)
    pipeline = (REPOSITORY / "dvc.yaml").read_text(encoding="utf-8")
    head, _, stages = pipeline.partition("\nstages:\n")
    studies = head[: head.index("- studies:")] + "- studies:\n  - tiny\n"
    (root / "dvc.yaml").write_text(f"{studies}\nstages:\n{stages}", encoding="utf-8")
    (root / "specs").mkdir()
    shutil.copy(Path(__file__).with_name("tiny.yaml"), root / "specs")
    (root / "specs" / "tiny.bib").touch()
    made = Repository(root)
    made("git", "init", "-q", "-b", "main")
    assert made.repro() == STAGES
    made("dvc", "remote", "add", "-q", "-d", "shared", str(root.parent / "remote"))
    made("git", "add", "-A")
    made("git", "commit", "-q", "-m", "Build the study")
    made("dvc", "push", "-q")
    return made


@pytest.fixture
def clone(origin: Repository, tmp_path: Path) -> Repository:
    """A clone with the records pulled."""
    made = Repository(tmp_path / "clone")
    origin("git", "clone", "-q", ".", str(made.root))
    made("dvc", "pull", "-q")
    assert made.repro() == []
    assert made.status == ""
    return made


def test_only_what_reads_differs_is_committed(origin: Repository) -> None:
    listed = origin("git", "ls-files", "runs", "results", "reports").split()
    assert listed == [
        "reports/tiny/index.html",
        "reports/tiny/paper.pdf",
        *(
            f"results/tiny/{name}"
            for name in (
                "curves.csv",
                "facts.json",
                "findings.json",
                "metrics.json",
                "runs.csv",
            )
        ),
        "runs/tiny/ledger.jsonl",
    ]


def test_prose_edit_only_renders(clone: Repository) -> None:
    clone.edit("There is little to say.", "There is next to nothing to say.")
    assert clone.repro() == ["render"]
    changed = {line[3:] for line in clone.status.splitlines()}
    assert changed == {
        "dvc.lock",
        "specs/tiny.yaml",
        "reports/tiny/index.html",
        "reports/tiny/paper.pdf",
    }


def test_edited_variant_trains_only_its_own_runs(clone: Repository) -> None:
    before = clone.trained()
    clone.edit("params: {dropout: 0.2}", "params: {dropout: 0.4}")
    assert clone.repro("analyse@tiny") == ["train", "analyse"]
    assert clone.trained()[len(before) :] == [("dropout", seed) for seed in range(3)]

    moved = json.loads(clone("dvc", "metrics", "diff", "--json"))
    arms = {name.partition(".")[0] for name in moved["results/tiny/metrics.json"]}
    assert arms == {"dropout"}

    plots = json.loads(clone("dvc", "plots", "diff", "HEAD", "--json"))
    (plot,) = plots["data"]["results/tiny/curves.csv"]
    values = plot["content"]["data"]["values"]
    assert {value["rev"] for value in values} == {"workspace", "HEAD"}
    assert {value["arm"] for value in values} >= {"baseline", "dropout"}

    # Back to what was: its runs are still in the store.
    clone("git", "checkout", "-q", ".")
    clone("dvc", "checkout", "-q")
    assert clone.repro() == []
    assert clone.trained() == before


def test_experiment_with_another_margin_trains_nothing(clone: Repository) -> None:
    before = clone.trained()
    changed = "specs/tiny.yaml:claims.dropout-helps.margin=0.02"
    said = clone("dvc", "exp", "run", "-S", changed, "analyse@tiny")
    assert stages(said) == ["analyse"]
    assert clone.trained() == before
    assert clone.repro("--dry") == ["render"]
    assert "margin: 0.02" in clone("git", "diff", "specs/tiny.yaml")


def test_clone_without_records_retrains_to_the_same_bytes(
    origin: Repository, tmp_path: Path
) -> None:
    made = Repository(tmp_path / "alone")
    origin("git", "clone", "-q", ".", str(made.root))
    # Forced, since equal records would leave analysis and rendering nothing to do.
    assert made.repro("--force") == STAGES
    assert made.status == ""  # a run executed again is no new ledger entry
    lock = (made.root / "dvc.lock").read_text(encoding="utf-8")
    assert lock == (origin.root / "dvc.lock").read_text(encoding="utf-8")
