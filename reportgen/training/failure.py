"""How a run failed: any exception in, its class and a readable excerpt out."""

import errno
import re
import traceback

import torch

from reportgen.records import Failure, FailureKind
from reportgen.training.journal import Journal, RunFailed

LINES = 12  # of an excerpt
PATH = re.compile(r"(?:[A-Za-z]:)?(?:[\\/][\w.@+-]+)+[\\/]([\w.@+-]+)")
ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")
NO_MEMORY = (
    "can't allocate memory",
    "not enough memory",
    "out of memory",
    "bad_alloc",
)


def describe_failure(error: Exception, journal: Journal) -> Failure:
    """Class, message, epoch and last lines of a failed run, without paths.

    Where numbers were no longer finite, a loss that had grown before says that training
    diverged; out of nowhere it is more likely a mistake in the model.
    """
    kind = failure_kind(error)
    return Failure(
        kind="diverged" if kind == "non-finite" and journal.has_grown else kind,
        message=without_places(_message(error)),
        epoch=journal.epoch,
        excerpt=without_places("\n".join(_excerpt(error, journal)[-LINES:])),
    )


def failure_kind(error: Exception) -> FailureKind:
    """The class of a failure."""
    if isinstance(error, RunFailed):
        return error.kind
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return "out-of-memory"
    if isinstance(error, OSError) and error.errno == errno.ENOMEM:
        return "out-of-memory"
    if isinstance(error, RuntimeError) and any(
        sign in str(error) for sign in NO_MEMORY
    ):
        return "out-of-memory"
    return "exception"


def without_places(text: str) -> str:
    """The text with folders and memory addresses taken out: a record has no place."""
    return ADDRESS.sub("0x…", PATH.sub(r"\1", text))


def _message(error: Exception) -> str:
    if isinstance(error, RunFailed):
        return error.message
    first = str(error).strip().splitlines()
    return f"{type(error).__name__}: {first[0]}" if first else type(error).__name__


def _excerpt(error: Exception, journal: Journal) -> list[str]:
    """The last epochs, then where the error came from, innermost call last.

    Calls by function and source line: line numbers move with every comment.
    """
    lines = list(journal.lines[-4:])
    if not isinstance(error, RunFailed):
        for frame in traceback.extract_tb(error.__traceback__)[-3:]:
            lines.append(f"in {frame.name}: {(frame.line or '').strip()}")
        lines += traceback.format_exception_only(error)[-1].rstrip().splitlines()
    return lines
