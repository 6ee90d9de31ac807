"""What git remembers of a ledger: a file here, and the same file in commits, compared.

A ledger only grows. So what the last commit holds is the head of what lies here, and
each commit continues the one before; where that is not so, somebody cut the file or
wrote it anew, which its chain alone cannot show.
"""

import shutil
import subprocess
from collections.abc import Sequence
from itertools import pairwise

from reportgen.errors import Problem
from reportgen.project import Project


def verify_continues(project: Project, study: str, content: bytes) -> Problem | None:
    """Say where a ledger does not continue the one that the last commit holds."""
    committed = _committed(project, study, "HEAD")
    if committed is None or content.startswith(committed):
        return None
    where = project.show(project.ledger(study))
    entries = committed.count(b"\n")
    if content:
        what = f"this is not the ledger of {entries} entries that the last commit holds"
        what += ", continued: it was cut, or written anew"
    else:
        what = f"the last commit holds a ledger of {entries} entries, and here is none"
        what += ": it was deleted"
    fix = (
        f"restore it with 'git checkout -- {where}'; to begin anew on purpose, commit "
        f"that first with 'git rm {where}', so that the history says so"
    )
    return Problem(what, where, fix)


def describe_history(project: Project, study: str) -> str:
    """Say in how many commits a ledger lies, and which of them did not continue it."""
    path = _path(project, study)
    log = _git(project, "log", "--first-parent", "--reverse", "--format=%h", "--", path)
    commits = log.decode().split() if log else []
    if not commits:
        return "no commit holds this ledger: commit it, so that it can be told if cut"
    held = [_committed(project, study, commit) or b"" for commit in commits]
    broken = [
        f"{commit} {'deleted it' if not now else 'wrote it anew'}"
        for commit, (before, now) in zip(commits[1:], pairwise(held), strict=True)
        if not now.startswith(before)
    ]
    if broken:
        return f"{len(commits)} commits changed it, and {', '.join(broken)}"
    if len(commits) == 1:
        return "one commit holds it"
    return f"{len(commits)} commits hold it, each continuing the one before"


def _path(project: Project, study: str) -> str:
    return project.ledger(study).relative_to(project.root).as_posix()


def _committed(project: Project, study: str, commit: str) -> bytes | None:
    """The ledger as a commit holds it; None where there is no such thing."""
    return _git(project, "show", f"{commit}:./{_path(project, study)}")


def _git(project: Project, *words: str) -> bytes | None:
    """What git says; None without git, without a repository, and where it says no."""
    git = shutil.which("git")
    if git is None or not project.root.is_dir():
        return None
    command: Sequence[str] = [git, "-C", str(project.root), *words]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    return done.stdout if done.returncode == 0 else None
