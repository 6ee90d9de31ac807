"""Runs on this machine: one child process each, as many at a time as there are cores.

A child that died or took too long costs only its own run, which is tried once more.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import connection
from typing import Any

from reportgen.errors import InputError
from reportgen.execution.child import (
    FROM_OUTSIDE,
    KILLED,
    NO_MEMORY,
    UNSEEN,
    Answer,
    Child,
    Death,
    Refusal,
    start_child,
)
from reportgen.execution.executor import (
    Event,
    Finished,
    Lost,
    Retrying,
    Starting,
    Task,
    Waiting,
)
from reportgen.execution.machine import count_oom_kills
from reportgen.execution.store import Store
from reportgen.execution.task import train_task
from reportgen.records import Failure, FailureKind

TICK_SECONDS = 0.5
ATTEMPTS = 2
EXCERPT_LINES = 20


@dataclass(frozen=True)
class Attempt:
    """A task under way in a child."""

    task: Task
    child: Child
    number: int  # counted from 1
    oom_kills: int  # that the kernel had counted when it started


@dataclass(frozen=True)
class LocalExecutor:
    """Trains runs in child processes of this machine.

    `timeout_seconds` is for one attempt of one run; None lets it run for ever.
    """

    workers: int
    timeout_seconds: float | None = None
    work: Callable[[Task], Any] = train_task

    def execute(self, tasks: Sequence[Task]) -> Iterator[Event]:
        """Train every task in the order given; see `Executor.execute`."""
        pending = deque((task, 1) for task in tasks)
        running: list[Attempt] = []
        try:
            while pending or running:
                while pending and len(running) < self.workers:
                    task, number = pending.popleft()
                    if number == 1:
                        yield Starting(task)
                    child = start_child(self.work, task)
                    running.append(Attempt(task, child, number, count_oom_kills()))
                ended = self._ended(running)
                for attempt in ended:
                    running.remove(attempt)
                    event = self._conclude(attempt)
                    if isinstance(event, Retrying):
                        pending.appendleft((attempt.task, attempt.number + 1))
                    yield event
                if not ended:
                    yield Waiting(tuple(attempt.task for attempt in running))
        finally:
            for attempt in running:
                attempt.child.kill()

    def _ended(self, running: Sequence[Attempt]) -> list[Attempt]:
        """Wait a moment for attempts that answered, died or took too long."""
        pipes = [attempt.child.pipe for attempt in running]
        ready = connection.wait(pipes, timeout=TICK_SECONDS)
        return [
            attempt
            for attempt in running
            if attempt.child.pipe in ready or self._overdue(attempt)
        ]

    def _overdue(self, attempt: Attempt) -> bool:
        limit = self.timeout_seconds
        return limit is not None and attempt.child.age_seconds > limit

    def _conclude(self, attempt: Attempt) -> Event:
        """Say what an attempt that ended came to.

        Raises:
            InputError: it met a problem of the user's.
            RuntimeError: it crashed by an error of ours.
        """
        task, child = attempt.task, attempt.child
        seconds = child.age_seconds
        if not child.pipe.poll() and self._overdue(attempt):
            child.kill()
            message = f"it took longer than {self.timeout_seconds:g} s"
            failure = Failure(kind="timeout", message=message, excerpt=_excerpt(task))
        else:
            outcome = child.outcome()
            match outcome:
                case Answer(Failure() as told):
                    failure = told.model_copy(update={"excerpt": _excerpt(task)})
                case Answer():
                    return Finished(task, seconds)
                case Refusal():
                    raise InputError(outcome.problems)
                case Death(crashed=True):
                    what = f"the process of {task.label} died by {outcome.how}"
                    raise RuntimeError(f"{what}; it printed its traceback above")
                case Death():
                    failure = _death(attempt, outcome)
        if attempt.number < ATTEMPTS:
            return Retrying(task, failure)
        return Lost(task, failure, seconds)


def _death(attempt: Attempt, death: Death) -> Failure:
    """The failure of a run whose process died: ended from outside, or by its own crash.

    The kernel counts the processes it kills for memory; that one of them was this one
    is likely and not certain, and the message says so.
    """
    excerpt = _excerpt(attempt.task)
    killed = death.how in (KILLED, UNSEEN)
    if killed and count_oom_kills() > attempt.oom_kills:
        message = "its process was killed as the memory it may use ran out"
        return Failure(kind="out-of-memory", message=message, excerpt=excerpt)
    message = f"its process ended by {death.how}"
    if death.how == NO_MEMORY:
        return Failure(kind="out-of-memory", message=message, excerpt=excerpt)
    outside = death.how in (*FROM_OUTSIDE, UNSEEN)
    kind: FailureKind = "killed" if outside else "exception"
    return Failure(kind=kind, message=message, excerpt=excerpt)


def _excerpt(task: Task) -> str:
    store = Store(task.store, str(task.store))
    return "\n".join(store.log_tail(task.address, lines=EXCERPT_LINES))
