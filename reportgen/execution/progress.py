"""How far a study is: counts in, a bar on a terminal or a few plain lines elsewhere."""

import time
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, Task, TextColumn

PLAIN_SECONDS = 10.0
PLAIN_LINES = 20  # a quick study prints about as many lines, however many its runs


@dataclass(frozen=True)
class State:
    """A study under way."""

    total: int  # runs of the plan, cached ones included
    cached: int
    done: int = 0  # trained by now and completed
    failed: int = 0  # trained by now and failed
    remaining_seconds: float | None = None
    newest: str = ""  # the last line a run logged, with its loss

    @property
    def ended(self) -> int:
        """Runs that need nothing more."""
        return self.cached + self.done + self.failed

    @property
    def counts(self) -> str:
        """The counts in words."""
        words = [f"{self.done} done", f"{self.failed} failed", f"{self.cached} cached"]
        if self.remaining_seconds is not None:
            words.append(f"{word_duration(self.remaining_seconds)} left")
        return ", ".join(words)


def word_duration(seconds: float) -> str:
    """A duration as people say it: `12 s`, `3 min 5 s`, `2 h 5 min`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


class Display(Protocol):
    """Something that shows how far a study is."""

    def __enter__(self) -> Self:
        """Begin to show."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop showing."""
        ...

    def show(self, state: State) -> None:
        """Show the state; called often, shows as often as it sees fit."""
        ...

    def say(self, line: str) -> None:
        """Show a line that stays."""
        ...


class Bar:
    """A progress bar on a terminal."""

    def __init__(self, console: Console, *, study: str) -> None:
        """Prepare a bar for one study."""
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.fields[counts]}"),
            TextColumn("[dim]{task.fields[newest]}"),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task(study, total=None, counts="", newest="")

    def __enter__(self) -> Self:
        """Begin to show."""
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop showing."""
        self._progress.stop()

    @property
    def task(self) -> Task:
        """The bar as rich knows it."""
        return self._progress.tasks[0]

    def show(self, state: State) -> None:
        """Move the bar."""
        self._progress.update(
            self._task,
            total=state.total,
            completed=state.ended,
            counts=state.counts,
            newest=state.newest,
        )

    def say(self, line: str) -> None:
        """Print a line above the bar."""
        self._progress.console.print(line, markup=False, highlight=False)


class Lines:
    """A plain line every few runs, and every ten seconds where runs are slow."""

    def __init__(self, console: Console, *, study: str) -> None:
        """Prepare lines for one study."""
        self._console, self._study = console, study
        self._ended, self._time = -1, float("-inf")

    def __enter__(self) -> Self:
        """Begin to show."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop showing."""

    def show(self, state: State) -> None:
        """Print a line if enough has happened since the last one."""
        step = max(1, (state.total - state.cached) // PLAIN_LINES)
        late = time.monotonic() - self._time >= PLAIN_SECONDS
        moved = state.ended - self._ended
        over = state.ended == state.total and moved > 0
        if not (late or over or (self._ended >= 0 and moved >= step)):
            return
        self._ended, self._time = state.ended, time.monotonic()
        newest = f"; {state.newest}" if state.newest else ""
        self.say(
            f"{self._study}: {state.ended}/{state.total} runs ({state.counts}){newest}"
        )

    def say(self, line: str) -> None:
        """Print a line."""
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


def choose_display(console: Console, *, study: str) -> Display:
    """A bar where somebody watches, plain lines where a file or a pipe does."""
    if console.is_terminal:
        return Bar(console, study=study)
    return Lines(console, study=study)
