"""One study, one process: a lock that its holder's death releases."""

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from reportgen.errors import InputError, Problem
from reportgen.execution.disk import worded_disk_errors
from reportgen.project import Project


@contextmanager
def hold_study(project: Project, study: str) -> Iterator[None]:
    """Hold a study while its runs are trained and its files are written.

    The kernel drops the lock with the process, however that dies; the file stays.

    Raises:
        InputError: another process holds the study.
    """
    path = project.locks / f"{study}.lock"
    with worded_disk_errors(project.show(path)):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = _word_holder(file.read())
            raise InputError(
                Problem(
                    f"the study {study} is being run already, by {holder}",
                    project.show(path),
                    "wait until it has ended, or end it: what it finished is kept",
                )
            ) from error
        file.truncate(0)
        json.dump({"pid": os.getpid(), "host": socket.gethostname()}, file)
        file.flush()
        yield


def _word_holder(text: str) -> str:
    try:
        holder = json.loads(text)
        return f"process {holder['pid']} on {holder['host']}"
    except (ValueError, KeyError, TypeError):
        return "another process"
