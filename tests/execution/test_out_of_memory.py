"""Runs that the kernel kills for their memory: a real study in a real control group."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from reportgen.execution.machine import control_group
from reportgen.ledger.entries import End, Entry, Retry, Start
from reportgen.ledger.read import read_ledger
from reportgen.project import Project
from reportgen.records import BundledRun
from tests.studies import SETTINGS

pytestmark = pytest.mark.slow

GRANTED = 2**30  # bytes; a study with one job takes about half of it
PATIENCE_SECONDS = 300.0
HUNGRY = '''
import multiprocessing
from pathlib import Path

import torch
from torch import nn

from reportgen.training.data import DataInfo

HERE = Path(__file__).parent


class Hungry(nn.Module):
    """Takes twice the memory that is granted, in its second epoch."""

    def __init__(self, info: DataInfo) -> None:
        super().__init__()
        self.steps = 0
        self.weight = nn.Parameter(torch.ones(info.classes))

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Logits, all alike."""
        self.steps += self.training
        if self.steps == 3:
            self.eat()
        return self.weight.expand(len(tokens), -1)

    def eat(self) -> None:
        """Be killed for it, and the study with it where that is told."""
        if (HERE / "study-first").exists():
            study = multiprocessing.parent_process().pid
            Path(f"/proc/{study}/oom_score_adj").write_text("1000")
        taken = [torch.ones(2**22) for _ in range(128)]  # of 16 MiB, really there
'''


@pytest.fixture
def granted() -> Iterator[Path]:
    """A control group below our own whose processes have `GRANTED` bytes together."""
    own = control_group("memory")
    if own is None:
        pytest.skip("this kernel governs no memory by groups")
    group = own / f"reportgen-{os.getpid()}"
    try:
        with suppress(FileNotFoundError):  # which only version 2 has
            control = own / "cgroup.subtree_control"
            if "memory" not in control.read_text().split():
                control.write_text("+memory")
        group.mkdir()
    except OSError as error:
        pytest.skip(f"no group can be made in {own}: {error.strerror}")
    try:
        for name, value in {
            "memory.limit_in_bytes": GRANTED,  # version 1
            "memory.memsw.limit_in_bytes": GRANTED,
            "memory.max": GRANTED,  # version 2
            "memory.swap.max": 0,
        }.items():
            if (group / name).exists():
                (group / name).write_text(str(value))
        yield group
    finally:
        remove(group)


def remove(group: Path) -> None:
    """Remove a group as soon as the last of its processes is gone."""
    limit = time.monotonic() + PATIENCE_SECONDS
    while (group / "cgroup.procs").read_text():
        assert time.monotonic() < limit
        time.sleep(0.05)
    group.rmdir()


@pytest.fixture
def hungry(place: Project) -> Project:
    """A project whose study has an arm that takes more memory than is granted."""
    (place.root / "hungry.py").write_text(HUNGRY)
    change = {"model": {"use": "hungry:Hungry"}}
    variants = {"hungry": {"why": "It takes too much.", "change": change}}
    study = {**SETTINGS, "seeds": 1, "variants": variants, "claims": {}}
    place.spec("tiny").write_text(json.dumps(study))
    return place


def run_in(group: Path, project: Project) -> subprocess.CompletedProcess[str]:
    """`reportgen run tiny` in a control group, as a scheduler would start it."""
    enter = 'echo $$ > "$0" && exec "$@"'
    command = [sys.executable, "-m", "reportgen", "run", "tiny", "--jobs", "1"]
    return subprocess.run(  # noqa: S603 - our own words
        ["/bin/sh", "-c", enter, str(group / "cgroup.procs"), *command],
        cwd=project.root,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


def about_the_hungry(project: Project) -> list[Entry]:
    """The ledger's entries about its run."""
    entries = read_ledger(project, "tiny").entries
    return [one for one in entries if getattr(one, "variant", "") == "hungry"]


def test_the_kernel_kills_a_study_and_then_a_run_for_their_memory(
    hungry: Project, granted: Path
) -> None:
    """The study goes on where it was; the run, killed twice more, is a failed one."""
    (hungry.root / "study-first").touch()
    assert run_in(granted, hungry).returncode == -signal.SIGKILL
    assert [one.kind for one in about_the_hungry(hungry)] == ["start"]
    assert not hungry.records("tiny").exists()

    (hungry.root / "study-first").unlink()
    done = run_in(granted, hungry)
    assert done.returncode == 0, done.stdout
    assert "1 runs trained, 1 cached, 1 failed" in done.stdout
    assert "hungry seed 0 failed (out-of-memory)" in done.stdout
    lines = hungry.records("tiny").read_bytes().splitlines()
    runs = [BundledRun.model_validate_json(line) for line in lines]
    records = {one.variant: one.record for one in runs}
    assert records["baseline"].status == "completed"
    failure = records["hungry"].failure
    assert failure is not None
    assert failure.kind == "out-of-memory"
    assert failure.message == "its process was killed as the memory it may use ran out"
    assert failure.excerpt.startswith("epoch 1/2 train.loss")

    start, *retries, end = about_the_hungry(hungry)
    assert isinstance(start, Start)
    assert isinstance(end, End)
    assert end.failure == "out-of-memory"
    assert [one.reason for one in retries if isinstance(one, Retry)] == [
        "the program that trained it was interrupted",
        failure.message,
    ]
