"""What was done, or would be: counts of runs in, sentences out."""

from collections.abc import Iterator
from dataclasses import dataclass

from reportgen.execution.progress import word_duration
from reportgen.records import Environment, Failure


@dataclass(frozen=True)
class Elsewhere:
    """Runs whose end the ledger knows from another environment class than this one."""

    classes: tuple[str, ...] = ()
    runs: int = 0
    equal: int = 0  # of these, with the very result the ledger holds


@dataclass(frozen=True)
class RunSummary:
    """What `reportgen run` did."""

    study: str
    new: int  # trained just now, whatever they came to
    cached: int
    failures: tuple[tuple[str, Failure], ...]  # "arm seed 3", over the whole plan
    equal: int  # runs executed again just now with an equal result
    different: int  # and with another one
    environment: Environment
    elsewhere: Elsewhere
    wall_seconds: float

    def lines(self) -> Iterator[str]:
        """The summary in sentences."""
        yield (
            f"{self.study}: {self.new} runs trained, {self.cached} cached, "
            f"{len(self.failures)} failed, in {word_duration(self.wall_seconds)}"
        )
        for label, failure in self.failures:
            yield f"  {label} failed ({failure.kind}): {failure.message}"
        if self.equal + self.different:
            yield (
                f"executed again: {self.equal} came back bit-identical, "
                f"{self.different} differ from the ledger"
            )
        if self.elsewhere.runs:
            others = ", ".join(digest[:12] for digest in self.elsewhere.classes)
            yield (
                "this machine is of another environment class "
                f"({self.environment.digest[:12]}) than the ledger's ({others}): "
                f"{self.elsewhere.equal} of {self.elsewhere.runs} runs came back "
                f"bit-identical, {self.elsewhere.runs - self.elsewhere.equal} differ"
            )


@dataclass(frozen=True)
class ArmPreview:
    """What a run of the study would do for one arm."""

    arm: str
    new: int
    cached: int


@dataclass(frozen=True)
class Preview:
    """What a run of the study would do, and how long that would take."""

    arms: tuple[ArmPreview, ...]
    minutes: float
    workers: int
    basis: str  # of the estimate
    environment: Environment
    stored: tuple[str, ...] = ()  # arms with a run in the store, not in the ledger
