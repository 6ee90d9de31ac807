"""One study at work: planned runs and a store in, a ledger and ended runs out."""

from collections import Counter
from dataclasses import dataclass, field

from reportgen.errors import InputError, Problem
from reportgen.execution.bundle import write_bundle
from reportgen.execution.disk import ArraysOnDisk
from reportgen.execution.executor import (
    Executor,
    Finished,
    Lost,
    Retrying,
    Starting,
    Task,
    Waiting,
)
from reportgen.execution.ledger import LedgerBook
from reportgen.execution.plan import Planned, collect_costs, order_tasks
from reportgen.execution.progress import Display, State
from reportgen.execution.store import Store
from reportgen.execution.summary import Elsewhere, RunSummary
from reportgen.ledger.entries import CellRun
from reportgen.project import Project
from reportgen.records import BundledRun, Environment, RunRecord, digest_result


@dataclass
class StudyWork:
    """One study while its missing runs are trained."""

    project: Project
    study: str
    store: Store
    book: LedgerBook
    planned: tuple[Planned, ...]
    environment: Environment
    ended: dict[str, RunRecord] = field(default_factory=dict)  # by address
    conclusions: Counter[str] = field(default_factory=Counter)
    cached: int = 0
    pace: dict[str, float] = field(
        default_factory=lambda: {"expected": 0.0, "taken": 0.0}
    )  # seconds of the runs that finished

    def enter_cached(self) -> None:
        """Read the runs the store has, and enter those the ledger does not know.

        Raises:
            InputError: some are damaged; all of those are told, and nothing is trained.
        """
        problems: list[Problem] = []
        for one in self.planned:
            if not self.store.has(one.address):
                continue
            try:
                self.ended[one.address] = self.store.read_run(one.address, one.run)
            except InputError as error:
                problems.extend(error.problems)
        if problems:
            raise InputError(problems)
        for one in self.planned:
            record = self.ended.get(one.address)
            if record:
                timing = self.store.timing(one.address)
                self.book.begin(one.cell_run, one.cell.config, origin="store")
                self.book.conclude(
                    one.cell_run,
                    record,
                    wall_seconds=timing.wall_seconds if timing else None,
                )
        self.cached = len(self.ended)

    def train(self, executor: Executor, display: Display) -> None:
        """Train what is missing, and enter into the ledger what becomes of it."""
        missing = [one for one in self.planned if one.address not in self.ended]
        costs = collect_costs(self.planned, self.store, self.book.histories)
        tasks = order_tasks(missing, self.store, costs)
        running: tuple[Task, ...] = ()
        self._show(display, tasks, executor.workers, "")
        for event in executor.execute(tasks):
            if isinstance(event, Waiting):
                running = event.running
            else:
                self._enter(event, display)
            self._show(display, tasks, executor.workers, self._newest(running))

    def _enter(
        self, event: Starting | Retrying | Finished | Lost, display: Display
    ) -> None:
        """Enter an event into the ledger."""
        task = event.task
        cell = CellRun(task.variant, task.seed, task.run)
        match event:
            case Starting():
                self.book.begin(cell, task.config, origin="trained")
            case Retrying():
                self.book.retry(cell, event.failure.message)
                display.say(f"{task.label}: {event.failure.message}; it starts again")
            case Finished():
                record, _ = self.store.read(task.address)
                self.pace["expected"] += task.expected_seconds
                self.pace["taken"] += event.wall_seconds
                self._end(cell, task, record, event.wall_seconds)
            case Lost():
                record = lost_record(event, self.environment)
                self._end(cell, task, record, event.wall_seconds)
                display.say(f"{task.label}: {event.failure.message}; given up")

    def _end(
        self, cell: CellRun, task: Task, record: RunRecord, seconds: float
    ) -> None:
        self.ended[task.address] = record
        conclusion = self.book.conclude(cell, record, wall_seconds=seconds)
        self.conclusions[conclusion] += 1

    def _newest(self, running: tuple[Task, ...]) -> str:
        """What the run that started last has logged last."""
        if not running:
            return ""
        tail = self.store.log_tail(running[-1].address, lines=1)
        return f"{running[-1].label}: {tail[0]}" if tail else ""

    def _show(
        self, display: Display, tasks: tuple[Task, ...], workers: int, newest: str
    ) -> None:
        fresh = [self.ended[t.address] for t in tasks if t.address in self.ended]
        failed = sum(record.status == "failed" for record in fresh)
        left = sum(t.expected_seconds for t in tasks if t.address not in self.ended)
        if self.pace["expected"]:
            left *= self.pace["taken"] / self.pace["expected"]
        display.show(
            State(
                total=len(self.planned),
                cached=self.cached,
                done=len(fresh) - failed,
                failed=failed,
                remaining_seconds=left / workers if left else None,
                newest=newest,
            )
        )

    def write(self) -> None:
        """Write the bundle: what the plan asks for and no more."""
        runs, files = [], {}
        for one in self.planned:
            record = self.ended[one.address]
            cell = one.cell
            runs.append(BundledRun(variant=cell.variant, seed=cell.seed, record=record))
            path = self.store.arrays(one.address)
            files.update(dict.fromkeys(record.arrays.values(), path))
        write_bundle(self.project, self.study, runs, ArraysOnDisk(files))

    def summary(self, wall_seconds: float) -> RunSummary:
        """What was done."""
        return RunSummary(
            study=self.study,
            new=len(self.planned) - self.cached,
            cached=self.cached,
            failures=tuple(
                (f"{one.cell.variant} seed {one.cell.seed}", record.failure)
                for one in self.planned
                if (record := self.ended[one.address]).failure
            ),
            equal=self.conclusions["equal"],
            different=self.conclusions["different"],
            environment=self.environment,
            elsewhere=self._elsewhere(),
            wall_seconds=wall_seconds,
        )

    def _elsewhere(self) -> Elsewhere:
        """How the ledger's ends from other environment classes compare with ours."""
        classes: dict[str, None] = {}
        equal = []
        for one in self.planned:
            end = self.book.histories[one.cell_run].end
            if end and end.environment != self.environment.digest:
                classes[end.environment] = None
                equal.append(end.result == self.ended[one.address].result)
        return Elsewhere(tuple(classes), len(equal), sum(equal))


def lost_record(lost: Lost, environment: Environment) -> RunRecord:
    """The record of a run whose process never came to write one."""
    task = lost.task
    record = RunRecord(
        run=task.run,
        key=task.key,
        config=task.config,
        status="failed",
        failure=lost.failure,
        environment=environment,
        result="",
    )
    return record.model_copy(update={"result": digest_result(record)})
