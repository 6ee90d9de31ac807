"""A real study that trains in seconds, and what tests of execution share."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from reportgen.execution.progress import Lines
from reportgen.execution.study import run_study
from reportgen.execution.summary import RunSummary
from reportgen.project import Project
from reportgen.spec.model import StudySpec
from tests.studies import Make, make_tiny


@pytest.fixture(scope="session")
def make_study() -> Make:
    """`make_study(seeds=3)`: the tiny study with other top-level settings."""
    return make_tiny


@pytest.fixture
def place(tmp_path: Path) -> Project:
    """An empty project."""
    (tmp_path / "project" / "specs").mkdir(parents=True)
    return Project(tmp_path / "project")


COMMAND = """
import sys
from pathlib import Path

from rich.console import Console

from reportgen.errors import ReportgenError
from reportgen.execution.progress import Lines
from reportgen.execution.study import run_study
from reportgen.project import Project
from reportgen.spec.model import StudySpec
from tests.studies import Make, make_tiny

if __name__ == "__main__":
    root, jobs = Path(sys.argv[1]), int(sys.argv[2])
    study = StudySpec.model_validate_json((root / "study.json").read_text())
    display = Lines(Console(file=sys.stdout), study=study.study)
    try:
        summary = run_study(Project(root), study, jobs=jobs, display=display)
    except ReportgenError as error:
        print(error)
        sys.exit(error.exit_code)
    print(*summary.lines(), sep="\\n")
"""

Launch = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def launch(place: Project) -> Iterator[Launch]:
    """`launch(project, study, jobs=1)`: run a study in a process of its own."""
    started: list[subprocess.Popen[str]] = []
    command = place.root.parent / "command.py"
    command.write_text(COMMAND)

    def run(
        project: Project, study: StudySpec, *, jobs: int = 1, **options: Any
    ) -> subprocess.Popen[str]:
        (project.root / "study.json").write_text(study.model_dump_json())
        process = subprocess.Popen(  # noqa: S603 (our own interpreter)
            [sys.executable, str(command), str(project.root), str(jobs)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **options,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


Train = Callable[..., RunSummary]


@pytest.fixture(scope="session")
def train() -> Train:
    """`train(project, study, jobs=1)`: run a study and let its progress go."""

    def run(project: Project, study: StudySpec, **options: Any) -> RunSummary:
        display = Lines(Console(file=StringIO()), study=study.study)
        return run_study(project, study, display=display, **options)

    return run


@pytest.fixture(scope="session")
def finished_once(
    tmp_path_factory: pytest.TempPathFactory, make_study: Make, train: Train
) -> Project:
    """The tiny study, run once for all tests, which leave it alone."""
    project = Project(tmp_path_factory.mktemp("finished"))
    train(project, make_study(), jobs=2)
    return project


@pytest.fixture
def finished(place: Project, finished_once: Project) -> Project:
    """A project whose tiny study has been run."""
    shutil.copytree(finished_once.root, place.root, dirs_exist_ok=True)
    return place
