"""A ledger that real code wrote, without training anything for it."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

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
from tests.studies import Make, make_tiny

DETAILS = {"machine": "here"}
HERE = Environment(digest=digest_json(DETAILS), details=DETAILS)


@pytest.fixture
def make_study() -> Make:
    """`make_study(seeds=3)`: the tiny study with other top-level settings."""
    return make_tiny


@pytest.fixture
def place(tmp_path: Path) -> Project:
    """An empty project."""
    return Project(tmp_path)


Ended = Callable[..., BundledRun]


@pytest.fixture
def ended() -> Ended:
    """`ended(cell, failed=True)`: the record of a cell's run, by some `code`."""

    def make(
        cell: Cell,
        *,
        weights: str | None = None,
        failed: bool = False,
        code: str = "",
        arrays: dict[str, str] | None = None,
    ) -> BundledRun:
        run = digest_json([cell.config.model_dump(mode="json"), code])
        scores: dict[str, float | None] = {"test.accuracy": 0.5 + cell.seed / 8}
        last = Checkpoint(
            epoch=2, metrics=scores, weights=weights or f"weights of {run}"
        )
        record = RunRecord(
            run=run,
            key=digest_json([run, HERE.digest]),
            config=cell.config,
            status="failed" if failed else "completed",
            environment=HERE,
            arrays=arrays or {},
            checkpoints={} if failed else {"best": last, "last": last},
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
        study: StudySpec,
        runs: list[BundledRun] | None = None,
        origin: Literal["trained", "store"] = "trained",
    ) -> list[BundledRun]:
        runs = runs or [ended(cell) for cell in plan_study(study, {}).cells]
        book = LedgerBook(place, study, environment=HERE.digest)
        for one in runs:
            cell = CellRun(one.variant, one.seed, one.record.run)
            book.begin(cell, one.record.config, origin=origin)
            book.conclude(cell, one.record, wall_seconds=1.234)
        return runs

    return enter
