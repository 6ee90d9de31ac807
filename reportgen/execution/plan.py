"""What is there and what is missing: a study in, its runs with keys and costs out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from reportgen.analysis.control import control_arms
from reportgen.execution.bundle import Bundle
from reportgen.execution.child import call_in_child
from reportgen.execution.executor import Task
from reportgen.execution.store import NOT_KEPT, Store
from reportgen.execution.task import identify_cells
from reportgen.ledger.account import History
from reportgen.ledger.entries import CellRun
from reportgen.records import Environment, digest_json
from reportgen.spec.model import StudySpec
from reportgen.spec.plan import Cell, plan_study

# Assumed of a run as long as no run of the study was ever timed.
GUESS_SECONDS = 30.0


@dataclass(frozen=True)
class Planned:
    """A cell of the plan, and what identifies its run here and anywhere."""

    cell: Cell
    run: str
    key: str
    address: str  # in the store

    @property
    def cell_run(self) -> CellRun:
        """How the ledger names it."""
        return CellRun(self.cell.variant, self.cell.seed, self.run)


def identify_plan(study: StudySpec) -> tuple[tuple[Planned, ...], Environment]:
    """Plan a study, controls included, and identify every run on this machine.

    Two cells that are the very same run (a control may ask for one on purpose, to see
    that it repeats) get two addresses, so that it is executed twice.

    Raises:
        InputError: the data of some arm cannot be made.
    """
    cells = plan_study(study, control_arms(study)).cells
    found, environment = call_in_child(identify_cells, cells, study)
    planned: list[Planned] = []
    uses: dict[str, int] = {}
    for cell, (run, key) in zip(cells, found, strict=True):
        uses[key] = uses.get(key, 0) + 1
        address = key if uses[key] == 1 else digest_json([key, uses[key]])
        planned.append(Planned(cell, run, key, address))
    return tuple(planned), environment


@dataclass(frozen=True)
class Costs:
    """How long runs take, from those that were timed before."""

    by_arm: Mapping[str, float]  # median wall seconds

    @property
    def basis(self) -> str:
        """Where the expectations come from, in words."""
        if not self.by_arm:
            return f"no run was timed yet: {GUESS_SECONDS:g} s a run assumed"
        return "from the runs timed so far"

    def expect(self, arm: str) -> float:
        """Wall seconds a run of this arm is expected to take."""
        typical = median(self.by_arm.values()) if self.by_arm else GUESS_SECONDS
        return self.by_arm.get(arm, typical)


def collect_costs(
    planned: Iterable[Planned], store: Store, known: Mapping[CellRun, History]
) -> Costs:
    """Collect timings from this machine's store, else from the ledger."""
    here: dict[str, list[float]] = {}
    for one in planned:
        timing = store.timing(one.address)
        if timing:
            here.setdefault(one.cell.variant, []).append(timing.wall_seconds)
    told: dict[str, list[float]] = {}
    for cell_run, history in known.items():
        if history.end and history.end.wall_seconds is not None:
            told.setdefault(cell_run.variant, []).append(history.end.wall_seconds)
    return Costs({arm: median(times) for arm, times in {**told, **here}.items()})


def order_tasks(
    missing: Sequence[Planned], store: Store, costs: Costs
) -> tuple[Task, ...]:
    """The tasks that train what is missing, longest first so that none ends alone."""
    tasks = [
        Task(
            variant=one.cell.variant,
            seed=one.cell.seed,
            run=one.run,
            key=one.key,
            address=one.address,
            config=one.cell.config,
            store=store.root,
            expected_seconds=costs.expect(one.cell.variant),
        )
        for one in missing
    ]
    return tuple(sorted(tasks, key=lambda task: -task.expected_seconds))


def bundled_addresses(bundle: Bundle, planned: Sequence[Planned]) -> dict[str, int]:
    """Where in the store the runs of a bundle belong: address -> place in the bundle.

    A run that the plan no longer asks for goes under its own key: a study that goes
    back to an earlier spec finds it there. What the machine failed at stays out.
    """
    wanted = {
        (one.cell.variant, one.cell.seed, one.key): one.address for one in planned
    }
    found = {}
    for place, one in enumerate(bundle.runs):
        record = one.record
        if record.failure is None or record.failure.kind not in NOT_KEPT:
            cell = (one.variant, one.seed, record.key)
            found[wanted.get(cell, record.key)] = place
    return found
