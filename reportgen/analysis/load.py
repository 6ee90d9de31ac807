"""Read what training left: a project and a study in, its results out."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from numpy.lib.format import read_array
from pydantic import ValidationError

from reportgen.analysis.control import control_arms
from reportgen.analysis.evidence.results import Results
from reportgen.errors import InputError, Problem
from reportgen.ledger.read import read_ledger
from reportgen.project import Project, newer_format
from reportgen.records import (
    FORMAT,
    Array,
    BundledRun,
    RunRecord,
    digest_array,
    digest_json,
    digest_result,
)
from reportgen.spec.model import StudySpec
from reportgen.spec.plan import plan_study


class StoredArrays(Mapping[str, Array]):
    """The arrays of a `predictions.npz` by digest, each read once, when asked for."""

    def __init__(self, path: Path, *, shown: str, study: str) -> None:
        self._shown, self._study = shown, study
        self._read: dict[str, Array] = {}
        try:
            self._zip = ZipFile(path)
        except (OSError, BadZipFile) as error:
            raise InputError(self._problem(f"it cannot be read ({error})")) from error
        self._names = {name.removesuffix(".npy") for name in self._zip.namelist()}

    def __getitem__(self, digest: str) -> Array:
        if digest not in self._names:
            raise KeyError(digest)
        if digest not in self._read:
            try:
                with self._zip.open(f"{digest}.npy") as file:
                    self._read[digest] = read_array(file, allow_pickle=False)
            except (OSError, ValueError, BadZipFile) as error:
                what = f"array {digest[:12]} cannot be read ({error})"
                raise InputError(self._problem(what)) from error
            if digest_array(self._read[digest]) != digest:
                what = f"array {digest[:12]} was changed: its bytes do not fit its name"
                raise InputError(self._problem(what))
        return self._read[digest]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._names))

    def __len__(self) -> int:
        return len(self._names)

    def _problem(self, what: str) -> Problem:
        return Problem(what, self._shown, run_again(self._study))


def run_again(study: str) -> str:
    """The fix for anything missing or broken under `runs/`."""
    return (
        f"run 'reportgen run {study}': it trains only what is missing, and says how to "
        "bring back what is damaged"
    )


def read_records(project: Project, study: str) -> tuple[BundledRun, ...]:
    """The records of a study's bundle.

    Raises:
        InputError: there are none, or one is not readable.
    """
    path = project.records(study)
    shown = project.show(path)
    if not path.exists():
        what = "this study has not been run yet"
        raise InputError(Problem(what, shown, run_again(study)))
    bundled, problems = [], []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            bundled.append(BundledRun.model_validate_json(line))
        except ValidationError as error:
            what = f"this is no record ({error.errors()[0]['msg']})"
            where = f"{shown}:{number}"
            damaged = Problem(what, where, run_again(study))
            problems.append(newer_record(line, where) or damaged)
            continue
        damage = _damage(bundled[-1].record)
        if damage:
            problems.append(Problem(damage, f"{shown}:{number}", run_again(study)))
    if problems:
        raise InputError(problems)
    return tuple(bundled)


def newer_record(line: bytes, where: str) -> Problem | None:
    """Say that a record, alone or in a bundle, is of a later version; None if not."""
    try:
        data = json.loads(line)
        found = data.get("record", data)["format"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if isinstance(found, int) and found > FORMAT:
        return newer_format(found, FORMAT, where)
    return None


def _damage(record: RunRecord) -> str | None:
    """Say what in a record does not fit its own digests."""
    if record.result != digest_result(record):
        return "the record was edited: its result does not fit its digest"
    found = record.environment
    if found.digest != digest_json(found.details):
        return "the record was edited: its environment does not fit its digest"
    if record.key != digest_json([record.run, found.digest]):
        return "the record was edited: its key does not fit its run and environment"
    return None


def load_results(project: Project, study: StudySpec) -> Results:
    """Load records, predictions and ledger of a study.

    Raises:
        InputError: a file is absent or damaged, or a record is not readable.
    """
    bundled = read_records(project, study.study)
    predictions = project.predictions(study.study)
    return Results(
        study=study,
        cells=plan_study(study, control_arms(study)).cells,
        bundled=bundled,
        arrays=StoredArrays(
            predictions, shown=project.show(predictions), study=study.study
        ),
        ledger=read_ledger(project, study.study),
    )
