"""What was captured of all runs: records in, every hyperparameter once out."""

import re
from collections.abc import Mapping

from pydantic import JsonValue

from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import CaptureEntry
from reportgen.records import CaptureRow

# Rows that follow from a run's own seed: of other seeds, nobody wants them listed.
OF_SEED = re.compile(r"seed|repeat|streams\..+|(?:loss\.)?(?:parameters|buffers)\..+")

Rows = Mapping[str, CaptureRow]


def merge_captures(results: Results) -> tuple[CaptureEntry, ...]:
    """Every hyperparameter once: its usual value, and the arms that differ from it.

    An arm's capture is that of its first run that has one. The usual value is the
    baseline's where the baseline has the row, else the first arm's. A later run of an
    arm that differs in more than follows from its seed stands by itself.
    """
    arms: dict[str, Rows] = {}
    runs: dict[str, tuple[str, Rows]] = {}  # "arm (seed 3)" -> its arm and own rows
    for arm in results.arms:
        arms[arm] = {}
        for seed, record in results.records(arm):
            rows = {row.path: row for row in record.capture}
            if rows and not arms[arm]:
                arms[arm] = rows
            elif rows and _beyond_seed(rows) != _beyond_seed(arms[arm]):
                runs[f"{arm} (seed {seed})"] = (arm, rows)
    every = [*arms.values(), *(rows for _, rows in runs.values())]
    paths = dict.fromkeys(path for rows in every for path in rows)
    return tuple(_entry(path, arms, runs) for path in paths)


def _beyond_seed(rows: Rows) -> dict[str, JsonValue]:
    """Values that must be the same for every seed of an arm."""
    return {
        path: row.value for path, row in rows.items() if not OF_SEED.fullmatch(path)
    }


def _entry(
    path: str, arms: Mapping[str, Rows], runs: Mapping[str, tuple[str, Rows]]
) -> CaptureEntry:
    of_seed = bool(OF_SEED.fullmatch(path))
    holders = {**arms, **{name: rows for name, (_, rows) in runs.items()}}
    usual = next(rows[path] for rows in holders.values() if path in rows)
    others = {
        arm: rows[path]
        for arm, rows in arms.items()
        if path in rows and rows[path].value != usual.value
    }
    absent = [arm for arm, rows in arms.items() if path not in rows]
    for name, (arm, rows) in runs.items():
        if of_seed or rows.get(path) == arms[arm].get(path):
            continue
        if path in rows:
            others[name] = rows[path]
        else:
            absent.append(name)
    return CaptureEntry(
        path=path,
        value=usual.value,
        unit=usual.unit,
        source=usual.source,
        origin=usual.origin,
        meaning=usual.meaning,
        exceptions={name: row.value for name, row in others.items()},
        otherwise={
            name: (row.source, row.origin)
            for name, row in others.items()
            if (row.source, row.origin) != (usual.source, usual.origin)
        },
        absent=tuple(absent),
        of_seed=of_seed,
    )
