"""What a study leaves to others: records and arrays in, two deterministic files out.

`runs/STUDY/records.jsonl` holds one record a line, `predictions.npz` their arrays by
digest, each once. Both hold what the plan needs and no more; DVC versions them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from pydantic import ValidationError

from reportgen.analysis.load import newer_record
from reportgen.errors import InputError, Problem
from reportgen.execution.disk import (
    read_arrays,
    worded_disk_errors,
    write_arrays,
    write_whole,
)
from reportgen.execution.store import find_damage
from reportgen.project import Project
from reportgen.records import Array, BundledRun, canonical_json, digest_array


@dataclass(frozen=True)
class Bundle:
    """The runs of a study, and the arrays they refer to by digest."""

    runs: tuple[BundledRun, ...] = ()
    arrays: Mapping[str, Array] = field(default_factory=dict)


def write_bundle(
    project: Project,
    study: str,
    runs: Sequence[BundledRun],
    arrays: Mapping[str, Array],
) -> None:
    """Write a study's bundle; equal runs give equal bytes, in whatever order they came.

    Args:
        project: where the bundle goes.
        study: the study's name.
        runs: one for each cell of the plan.
        arrays: by digest; those of `runs`.

    Raises:
        InputError: the disk refuses.
    """
    ordered = sorted(runs, key=lambda one: (one.record.key, one.variant, one.seed))

    def write_lines(file: BinaryIO) -> None:
        for one in ordered:  # one at a time: ten thousand would fill the memory
            file.write(f"{canonical_json(one.model_dump(mode='json'))}\n".encode())

    path = project.predictions(study)
    with worded_disk_errors(project.show(path)):
        write_whole(path, lambda file: write_arrays(file, arrays))
    path = project.records(study)
    with worded_disk_errors(project.show(path)):
        write_whole(path, write_lines)


def read_bundle(project: Project, study: str) -> Bundle:
    """Read a study's bundle and check every digest in it; empty where there is none.

    Raises:
        InputError: a line or an array is damaged, edited, or of a newer format.
    """
    path = project.records(study)
    if not path.exists():
        return Bundle()
    shown = project.show(path)
    arrays, problems = _read_arrays(project, study)
    readable = not problems  # else every line would miss its arrays
    sound = {
        digest: array
        for digest, array in arrays.items()
        if digest_array(array) == digest
    }
    runs = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        where = f"{shown}:{number}"
        try:
            one = BundledRun.model_validate_json(line)
        except ValidationError as error:
            problems.append(_unreadable(line, error, where, study))
            continue
        damage = find_damage(one.record, sound) if readable else None
        if damage:
            problems.append(Problem(damage, where, _bring_back(study)))
        runs.append(one)
    if problems:
        raise InputError(problems)
    return Bundle(tuple(runs), arrays)


def _read_arrays(
    project: Project, study: str
) -> tuple[dict[str, Array], list[Problem]]:
    path = project.predictions(study)
    try:
        return read_arrays(path), []
    except FileNotFoundError:
        what = "there are records and no arrays beside them"
    except ValueError as error:
        what = str(error)
    return {}, [Problem(what, project.show(path), _bring_back(study))]


def _unreadable(line: bytes, error: ValidationError, where: str, study: str) -> Problem:
    """Word why a line is no record, a newer format among the reasons."""
    newer = newer_record(line, where)
    if newer:
        return newer
    first = error.errors()[0]
    spot = ".".join(str(part) for part in first["loc"])
    what = f"this line is no record of a run ({spot or 'the line'}: {first['msg']})"
    return Problem(what, where, _bring_back(study))


def _bring_back(study: str) -> str:
    return (
        f"bring the bundle back with 'dvc checkout runs/{study}/records.jsonl "
        f"runs/{study}/predictions.npz', or move both files away and run "
        f"'reportgen run {study}': what the store holds is not trained again"
    )
