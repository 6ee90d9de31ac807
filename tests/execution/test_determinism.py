"""The same key gives the same bits: in any order, any process, after any kill."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from reportgen.execution.executor import Event, Task
from reportgen.execution.local import LocalExecutor
from reportgen.execution.summary import RunSummary
from reportgen.ledger.entries import Retry
from reportgen.ledger.read import read_ledger
from reportgen.project import Project
from reportgen.records import RunRecord, canonical_json
from reportgen.spec.model import StudySpec
from reportgen.spec.plan import plan_study

pytestmark = pytest.mark.slow

Make = Callable[..., StudySpec]
Train = Callable[..., RunSummary]
Launch = Callable[..., subprocess.Popen[str]]
PATIENCE_SECONDS = 120.0


def bundle(project: Project) -> tuple[bytes, bytes]:
    return (
        project.records("tiny").read_bytes(),
        project.predictions("tiny").read_bytes(),
    )


class Backwards:
    """One run at a time, the last one first."""

    workers = 1

    def execute(self, tasks: Sequence[Task]) -> Iterator[Event]:
        """Train every task, in the opposite of the order given."""
        return LocalExecutor(1).execute(tasks[::-1])


def test_neither_order_nor_number_of_workers_changes_a_bit(
    place: Project, make_study: Make, train: Train, finished_once: Project
) -> None:
    """Two at a time in the study that is compared with."""
    assert train(place, make_study(), executor=Backwards()).new == 4
    starts = [
        (entry.variant, entry.seed)
        for entry in read_ledger(place, "tiny").entries
        if entry.kind == "start"
    ]
    there = read_ledger(finished_once, "tiny").entries
    assert starts[0] != next(
        (one.variant, one.seed) for one in there if one.kind == "start"
    )
    assert bundle(place) == bundle(finished_once)


PAUSING = '''
import time
from pathlib import Path

import torch
from torch import nn

from reportgen.training.data import DataInfo

SWITCH = Path(__file__).with_name("pause")


class Pausing(nn.Module):
    """Waits between the first and the second step of its second epoch, if told to."""

    def __init__(self, info: DataInfo) -> None:
        super().__init__()
        self.embed = nn.Embedding(64, 4)
        self.drop = nn.Dropout(0.5)
        self.head = nn.Linear(4, info.classes)
        self.steps = 0

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Logits."""
        self.steps += self.training
        if self.training and self.steps == 4 and SWITCH.exists():
            SWITCH.with_name("paused").touch()
            time.sleep(600)
        return self.head(self.drop(self.embed(tokens).sum(dim=(1, 2))))
'''


def test_a_run_killed_within_an_epoch_comes_back_to_the_bit(
    place: Project,
    make_study: Make,
    launch: Launch,
    train: Train,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (place.root / "pausing.py").write_text(PAUSING)
    monkeypatch.syspath_prepend(str(place.root))
    study = make_study(
        model={"use": "pausing:Pausing"}, variants={}, claims={}, seeds=1
    )
    undisturbed = Project(tmp_path / "undisturbed")
    assert train(undisturbed, study).failures == ()

    (place.root / "pause").touch()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = launch(place, study, env=environment)
    limit = time.monotonic() + PATIENCE_SECONDS
    while not (place.root / "paused").exists():
        assert time.monotonic() < limit
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not list(place.store.glob("*/record.json"))

    (place.root / "pause").unlink()
    assert train(place, study).new == 1
    assert bundle(place) == bundle(undisturbed)
    entries = read_ledger(place, "tiny").entries
    assert [entry.kind for entry in entries] == ["register", "start", "retry", "end"]
    assert isinstance(entries[2], Retry)
    assert "interrupted" in entries[2].reason


AFTER_MUCH_ELSE = """
import random
import sys

import matplotlib.figure
import scipy.stats
import numpy as np

random.seed(7), np.random.seed(7), np.random.rand(5)
import reportgen.report.study
import torch

torch.rand(3), torch.ones(4, 4) @ torch.ones(4, 4)
from reportgen.spec.model import RunConfig
from reportgen.training.runner import train_run

for line in sys.stdin.read().splitlines():
    record, _ = train_run(RunConfig.model_validate_json(line))
print(record.model_dump_json())
"""


def test_neither_imports_nor_earlier_work_of_a_process_change_a_bit(
    make_study: Make, finished_once: Project
) -> None:
    """A process that drew, computed, imported and trained before; units drop out."""
    other, *_, last = plan_study(make_study(), {}).cells
    assert last.config.model.params["dropout"]
    written = [cell.config.model_dump_json() for cell in (other, last)]
    done = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", AFTER_MUCH_ELSE],
        input="\n".join(written),
        capture_output=True,
        text=True,
        check=True,
    )
    record = RunRecord.model_validate_json(done.stdout)
    kept = (finished_once.store / record.key / "record.json").read_text()
    assert canonical_json(record.model_dump(mode="json")) + "\n" == kept
