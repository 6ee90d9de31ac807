"""What a ledger tells beyond the runs that a study reports."""

from typing import Literal

from pydantic import Field

from reportgen.spec.model import Frozen

Reason = Literal[
    "arm left the study",
    "seed left the study",
    "other settings",
    "other code, data or evaluation",
    "revised",
]


class Spread(Frozen):
    """Scores of several runs."""

    n: int
    mean: float
    lowest: float
    highest: float


class DrawerRow(Frozen):
    """Runs of one arm under one spec that the study no longer reports."""

    arm: str
    reason: Reason  # "revised" where the ledger does not hold the settings
    spec: str  # digest of the spec they were started under
    since: str  # when the first of them started, UTC
    seeds: tuple[int, ...]
    completed: int
    failed: int
    unended: int
    scores: dict[str, Spread]  # "test.hwa@best" -> those that the ledger noted


class ClassRuns(Frozen):
    """The records of one environment class, against ends that other classes entered."""

    digest: str
    runs: int
    arms: tuple[str, ...]
    elsewhere: int  # runs whose end in the ledger another class entered
    identical: int  # of these, with the very result


class LedgerHistory(Frozen):
    """What happened beside the runs that are reported."""

    looks: tuple[int, ...] = ()  # numbers of seeds at which results were there
    # Claim -> earlier runs of its arms, under other settings or seeds.
    pilots: dict[str, int] = Field(default_factory=dict)
    drawer: tuple[DrawerRow, ...] = ()
    classes: tuple[ClassRuns, ...] = ()
    lost: int = 0  # planned runs that faults of the machine ended, twice
