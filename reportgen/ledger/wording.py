"""A ledger for people: verified entries in, table rows and sentences out."""

from collections import Counter
from collections.abc import Iterator, Sequence

from reportgen.ledger.account import History, histories
from reportgen.ledger.entries import (
    Entry,
    Kept,
    Outcome,
    Register,
    Retry,
    RunLink,
    Start,
)
from reportgen.ledger.read import Ledger

ENTRY_HEAD = ("n", "time", "entry", "arm", "seed", "run", "what")
ARM_HEAD = ("arm", "started", "completed", "failed", "open", "retries", "differs")
LIMIT = "what was run outside this tool is beyond its sight"
ORIGINS = {"trained": "to be trained", "store": "found in the store"}


def entry_rows(ledger: Ledger) -> Iterator[tuple[str, ...]]:
    """One row per entry."""
    for entry in ledger.entries:
        about = ("", "", "")
        if isinstance(entry, RunLink):
            about = (entry.variant, str(entry.seed), entry.run[:12])
        yield (str(entry.n), entry.time, entry.kind, *about, word_entry(entry))


def word_entry(entry: Entry) -> str:
    """What an entry says, in a few words."""
    match entry:
        case Register():
            parts = [_count(len(entry.claims), "claim")]
            if entry.seeds is not None:
                parts.append(_count(len(entry.seeds), "seed"))
            if entry.failures is not None:
                parts.append(f"failed runs: {entry.failures.replace('_', ' ')}")
            return ", ".join(parts)
        case Start():
            return ORIGINS[entry.origin]
        case Retry():
            return entry.reason
        case Outcome():
            seconds = entry.wall_seconds
            took = "" if seconds is None else f", {seconds:.1f} s"
            return f"{entry.failure or entry.status}{took}"
        case Kept():
            return f"{_count(len(entry.scores), 'score')} noted as its record left"


def arm_rows(ledger: Ledger) -> Iterator[tuple[str, ...]]:
    """One row per arm, in the order of their first starts: how its runs ended."""
    for arm, counts in count_ends(ledger).items():
        yield (arm, *map(str, counts.values()))


def count_ends(ledger: Ledger) -> dict[str, dict[str, int]]:
    """How the runs of each arm ended, by what is counted."""
    arms: dict[str, list[History]] = {}
    for run, history in histories(ledger).items():
        arms.setdefault(run.variant, []).append(history)
    return {arm: _count_arm(told) for arm, told in arms.items()}


def _count_arm(told: Sequence[History]) -> dict[str, int]:
    ends = Counter(
        "open" if one.open or one.end is None else one.end.status for one in told
    )
    return {
        "started": len(told),
        "completed": ends["completed"],
        "failed": ends["failed"],
        "open": ends["open"],
        "retries": sum(len(one.retries) for one in told),
        "differs": sum(len(one.differs) for one in told),
    }


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
