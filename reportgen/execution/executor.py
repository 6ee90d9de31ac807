"""What an executor is told and what it tells: tasks in, events out, engine left open.

The consumer of the events enters them into the ledger. An executor hands an event over
before it does what the event says, so that the ledger is never behind the machines.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from reportgen.records import Failure
from reportgen.spec.model import RunConfig


@dataclass(frozen=True)
class Task:
    """One run to be trained, and where its record goes."""

    variant: str
    seed: int
    run: str
    key: str
    address: str  # in the store: the key, unless a control repeats a run on purpose
    config: RunConfig
    store: Path
    expected_seconds: float

    @property
    def label(self) -> str:
        """How messages name the run."""
        return f"{self.variant} seed {self.seed}"


@dataclass(frozen=True)
class Starting:
    """A run is about to start for the first time."""

    task: Task


@dataclass(frozen=True)
class Retrying:
    """A run was lost by a fault of the machine and is about to start once more."""

    task: Task
    failure: Failure


@dataclass(frozen=True)
class Finished:
    """A run wrote its record into the store."""

    task: Task
    wall_seconds: float


@dataclass(frozen=True)
class Lost:
    """A run was lost twice by faults of the machine; it has no record in the store."""

    task: Task
    failure: Failure
    wall_seconds: float


@dataclass(frozen=True)
class Waiting:
    """Nothing happened for a moment; these runs are under way."""

    running: tuple[Task, ...]


Event = Starting | Retrying | Finished | Lost | Waiting


class Executor(Protocol):
    """Something that trains runs: this machine's cores, or others'."""

    @property
    def workers(self) -> int:
        """How many runs it trains at a time."""
        ...

    def execute(self, tasks: Sequence[Task]) -> Iterator[Event]:
        """Train every task, in the order given as far as possible.

        Each task gives one `Starting`, then at most one `Retrying`, then `Finished` or
        `Lost`. Closing the iterator early ends whatever is under way.

        Raises:
            InputError: a run met a problem of the user's, such as a full disk.
        """
        ...
