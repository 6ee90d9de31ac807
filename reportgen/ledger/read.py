"""A ledger file in, verified entries out; every break in the chain is worded."""

import json
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from reportgen.errors import InputError, Problem
from reportgen.ledger.committed import verify_continues
from reportgen.ledger.entries import (
    CLOCK_TOLERANCE_SECONDS,
    ENTRY,
    Entry,
    entry_hash,
    first_link,
    utc_moment,
)
from reportgen.project import Project
from reportgen.records import digest_json

TOLERANCE = timedelta(seconds=CLOCK_TOLERANCE_SECONDS)


@dataclass(frozen=True)
class Ledger:
    """The verified entries of a study, oldest first, and what to chain the next to."""

    entries: tuple[Entry, ...]
    head: str

    @property
    def last_time(self) -> datetime | None:
        """When the newest entry was written; None in an empty ledger."""
        return utc_moment(self.entries[-1].time) if self.entries else None


def split_lines(content: bytes) -> tuple[list[bytes], bytes]:
    """Whole lines, and what a crash left of a last line that was being written."""
    *lines, torn = content.split(b"\n")
    return lines, torn


def read_ledger(project: Project, study: str) -> Ledger:
    """Read and verify a study's ledger; empty where the file does not exist.

    Raises:
        InputError: the chain is broken, an entry lies in the future, the last line was
            never finished, or the last commit holds another ledger.
    """
    path = project.ledger(study)
    content = path.read_bytes() if path.exists() else b""
    lines, torn = split_lines(content)
    where = project.show(path)
    entries, problems = verify_lines(lines, study=study, where=where)
    if torn:
        problems.append(
            Problem(
                "the last line was never finished: the program died while writing it",
                f"{where}:{len(lines) + 1}",
                f"run 'reportgen run {study}', which drops the unfinished line and "
                "tells what became of its run",
            )
        )
    if not problems:
        problems += filter(None, [verify_continues(project, study, content)])
    if problems:
        raise InputError(problems)
    return Ledger(tuple(entries), entries[-1].hash if entries else first_link(study))


def refuse_unknown_runs(
    project: Project, study: str, *, recorded: Sequence[str], known: Collection[str]
) -> None:
    """Refuse to go on where records exist that the ledger knows nothing of.

    Args:
        project: where the study's ledger and records lie.
        study: its name.
        recorded: the run of each record.
        known: the runs of the ledger.

    Raises:
        InputError: the ledger was deleted, or is of another commit than the records.
    """
    strange = sum(run not in known for run in recorded)
    if strange:
        shown = project.show(project.ledger(study))
        records = project.show(project.records(study))
        raise InputError(
            Problem(
                f"{strange} of {len(recorded)} runs with a record are not in the "
                "ledger: it was deleted, or it is of another commit than the records",
                shown,
                f"restore it with 'git checkout -- {shown}' and 'dvc checkout'; should "
                f"it be lost for good, move {records} away: the ledger "
                "then says of each run that it was found in the store",
            )
        )


def recorded_runs(project: Project, study: str) -> list[str]:
    """The run of each record that lies beside a ledger; lines of no record pass."""
    path = project.records(study)
    found: list[str] = []
    for line in path.read_bytes().splitlines() if path.exists() else ():
        with suppress(ValueError, KeyError, TypeError):
            found.append(str(json.loads(line)["record"]["run"]))
    return found


def verify_lines(
    lines: list[bytes], *, study: str, where: str
) -> tuple[list[Entry], list[Problem]]:
    """Parse whole lines and check how each follows from the one before."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    fix = (
        f"a ledger is never edited: restore it with 'git checkout -- {where}', or keep "
        "the file as evidence under another name and start the study under a new one"
    )
    latest = datetime.now(UTC) + TOLERANCE
    n, prev = 0, first_link(study)
    for number, line in enumerate(lines, start=1):
        try:
            entry = ENTRY.validate_json(line)
            moment = utc_moment(entry.time)
        except (ValidationError, ValueError):
            problems.append(_unreadable(line, f"{where}:{number}", fix))
            n, prev = n + 1, ""
            continue
        found = _break(entry, n=n + 1, prev=prev)
        found = found or _wrong_time(moment, entries[-1] if entries else None, latest)
        if found:
            problems.append(Problem(found, f"{where}:{number}", fix))
        entries.append(entry)
        n, prev = entry.n, entry.hash
    return entries, problems


def _unreadable(line: bytes, where: str, fix: str) -> Problem:
    """Word why a line is no entry; one whose hash fits it is of a later version."""
    try:
        content = json.loads(line)
        sealed = content.pop("hash")
        whole = digest_json(content) == sealed
    except (ValueError, KeyError, TypeError, AttributeError):
        whole = False
    if whole:
        what = "this entry was written by a newer version, and is unlike any known here"
        return Problem(what, where, "update reportgen: the entry is whole")
    return Problem("this line is no ledger entry: it was edited or damaged", where, fix)


def _break(entry: Entry, *, n: int, prev: str) -> str | None:
    """Say how an entry fails to follow entry `n - 1`, whose hash is `prev`."""
    if entry.hash != entry_hash(entry):
        return "this entry was edited after it was written: its hash does not fit it"
    if entry.n > n:
        gap = f"entry {n}" if entry.n == n + 1 else f"entries {n} to {entry.n - 1}"
        return f"{gap} should stand above this line: deleted"
    if entry.n < n:
        return f"entry {entry.n} stands where entry {n} belongs: repeated or moved"
    if n == 1 and entry.prev != prev:
        return "this ledger belongs to another study: its first link does not fit"
    if prev and entry.prev != prev:
        return "the entry above is not the one this one was written after: replaced"
    return None


def _wrong_time(moment: datetime, before: Entry | None, latest: datetime) -> str | None:
    """Say why an entry cannot have been written when it says."""
    if moment > latest:
        return "this entry lies in the future: the clock or the entry is wrong"
    if before and moment < utc_moment(before.time) - TOLERANCE:
        return "this entry is older than the one above: a clock was set back"
    return None


def drop_torn_line(path: Path) -> str | None:
    """Cut off a last line that a crash left unfinished; whole lines stay untouched.

    Returns:
        What was dropped, worded, or None where the file is whole.
    """
    content = path.read_bytes() if path.exists() else b""
    lines, torn = split_lines(content)
    if not torn:
        return None
    with path.open("r+b") as file:
        file.truncate(len(content) - len(torn))
    return (
        f"line {len(lines) + 1} was never finished (the program died while writing it) "
        f"and was dropped: {torn[:60].decode(errors='replace')} …"
    )
