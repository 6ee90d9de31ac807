"""Whether each arm is what it says: the checks of its runs in, one finding each out.

A check that failed under any seed has failed; one that some finished run could not
measure is not checked, which never means passed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from reportgen.analysis.audit.contrast import contrast, same_outcome
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.manipulations import CHANGE, Manipulation
from reportgen.records import CheckRow, RunRecord
from reportgen.spec.model import BASELINE, RunConfig

SELECTION = "training.select"
PLACE = re.compile(r"(data\.transforms|training\.freeze)\[(\d+)\]")
SHOWN = 3  # settings named in one finding


def check_manipulations(results: Results) -> tuple[Manipulation, ...]:
    """Everything that every arm promises, arms in the order of the plan."""
    found: list[Manipulation] = []
    for arm in results.arms:
        records = dict(results.records(arm))
        if not any(one.checks for one in records.values()):
            continue  # of an older record: nothing was measured, and nothing is said
        found += _run_checks(arm, list(records.values()))
        if arm in results.study.variants:
            found += _variant_checks(results, arm, records)
    return tuple(found)


def refusals(found: Sequence[Manipulation]) -> dict[str, str]:
    """Arms that are not what they say, and `arm/set` where a shift is at fault."""
    reasons: dict[str, list[str]] = {}
    for one in found:
        if one.passed is False:
            reason = f"{one.whose}: expected “{one.says}”, observed “{one.observed}”"
            reasons.setdefault(one.bars, []).append(reason)
    return {name: "; ".join(told) for name, told in reasons.items()}


def _run_checks(arm: str, records: Sequence[RunRecord]) -> Iterator[Manipulation]:
    finished = [one for one in records if one.status == "completed"]
    rows: dict[tuple[str, str, str], list[tuple[CheckRow, bool]]] = {}
    for record in records:
        for row in record.checks:
            own = rows.setdefault((row.subject, row.check, row.says), [])
            own.append((row, record.status == "completed"))
    for seen in rows.values():
        told, passed = _over_runs(seen, len(finished))
        yield Manipulation(
            arm=arm,
            subject=told.subject,
            check=told.check,
            kind=told.kind,
            says=told.says,
            observed=told.observed,
            passed=passed,
            runs=sum(row.passed is not None for row, done in seen if done),
            ended=len(finished),
            sets=told.sets,
            named=_named_in_spec(told.subject, records[0].config),
        )


def _named_in_spec(subject: str, config: RunConfig) -> str:
    """What the spec calls a transform or a freezing; "" for what has no such name."""
    place = PLACE.fullmatch(subject)
    if place is None:
        return ""
    at = int(place[2])
    if place[1] == "data.transforms":
        return config.data.transforms[at].use.rpartition(":")[2]
    return config.training.freeze[at].parameters


def _over_runs(
    seen: Sequence[tuple[CheckRow, bool]], finished: int
) -> tuple[CheckRow, bool | None]:
    """The row to tell about, and what all rows together say."""
    for row, _ in seen:
        if row.passed is False:
            return row, False
    measured = [row for row, done in seen if done and row.passed]
    if finished and len(measured) == finished:
        return measured[0], True
    unmeasured = [row for row, _ in seen if row.passed is None]
    return (unmeasured or [row for row, _ in seen])[0], None


def _variant_checks(
    results: Results, arm: str, records: Mapping[int, RunRecord]
) -> Iterator[Manipulation]:
    """What a change must do to the captured settings and to the runs."""
    pairs = _pairs(results, records)
    change = results.study.variants[arm].change
    captured = next(((b, v) for b, v in pairs if b.capture and v.capture), None)
    if captured is not None:
        seen = contrast(change, *captured)
        missing, beyond = seen.missing, seen.beyond
        count = len(seen.declared)
        observed = f"changed: {_named(seen.declared) or 'nothing'}"
        if missing:
            observed = f"not changed: {_named(missing)}"
        yield _of_variant(
            (arm, "change_captured", "changes"),
            "each setting that the variant changes is captured as changed",
            (observed, bool(count) and not missing),
            (1, 1),
        )
        yield _of_variant(
            (arm, "nothing_else", "keeps"),
            "no other captured setting differs but for what follows from the change",
            (f"beside: {_named(beyond)}" if beyond else "none differs", not beyond),
            (1, 1),
        )
        if all(one.startswith(SELECTION) for one in seen.declared) and count:
            return  # another choice among the same epochs may well choose the same
    finished = [
        pair for pair in pairs if all(one.status == "completed" for one in pair)
    ]
    if finished:
        same = sum(same_outcome(usual, own) for usual, own in finished)
        yield _of_variant(
            (arm, "runs_differ", "changes"),
            "runs differ from the baseline's under the same seed",
            (
                f"{same} of {len(finished)} are the baseline's bit for bit",
                same < len(finished),
            ),
            (len(finished), len(finished)),
        )


def _pairs(
    results: Results, records: Mapping[int, RunRecord]
) -> list[tuple[RunRecord, RunRecord]]:
    """Runs of the baseline and of an arm, seed by seed, on one environment class."""
    found = []
    for seed, own in records.items():
        usual = results.record(BASELINE, seed)
        if usual is not None and usual.environment.digest == own.environment.digest:
            found.append((usual, own))
    return found


def _of_variant(
    ids: tuple[str, str, Literal["changes", "keeps"]],
    says: str,
    seen: tuple[str, bool],
    runs: tuple[int, int],
) -> Manipulation:
    arm, check, kind = ids
    return Manipulation(
        arm=arm,
        subject=CHANGE,
        check=check,
        kind=kind,
        says=says,
        observed=seen[0],
        passed=seen[1],
        runs=runs[0],
        ended=runs[1],
    )


def _named(paths: Sequence[str]) -> str:
    shown = ", ".join(paths[:SHOWN])
    return f"{shown} and {len(paths) - SHOWN} more" if len(paths) > SHOWN else shown
