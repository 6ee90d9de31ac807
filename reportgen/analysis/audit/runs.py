"""The account of all runs: results and ledger in, tables of what became of them out."""

from collections import Counter

from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import (
    ArmAttrition,
    DataCard,
    LedgerSummary,
    RunRow,
)
from reportgen.errors import GateError
from reportgen.ledger.account import Account, account_runs
from reportgen.ledger.entries import Differs, End, Retry, Start
from reportgen.ledger.read import Ledger
from reportgen.records import Environment, RunRecord, digest_json


def close_account(results: Results) -> Account:
    """Account for every run that was ever planned.

    Raises:
        GateError: the counts do not close, so nothing may be told.
    """
    account = account_runs(
        results.cells,
        results.bundled,
        results.ledger,
        study=results.study.study,
        failures=results.study.analysis.failures,
    )
    if account.problems:
        raise GateError(account.problems)
    return account


def attrition(account: Account) -> tuple[ArmAttrition, ...]:
    """Where each arm's runs ended, arms that left the spec included."""
    return tuple(
        ArmAttrition(
            arm=arm,
            planned=count.planned,
            reported=count.reported,
            failed=count.failed,
            excluded=count.excluded,
            superseded=count.superseded,
        )
        for arm, count in account.arms.items()
    )


def run_rows(results: Results) -> tuple[RunRow, ...]:
    """One row per run, arms in the order of the plan."""
    return tuple(
        _run_row(results, arm, seed, record)
        for arm in results.arms
        for seed, record in results.records(arm)
    )


def _run_row(results: Results, arm: str, seed: int, record: RunRecord) -> RunRow:
    checkpoint = record.checkpoints.get(results.selected(arm))
    if record.status == "failed":
        checkpoint = None  # it is kept, and it is no result
    return RunRow(
        arm=arm,
        seed=seed,
        run=record.run,
        status=record.status,
        epoch=checkpoint.epoch if checkpoint else None,
        epochs=max((len(curve) for curve in record.curves.values()), default=0),
        metrics=dict(checkpoint.metrics) if checkpoint else {},
        failure=record.failure,
        weights=checkpoint.weights if checkpoint else None,
    )


def data_cards(results: Results) -> tuple[DataCard, ...]:
    """The splits as fed, arms with the same splits together."""
    cards: dict[str, tuple[list[str], RunRecord]] = {}
    for arm in results.arms:
        record = next((one for _, one in results.records(arm) if one.data), None)
        if record is None:
            continue
        fed = digest_json(
            {name: one.model_dump(mode="json") for name, one in record.data.items()}
        )
        cards.setdefault(fed, ([], record))[0].append(arm)
    return tuple(
        DataCard(arms=tuple(arms), splits=dict(record.data))
        for arms, record in cards.values()
    )


def environments(results: Results) -> tuple[Environment, ...]:
    """The environment classes of the runs, the most frequent first."""
    counts = Counter(one.record.environment.digest for one in results.bundled)
    by_digest = {
        one.record.environment.digest: one.record.environment for one in results.bundled
    }
    order = sorted(by_digest, key=lambda digest: (-counts[digest], digest))
    return tuple(by_digest[digest] for digest in order)


def summarise_ledger(ledger: Ledger) -> LedgerSummary:
    """The ledger in numbers."""

    def count(kind: type) -> int:
        return sum(isinstance(entry, kind) for entry in ledger.entries)

    return LedgerSummary(
        entries=len(ledger.entries),
        starts=count(Start),
        ends=count(End),
        retries=count(Retry),
        differs=count(Differs),
        head=ledger.head,
    )
