"""Where things lie: a project folder in, the path of every file of a study out."""

import errno
import os
from dataclasses import dataclass
from pathlib import Path

from reportgen.errors import Problem

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
STORE_VARIABLE = "REPORTGEN_STORE"


@dataclass(frozen=True)
class Project:
    """A folder with `dvc.yaml` and `specs/`; every path below hangs on `root`."""

    root: Path

    def spec(self, study: str) -> Path:
        """The study's YAML file."""
        return self.root / "specs" / f"{study}.yaml"

    def records(self, study: str) -> Path:
        """The pruned, key-sorted bundle of run records, one JSON object a line."""
        return self.root / "runs" / study / "records.jsonl"

    def predictions(self, study: str) -> Path:
        """The arrays the records refer to by digest."""
        return self.root / "runs" / study / "predictions.npz"

    def ledger(self, study: str) -> Path:
        """The append-only, hash-chained account of every run that started."""
        return self.root / "runs" / study / "ledger.jsonl"

    def results(self, study: str) -> Path:
        """The folder analysis writes and rendering reads."""
        return self.root / "results" / study

    def report(self, study: str) -> Path:
        """The folder with the published page and paper."""
        return self.root / "reports" / study

    @property
    def templates(self) -> Path:
        """The project's own templates, searched before those in the package."""
        return self.root / "templates"

    @property
    def store(self) -> Path:
        """The content-addressed store; an absolute path in REPORTGEN_STORE wins."""
        chosen = os.environ.get(STORE_VARIABLE)
        return Path(chosen) if chosen else self.root / ".reportgen" / "store"

    @property
    def locks(self) -> Path:
        """Where running studies are marked; never versioned."""
        return self.root / ".reportgen" / "locks"

    def show(self, path: Path) -> str:
        """A path as messages name it: below the project folder where it lies there."""
        if path.is_relative_to(self.root):
            return path.relative_to(self.root).as_posix()
        return str(path)

    def studies(self) -> tuple[str, ...]:
        """Names of all specs in the project, sorted."""
        return tuple(sorted(path.stem for path in (self.root / "specs").glob("*.yaml")))


def find_project(start: Path) -> Project:
    """Find the nearest folder at or above `start` that holds `specs/`."""
    for folder in (start, *start.parents):
        if (folder / "specs").is_dir():
            return Project(folder)
    return Project(start)


def newer_format(found: int, known: int, where: str) -> Problem:
    """Word that a file was written by a later version than this one.

    Args:
        found: the format that the file says it has.
        known: the highest that this version reads.
        where: the file, as messages name it.
    """
    return Problem(
        f"store written by a newer format ({found}; this version reads {known})",
        where,
        f"update reportgen, or let {STORE_VARIABLE} name another folder",
    )


def disk_problem(error: OSError, where: str, *, otherwise: str = "") -> Problem | None:
    """Word that a disk is full or forbidden; None for any other error.

    Args:
        error: what the system said.
        where: the file or folder that is written, as messages name it.
        otherwise: what else would help, for the fix.
    """
    also = f", or {otherwise}" if otherwise else ""
    again = "then start again: everything that had finished is kept"
    if error.errno in FULL:
        what = f"there is no room left to write this ({error.strerror})"
        return Problem(what, where, f"free some space{also}, {again}")
    if error.errno in FORBIDDEN:
        what = f"this may not be written or read ({error.strerror})"
        return Problem(what, where, f"allow it with chmod{also}, {again}")
    return None
