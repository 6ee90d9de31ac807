"""A ledger that real code wrote, without training anything for it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.execution.ledger import LedgerBook
from reportgen.ledger.entries import CellRun
from reportgen.project import Project
from reportgen.records import (
    BundledRun,
    Checkpoint,
    Environment,
    RunRecord,
    digest_json,
    digest_result,
)
from reportgen.spec.model import StudySpec
from reportgen.spec.plan import Cell, plan_study

SETTINGS: dict[str, Any] = {
    "study": "paper",
    "question": "Does it add up?",
    "data": {"use": "spr", "params": {}},
    "model": {"use": "lstm", "params": {"hidden_dim": 4}},
    "training": {
        "epochs": 2,
        "batch_size": 16,
        "optimizer": {"use": "torch.optim:Adam"},
        "select": {"metric": "dev.loss", "rule": "best"},
    },
    "metrics": ["accuracy"],
    "seeds": 2,
    "variants": {
        "wide": {
            "why": "More room.",
            "change": {"model": {"params": {"hidden_dim": 8}}},
        }
    },
    "claims": {
        "wider-is-better": {
            "says": "wide improves test.accuracy over baseline",
            "margin": 0.1,
            "why_expected": {"text": "More room."},
        }
    },
    "analysis": {},
    "controls": [],
    "report": {
        "title": "Paper",
        "authors": [{"name": "A. Author"}],
        "abstract": "It adds up.",
        "sections": [{"use": "introduction"}],
    },
}

Make = Callable[..., StudySpec]
HERE = Environment(digest="a" * 64, details={"machine": "here"})


@pytest.fixture
def make_study() -> Make:
    """`make_study(seeds=3)`: the study with other top-level settings."""

    def make(**changes: Any) -> StudySpec:
        return StudySpec.model_validate_json(json.dumps({**SETTINGS, **changes}))

    return make


@pytest.fixture
def place(tmp_path: Path) -> Project:
    """An empty project."""
    return Project(tmp_path)


Ended = Callable[..., BundledRun]


@pytest.fixture
def ended() -> Ended:
    """`ended(cell, status="failed")`: the record of a cell's run."""

    def make(
        cell: Cell, *, weights: str | None = None, failed: bool = False
    ) -> BundledRun:
        run = digest_json(cell.config.model_dump(mode="json"))
        last = Checkpoint(epoch=2, metrics={}, weights=weights or f"weights of {run}")
        record = RunRecord(
            run=run,
            key=digest_json([run, HERE.digest]),
            config=cell.config,
            status="failed" if failed else "completed",
            environment=HERE,
            checkpoints={} if failed else {"last": last},
            result="",
        )
        record = record.model_copy(update={"result": digest_result(record)})
        return BundledRun(variant=cell.variant, seed=cell.seed, record=record)

    return make


Write = Callable[..., list[BundledRun]]


@pytest.fixture
def write(place: Project, ended: Ended) -> Write:
    """`write(study)`: enter the start and end of every run of the study."""

    def enter(
        study: StudySpec, runs: list[BundledRun] | None = None
    ) -> list[BundledRun]:
        runs = runs or [ended(cell) for cell in plan_study(study, {}).cells]
        book = LedgerBook(place, study, environment=HERE.digest)
        for one in runs:
            cell = CellRun(one.variant, one.seed, one.record.run)
            book.begin(cell, origin="trained")
            book.conclude(cell, one.record, wall_seconds=1.234)
        return runs

    return enter
