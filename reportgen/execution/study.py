"""A study's runs from plan to bundle: what is missing is trained, the rest is kept.

In come a project and a checked study; out go `runs/STUDY/` and a summary of what was
done. A run that failed is a result: it is told, and nothing stops for it.
"""

import time
from collections import Counter
from collections.abc import Sequence

from rich.console import Console

from reportgen.execution.bundle import Bundle, read_bundle
from reportgen.execution.child import start_server
from reportgen.execution.executor import Executor
from reportgen.execution.ledger import LedgerBook
from reportgen.execution.local import LocalExecutor
from reportgen.execution.lock import hold_study
from reportgen.execution.machine import physical_cores
from reportgen.execution.plan import (
    Planned,
    bundled_addresses,
    collect_costs,
    identify_plan,
)
from reportgen.execution.progress import Display, choose_display
from reportgen.execution.store import Store, check_format, open_store
from reportgen.execution.summary import ArmPreview, Preview, RunSummary
from reportgen.execution.work import StudyWork
from reportgen.ledger.account import histories
from reportgen.ledger.read import read_ledger, refuse_unknown_runs
from reportgen.project import Project
from reportgen.spec.model import StudySpec


def run_study(
    project: Project,
    study: StudySpec,
    *,
    jobs: int | None = None,
    timeout_seconds: float | None = None,
    executor: Executor | None = None,
    display: Display | None = None,
) -> RunSummary:
    """Train every run of a study that is missing, and write its ledger and bundle.

    Args:
        project: where store, ledger and bundle lie.
        study: a study that was checked.
        jobs: runs trained at a time; one for each physical core when None.
        timeout_seconds: for one run; None lets it train for ever.
        executor: trains in place of this machine's cores.
        display: shows how far it is; chosen by what stderr is when None.

    Raises:
        InputError: somebody else runs the study, a file is damaged, the disk is full,
            or data cannot be made. Whatever finished before is kept.
    """
    began = time.monotonic()
    executor = executor or LocalExecutor(jobs or physical_cores(), timeout_seconds)
    display = display or choose_display(Console(stderr=True), study=study.study)
    with hold_study(project, study.study):
        start_server()
        store = open_store(project)
        bundle = read_bundle(project, study.study)
        planned, environment = identify_plan(study)
        book = LedgerBook(project, study, environment=environment.digest)
        refuse_unknown_runs(
            project,
            study.study,
            recorded=[one.record.run for one in bundle.runs],
            known={cell_run.run for cell_run in book.histories},
        )
        seed_store(store, bundle, planned)
        work = StudyWork(project, study.study, store, book, planned, environment)
        work.enter_cached()
        with display:
            if book.repaired:
                display.say(book.repaired)
            work.train(executor, display)
        book.keep_scores(bundle.runs, {one.cell_run for one in planned})
        work.write()
    return work.summary(time.monotonic() - began)


def seed_store(store: Store, bundle: Bundle, planned: Sequence[Planned]) -> None:
    """Put the runs of a bundle where the store has none."""
    for address, place in bundled_addresses(bundle, planned).items():
        if not store.has(address):
            record = bundle.runs[place].record
            store.keep(record, bundle.arrays, address=address)


def preview(project: Project, study: StudySpec, *, jobs: int | None = None) -> Preview:
    """Say what a run of the study would do; nothing is written.

    Raises:
        InputError: ledger or bundle are damaged, the store is of a newer format, or
            data cannot be made.
    """
    store = Store(project.store, project.show(project.store))
    check_format(store)
    bundle = read_bundle(project, study.study)
    known = histories(read_ledger(project, study.study))
    planned, environment = identify_plan(study)
    seeded = bundled_addresses(bundle, planned)
    missing = [
        one
        for one in planned
        if one.address not in seeded and not store.has(one.address)
    ]
    costs = collect_costs(planned, store, known)
    workers = jobs or physical_cores()
    times = [costs.expect(one.cell.variant) for one in missing]
    total = Counter(one.cell.variant for one in planned)
    new = Counter(one.cell.variant for one in missing)
    return Preview(
        arms=tuple(ArmPreview(arm, new[arm], total[arm] - new[arm]) for arm in total),
        minutes=max([sum(times) / workers, *times]) / 60 if times else 0.0,
        workers=workers,
        basis=costs.basis,
        environment=environment,
        stored=tuple(
            dict.fromkeys(
                one.cell.variant
                for one in planned
                if one.cell_run not in known and store.has(one.address)
            )
        ),
    )
