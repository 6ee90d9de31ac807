"""Every class of failure, met by real runs: each a result, and never the end of all."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.execution.child import NO_MEMORY, Death, call_in_child, start_child
from reportgen.execution.executor import Task
from reportgen.execution.local import LocalExecutor
from reportgen.execution.machine import count_oom_kills
from reportgen.execution.summary import RunSummary
from reportgen.ledger.entries import End, Retry
from reportgen.ledger.read import read_ledger
from reportgen.project import Project
from reportgen.records import BundledRun
from reportgen.spec.model import StudySpec

pytestmark = pytest.mark.slow

Make = Callable[..., StudySpec]
Train = Callable[..., RunSummary]

FAULTY = '''
import os
import signal
import sys
from pathlib import Path

import torch
from torch import nn

from reportgen.training.data import DataInfo, Dataset
from reportgen.training.datasets.spr import spr

COUNT = Path(__file__).with_name("processes")


def share() -> Dataset:
    """Rows that the second and the third process to ask for them do not get."""
    asked = int(COUNT.read_text()) + 1 if COUNT.exists() else 1
    COUNT.write_text(str(asked))
    if asked in (2, 3):
        raise OSError("the share is gone")
    rule = ["first(▲) < first(●)"]
    return spr(rows={"train": 32, "dev": 16, "test": 16}, length=6, seed=3, rule=rule)


class Faulty(nn.Module):
    """Breaks in the second epoch."""

    def __init__(self, info: DataInfo, how: str) -> None:
        super().__init__()
        self.how = how
        self.steps = 0
        self.weight = nn.Parameter(torch.ones(info.classes))

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Logits, all alike, and then what it was told."""
        self.steps += self.training
        logits = self.weight.expand(len(tokens), -1)
        if self.steps <= 2 or not self.training:
            return logits
        if self.how == "memory":
            return logits + torch.empty(10**14)
        if self.how == "nan":
            return logits * float("nan")
        if self.how == "exit":
            sys.exit(3)
        if self.how == "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        raise KeyError("no such symbol")
'''


@pytest.fixture
def faulty(place: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with a model and a dataset of its own that fail."""
    (place.root / "faulty.py").write_text(FAULTY)
    monkeypatch.syspath_prepend(str(place.root))
    return place


def read_bundle(project: Project) -> dict[str, BundledRun]:
    lines = project.records("tiny").read_bytes().splitlines()
    found = [BundledRun.model_validate_json(line) for line in lines]
    return {one.variant: one for one in found}


def breaking(how: str) -> dict[str, Any]:
    return {"model": {"use": "faulty:Faulty", "params": {"how": how}}}


def test_what_breaks_a_run_is_classed_told_and_kept(
    faulty: Project, make_study: Make, train: Train
) -> None:
    wild = {"use": "torch.optim:SGD", "params": {"lr": 1e7, "momentum": 0.99}}
    bag = {"use": "bag_of_tokens", "params": {"embedding_dim": 8, "hidden_dim": 8}}
    changes = {
        "memory": breaking("memory"),
        "nan": breaking("nan"),
        "raises": breaking("raise"),
        "exits": breaking("exit"),
        "crashes": breaking("crash"),
        "wild": {"model": bag, "training": {"optimizer": wild}},
    }
    variants = {arm: {"why": "?", "change": one} for arm, one in changes.items()}
    study = make_study(seeds=1, variants=variants, claims={})
    summary = train(faulty, study)
    assert {label: one.kind for label, one in summary.failures} == {
        "memory seed 0": "out-of-memory",
        "nan seed 0": "non-finite",
        "raises seed 0": "exception",
        "exits seed 0": "exception",
        "crashes seed 0": "exception",
        "wild seed 0": "diverged",
    }
    runs = read_bundle(faulty)
    for arm in ("memory", "nan", "raises"):
        record = runs[arm].record
        assert record.failure is not None
        assert record.failure.epoch == 2
        assert "epoch 1/2" in record.failure.excerpt
        assert list(record.checkpoints) == ["best"]
    for arm, how in {"exits": "exit code 3", "crashes": "signal SIGSEGV"}.items():
        failure = runs[arm].record.failure
        assert failure is not None
        assert failure.message == f"its process ended by {how}"
        assert failure.excerpt.startswith("epoch 1/2")
    ends = [e for e in read_ledger(faulty, "tiny").entries if isinstance(e, End)]
    assert {end.variant: end.failure for end in ends}["wild"] == "diverged"
    assert train(faulty, study).new == 0, "what a run did itself is its result"


def test_data_lost_after_planning_cost_their_run_and_no_other(
    faulty: Project, make_study: Make, train: Train
) -> None:
    change = {"data": {"use": "faulty:share"}}
    variants = {"remote": {"why": "It lies elsewhere.", "change": change}}
    study = make_study(seeds=1, variants=variants, claims={})
    ((label, failure),) = train(faulty, study, jobs=1).failures
    assert (label, failure.kind) == ("remote seed 0", "data-error")
    assert failure.message == "'faulty:share' raised OSError: the share is gone"
    assert read_bundle(faulty)["baseline"].record.status == "completed"
    assert read_bundle(faulty)["remote"].record.failure == failure

    again = train(faulty, study)
    assert (again.new, again.failures) == (1, ())
    entries = read_ledger(faulty, "tiny").entries
    about = [one for one in entries if getattr(one, "variant", "") == "remote"]
    assert [one.kind for one in about] == ["start", "retry", "end", "retry", "end"]
    reasons = [one.reason for one in about if isinstance(one, Retry)]
    assert "the share is gone" in reasons[0]
    assert reasons[1] == "it had ended by a fault of the machine: data-error"


def lack_memory(path: Path) -> None:
    """Ask for more memory than the process may have."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (2**34, 2**34))
    path.write_bytes(bytes(2**35))


def test_a_process_without_memory_says_so(tmp_path: Path) -> None:
    child = start_child(lack_memory, tmp_path / "none")
    assert child.outcome() == Death(NO_MEMORY, crashed=False)
    with pytest.raises(Exception, match="ended by lack of memory"):
        call_in_child(lack_memory, tmp_path / "none")


def die_for_memory(task: Task) -> None:
    """What the kernel does to a process whose memory it wants, and notes of it."""
    statistics = task.store / "proc/vmstat"
    kills = int(statistics.read_text().split()[1])
    statistics.write_text(f"oom_kill {kills + 1}\n")
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_killed_for_its_memory_is_a_failed_run(
    place: Project, make_study: Make, train: Train, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `test_out_of_memory`, where no group may be made: the run plays the kernel."""
    statistics = place.store / "proc/vmstat"
    statistics.parent.mkdir(parents=True)
    statistics.write_text("oom_kill 0\n")
    monkeypatch.setattr(
        "reportgen.execution.local.count_oom_kills",
        lambda: count_oom_kills(place.store),
    )
    study = make_study(seeds=1, variants={}, claims={})
    executor = LocalExecutor(1, work=die_for_memory)
    ((_, failure),) = train(place, study, executor=executor).failures
    assert failure.kind == "out-of-memory"
    assert "killed as the memory it may use ran out" in failure.message
    kinds = [one.kind for one in read_ledger(place, "tiny").entries]
    assert kinds == ["register", "start", "retry", "end"]
