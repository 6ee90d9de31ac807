"""Where every run ended: plan, ledger and records in, closed counts or problems out.

Every run that was ever planned for an arm is in exactly one state: reported, failed,
excluded by a rule declared before, or superseded by a later spec or code. The one rule
that excludes runs is `analysis.failures: exclude`; a run that started before the rule
was declared has failed and is not excluded.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from reportgen.errors import Problem
from reportgen.ledger.copies import find_copies
from reportgen.ledger.entries import (
    CellRun,
    Differs,
    End,
    FailureRule,
    Kept,
    Outcome,
    Register,
    Retry,
    Scores,
    Start,
    description_digest,
)
from reportgen.ledger.read import Ledger
from reportgen.ledger.registration import rule_declared
from reportgen.records import BundledRun, RunRecord
from reportgen.spec.plan import Cell


@dataclass(frozen=True)
class History:
    """What a ledger says about one run of one cell."""

    start: Start | None = None
    retries: tuple[Retry, ...] = ()
    end: End | None = None  # the latest
    differs: tuple[Differs, ...] = ()
    open: bool = False  # started or retried without an end since
    kept: Scores | None = None  # entered when its record left the study

    @property
    def scores(self) -> Scores | None:
        """What it scored on test; None where nobody noted it."""
        noted = self.end.scores if self.end else None
        return self.kept if noted is None else noted

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcomes a record may show: the end, and those that differ from it."""
        return (*((self.end,) if self.end else ()), *self.differs)


@dataclass(frozen=True)
class ArmCount:
    """Where an arm's runs ended; the four ends sum to `planned`."""

    planned: int
    reported: int
    failed: int
    excluded: int
    superseded: int


@dataclass(frozen=True)
class Account:
    """The account of a study; with a problem in it, nothing may be rendered."""

    arms: dict[str, ArmCount]  # planned arms in order, then arms that left the spec
    superseded: tuple[CellRun, ...]
    problems: tuple[Problem, ...]


def histories(ledger: Ledger) -> dict[CellRun, History]:
    """Each run's history, in the order of the first entries."""
    found: dict[CellRun, History] = {}
    for entry in ledger.entries:
        if not isinstance(entry, Register):
            found[entry.cell_run] = follow(found.get(entry.cell_run, History()), entry)
    return found


def follow(old: History, entry: Start | Retry | End | Differs | Kept) -> History:
    """A run's history with one more entry."""
    match entry:
        case Start():
            return replace(old, start=entry, open=True)
        case Retry():
            return replace(old, retries=(*old.retries, entry), open=True)
        case End():
            return replace(old, end=entry, open=False)
        case Differs():
            return replace(old, differs=(*old.differs, entry))
        case Kept():
            return replace(old, kept=entry.scores)


def account_runs(
    cells: Sequence[Cell],
    bundled: Sequence[BundledRun],
    ledger: Ledger,
    *,
    study: str,
    failures: FailureRule = "fallback",
) -> Account:
    """Account for every run that was ever planned.

    Args:
        cells: the runs the study plans now.
        bundled: the records of `runs/STUDY/records.jsonl`.
        ledger: the study's verified ledger.
        study: its name, for the messages.
        failures: what the study does with failed runs.
    """
    known = histories(ledger)
    rules = rule_declared(ledger)
    wanted = {(cell.variant, cell.seed): cell for cell in cells}
    current = {
        CellRun(one.variant, one.seed, one.record.run): one.record
        for one in bundled
        if (one.variant, one.seed) in wanted
    }
    superseded = tuple(run for run in known if run not in current)
    states: Counter[tuple[str, str]] = Counter(
        (run.variant, "superseded") for run in superseded
    )
    problems: list[Problem] = list(_bundle_problems(wanted, bundled, study))
    for run, record in current.items():
        history = known.get(run, History())
        problems.extend(_record_problems(run, record, history, study))
        state = "reported" if record.status == "completed" else "failed"
        if state == "failed" and failures == "exclude" and history.start:
            state = "excluded" if rules[history.start.n] == "exclude" else "failed"
        states[run.variant, state] += 1
    problems.extend(find_copies(current))
    arms = dict.fromkeys([cell.variant for cell in cells])
    arms.update(dict.fromkeys(run.variant for run in superseded))
    return Account(
        {arm: _count(states, arm) for arm in arms}, superseded, tuple(problems)
    )


def _count(states: Counter[tuple[str, str]], arm: str) -> ArmCount:
    ends = [
        states[arm, state] for state in ("reported", "failed", "excluded", "superseded")
    ]
    return ArmCount(sum(ends), *ends)


def _bundle_problems(
    wanted: dict[tuple[str, int], Cell], bundled: Sequence[BundledRun], study: str
) -> Iterable[Problem]:
    """Cells without a record, records of another config, and records nobody planned."""
    again = f"run 'reportgen run {study}', which trains what is missing and no more"
    where = f"runs/{study}/records.jsonl"
    filled = Counter((one.variant, one.seed) for one in bundled)
    for variant, seed in wanted:
        if not filled[variant, seed]:
            what = f"the planned run of {variant} under seed {seed} has no record"
            yield Problem(what, where, again)
    for one in bundled:
        cell = wanted.get((one.variant, one.seed))
        label = f"{one.variant} under seed {one.seed}"
        if cell is None:
            yield Problem(
                f"there is a record of {label}, and no such plan", where, again
            )
        elif cell.config != one.record.config:
            what = f"the record of {label} was made from other settings than the spec's"
            yield Problem(what, where, again)
        elif filled[one.variant, one.seed] > 1:
            yield Problem(f"there are two records of {label}", where, again)


def _record_problems(
    run: CellRun, record: RunRecord, history: History, study: str
) -> Iterable[Problem]:
    """Say how a record and its run's history in the ledger disagree."""
    where = f"runs/{study}/ledger.jsonl"
    label = f"{run.variant} under seed {run.seed} (run {run.run[:12]})"
    again = f"run 'reportgen run {study}', which completes the account"
    restore = (
        f"restore ledger and records of one commit with 'git checkout -- {where}' and "
        f"'dvc checkout', or {again}"
    )
    if history.start is None:
        yield Problem(f"the ledger knows no start of {label}", where, restore)
        return
    if history.open:
        yield Problem(f"{label} started and never ended", where, again)
        return
    same = [
        outcome
        for outcome in history.outcomes
        if (outcome.result, outcome.status) == (record.result, record.status)
    ]
    if not same:
        what = f"{label} has a record whose result the ledger does not hold"
        yield Problem(what, where, restore)
    elif not any(_describes(outcome, record) for outcome in same):
        what = (
            f"the record of {label} was edited: its capture, data, code, checks or "
            "failure are not those that its end was entered with"
        )
        yield Problem(what, where.replace("ledger", "records"), restore)


def _describes(outcome: Outcome, record: RunRecord) -> bool:
    """Whether a record says what it said when its end was entered.

    A capture holds what an environment class has, so only one class can be compared.
    """
    if outcome.description is None:
        return True
    if outcome.environment != record.environment.digest:
        return True
    return outcome.description == description_digest(record)
