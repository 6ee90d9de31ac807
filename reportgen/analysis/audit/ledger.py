"""What happened beside the reported runs: results and ledger in, their history out."""

from collections.abc import Iterator, Mapping, Sequence

from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.ledger import (
    ClassRuns,
    DrawerRow,
    LedgerHistory,
    Reason,
    Spread,
)
from reportgen.ledger.account import Account, History, histories
from reportgen.ledger.entries import CellRun, Start, settings_digest
from reportgen.ledger.registration import Registration


def tell_history(
    results: Results, known: Registration, closed: Account
) -> LedgerHistory:
    """Looks, pilots, the file drawer, and where runs were made."""
    return LedgerHistory(
        looks=known.looks(),
        lost=sum(
            results.counted(cell.variant, cell.seed) is None for cell in results.cells
        ),
        pilots=known.pilots(),
        drawer=tuple(open_drawer(results, closed.superseded)),
        classes=tuple(compare_classes(results)),
    )


def open_drawer(results: Results, left: Sequence[CellRun]) -> Iterator[DrawerRow]:
    """Runs that the study no longer reports, by arm and spec, oldest first."""
    known = histories(results.ledger)
    configs = {cell.variant: cell.config for cell in results.cells}
    settings = {arm: settings_digest(config) for arm, config in configs.items()}
    planned = {(cell.variant, cell.seed) for cell in results.cells}
    groups: dict[tuple[str, str, Reason], list[tuple[CellRun, Start]]] = {}
    for run in left:
        start = known[run].start
        if start is not None:
            reason = _reason(settings, planned, start)
            groups.setdefault((run.variant, start.spec, reason), []).append(
                (run, start)
            )
    for (arm, spec, reason), members in groups.items():
        told = [known[run] for run, _ in members]
        ends = [history.end for history in told]
        yield DrawerRow(
            arm=arm,
            reason=reason,
            spec=spec,
            since=members[0][1].time,
            seeds=tuple(sorted({run.seed for run, _ in members})),
            completed=sum(
                end is not None and end.status == "completed" for end in ends
            ),
            failed=sum(end is not None and end.status == "failed" for end in ends),
            unended=sum(end is None for end in ends),
            scores=_spreads(told),
        )


def _reason(
    settings: Mapping[str, str], planned: set[tuple[str, int]], start: Start
) -> Reason:
    """Why a run is no longer reported."""
    if start.variant not in settings:
        return "arm left the study"
    if (start.variant, start.seed) not in planned:
        return "seed left the study"
    if start.settings is None:
        return "revised"
    if start.settings != settings[start.variant]:
        return "other settings"
    return "other code, data or evaluation"


def _spreads(told: Sequence[History]) -> dict[str, Spread]:
    """Each score over the runs whose entries hold it."""
    values: dict[str, list[float]] = {}
    for history in told:
        for name, value in (history.scores or {}).items():
            if value is not None:
                values.setdefault(name, []).append(value)
    return {
        name: Spread(
            n=len(found),
            mean=sum(found) / len(found),
            lowest=min(found),
            highest=max(found),
        )
        for name, found in sorted(values.items())
    }


def compare_classes(results: Results) -> Iterator[ClassRuns]:
    """Each environment class with its records, the one with most of them first."""
    known = histories(results.ledger)
    by_class: dict[str, list[tuple[CellRun, str]]] = {}
    for one in results.bundled:
        run = CellRun(one.variant, one.seed, one.record.run)
        found = by_class.setdefault(one.record.environment.digest, [])
        found.append((run, one.record.result))
    for digest in sorted(by_class, key=lambda one: (-len(by_class[one]), one)):
        ends = [
            (end, result)
            for run, result in by_class[digest]
            if run in known and (end := known[run].end) is not None
        ]
        others = [
            end.result == result for end, result in ends if end.environment != digest
        ]
        members = {run.variant for run, _ in by_class[digest]}
        yield ClassRuns(
            digest=digest,
            runs=len(by_class[digest]),
            arms=tuple(arm for arm in results.arms if arm in members),
            elsewhere=len(others),
            identical=sum(others),
        )
