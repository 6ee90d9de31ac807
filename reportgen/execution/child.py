"""One process for one call: a function in, its answer or the way it died out.

Children are forked from a server that has torch imported and never computed in it, so
they start in milliseconds and share its memory. Each has one thread for computing, and
none outlives the process that asked for it.
"""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import connection, forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any

from reportgen.errors import InputError, Problem, ReportgenError
from reportgen.metrics import METRICS
from reportgen.training.datasets import DATASETS
from reportgen.training.models import MODELS
from reportgen.training.transforms import TRANSFORMS

# torch imports its compiler when the first optimizer is made, which takes longer than
# many a run: the fork server does it once for all.
PRELOAD = ("reportgen.training.runner", "torch._dynamo")
CATALOGUES = (DATASETS, TRANSFORMS, MODELS, METRICS)
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"
)
NO_MEMORY = "lack of memory"
KILLED = "signal SIGKILL"
# By which others end a process; a crash of its own has other signals, or a code.
FROM_OUTSIDE = frozenset(
    f"signal {name}" for name in ("SIGKILL", "SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")
)
# What is left to say when the fork server died as well, which alone is told of signals.
UNSEEN = "a signal that nobody saw, or exit code 255"
CONTEXT = multiprocessing.get_context("forkserver")


@dataclass(frozen=True)
class Answer:
    """What the function returned."""

    value: Any


@dataclass(frozen=True)
class Refusal:
    """The problems the function raised."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Death:
    """The process ended without an answer."""

    how: str  # e.g. KILLED
    crashed: bool  # by an error of ours, whose traceback it printed


@dataclass
class Child:
    """A process that is computing one call."""

    process: ForkServerProcess
    pipe: Connection
    started: float = field(default_factory=time.monotonic)

    @property
    def age_seconds(self) -> float:
        """How long ago it was started."""
        return time.monotonic() - self.started

    def outcome(self) -> Answer | Refusal | Death:
        """Wait for the answer, or for the process to die without one."""
        try:
            answer = self.pipe.recv()
        except EOFError:
            answer = None
        self.process.join()
        self.pipe.close()
        if isinstance(answer, Answer | Refusal | Death):
            return answer
        code = self.process.exitcode or 0
        if code == 255:
            return Death(UNSEEN, crashed=False)
        if code < 0:
            return Death(f"signal {signal.Signals(-code).name}", crashed=False)
        return Death(f"exit code {code}", crashed=code == 1)

    def kill(self) -> None:
        """End the process now."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def start_child(function: Callable[..., Any], *arguments: Any) -> Child:
    """Start a call of an importable function in a process of its own."""
    ours, theirs = CONTEXT.Pipe(duplex=False)
    CONTEXT.set_forkserver_preload(preloaded_modules())
    process = CONTEXT.Process(target=_serve, args=(theirs, function, arguments))
    with _one_thread():
        process.start()
    theirs.close()
    return Child(process, ours)


def start_server() -> None:
    """Let the fork server import torch while this process has other things to do.

    The first child starts it otherwise, and waits seconds for it.
    """
    CONTEXT.set_forkserver_preload(preloaded_modules())
    with _one_thread():
        forkserver.ensure_running()


def preloaded_modules() -> list[str]:
    """What children find imported: training, and everything in our catalogues."""
    targets = [target for catalogue in CATALOGUES for target in catalogue.values()]
    return [*PRELOAD, *dict.fromkeys(one.partition(":")[0] for one in targets)]


def call_in_child(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function in a process of its own and wait for what it returns.

    Raises:
        InputError: the function raised problems, or somebody ended the process.
        RuntimeError: it crashed by an error of ours.
    """
    child = start_child(function, *arguments)
    try:
        outcome = child.outcome()
    except BaseException:
        child.kill()
        raise
    match outcome:
        case Answer():
            return outcome.value
        case Refusal():
            raise InputError(outcome.problems)
        case Death(crashed=True):
            raise RuntimeError(f"{function.__name__} died by {outcome.how}")
        case Death():
            what = f"the process that prepares runs ended by {outcome.how}"
            fix = "start again; should it end so again, compiled code crashes in it"
            raise InputError(Problem(what, "reportgen", fix))


@contextmanager
def _one_thread() -> Iterator[None]:
    """Let the fork server, should it start now, and its children compute alone."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _serve(
    pipe: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]
) -> None:
    """Answer one call, in the child; an error of ours keeps its traceback."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    server = os.getppid()
    threading.Thread(target=_die_with_parent, args=(server,), daemon=True).start()
    try:
        pipe.send(Answer(function(*arguments)))
    except ReportgenError as error:
        pipe.send(Refusal(error.problems))
    except MemoryError:  # too late to be a result: nothing could be kept of the run
        pipe.send(Death(NO_MEMORY, crashed=False))
    except SystemExit as leaving:  # a user's component called sys.exit
        pipe.send(Death(f"exit code {leaving.code}", crashed=False))


def _die_with_parent(server: int) -> None:
    """End this process as soon as the one that asked for it, or the server, is gone.

    The kernel's own parent-death signal would watch the fork server only.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None  # noqa: S101 (this is a child)
    while not connection.wait([parent.sentinel], timeout=1.0):
        if os.getppid() != server:
            break
    os.kill(os.getpid(), signal.SIGKILL)
