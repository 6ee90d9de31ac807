"""Findings: verdicts, detector flags, controls and the account of all runs.

This is what analysis writes to `results/STUDY/findings.json` and a report reads back.
"""

from typing import Literal

from pydantic import Field, JsonValue

from reportgen.analysis.findings.audit import DataAudit
from reportgen.analysis.findings.claims import ArmFailures as ArmFailures
from reportgen.analysis.findings.claims import ClaimResult as ClaimResult
from reportgen.analysis.findings.claims import FamilySummary as FamilySummary
from reportgen.analysis.findings.claims import Settle as Settle
from reportgen.analysis.findings.complements import (
    ChoiceSensitivity,
    Exploration,
    FailedPairs,
    FailureRate,
    Summaries,
)
from reportgen.analysis.findings.controls import ControlResult as ControlResult
from reportgen.analysis.findings.ledger import LedgerHistory
from reportgen.analysis.findings.manipulations import Manipulation
from reportgen.analysis.findings.outcome import Interval as Interval
from reportgen.analysis.findings.outcome import Verdict as Verdict
from reportgen.records import Environment, Failure, ModuleRow, SplitSummary
from reportgen.spec.model import Frozen


class DetectorResult(Frozen):
    """One exploratory check; `applicable=False` means not checked, never passed."""

    id: str
    title: str
    subject: str  # an arm, or a pair of splits
    applicable: bool
    flag: bool
    statistic: float | None = None
    statistic_name: str = ""
    expected: float | None = None  # from clean data, where that is known
    interval: Interval | None = None
    no_interval: str = ""  # why there is none
    p: float | None = None
    p_adjusted: float | None = None  # BH over all detectors of the study
    threshold: str = ""
    source: str = ""  # of the threshold
    false_positives: str = ""  # measured rate on clean data
    n_used: int = 0
    note: str


class ArmScore(Frozen):
    """One arm on one metric: the mean over seeds and every seed's value."""

    arm: str
    metric: str  # full name, e.g. test.hwa@best
    unit: str
    higher_is_better: bool
    mean: float | None
    sd: float | None
    ci95: Interval | None
    seeds: tuple[int, ...]
    values: tuple[float | None, ...]  # None where the run failed


class RunRow(Frozen):
    """One line of the table of all runs."""

    arm: str
    seed: int
    run: str
    status: str
    epoch: int | None  # of the selected checkpoint
    epochs: int  # trained
    metrics: dict[str, float | None]  # at the selected checkpoint
    failure: Failure | None
    weights: str | None  # at the selected checkpoint


class ArmAttrition(Frozen):
    """Where an arm's planned runs ended; the four ends sum to `planned`."""

    arm: str
    planned: int
    reported: int
    failed: int
    excluded: int
    superseded: int

    @property
    def broken(self) -> int:
        """Runs that failed, whether a declared rule excludes them or not."""
        return self.failed + self.excluded


class CaptureEntry(Frozen):
    """One hyperparameter over all arms: its usual value and the arms that differ."""

    path: str
    value: JsonValue
    unit: str | None
    source: str
    origin: str
    meaning: str
    exceptions: dict[str, JsonValue]  # arm, or "arm (seed 3)", -> value
    # Source and origin of such a value, where they are not those of the usual one.
    otherwise: dict[str, tuple[str, str]] = Field(default_factory=dict)
    absent: tuple[str, ...]  # arms, or single runs, that have no such row
    of_seed: bool = False  # told of an arm's first seed; other seeds have others


class LedgerSummary(Frozen):
    """The ledger in numbers."""

    entries: int
    starts: int
    ends: int
    retries: int
    differs: int  # re-executions whose result was another one
    head: str  # hash of the last entry


class DataCard(Frozen):
    """The splits as fed to the arms listed."""

    arms: tuple[str, ...]
    splits: dict[str, SplitSummary]


class ArmDispersion(Frozen):
    """One arm's spread over seeds, and what a shift of the rows costs it."""

    arm: str
    seeds: int
    sd: float  # over seeds, on dev
    # Of that SD, from the number of dev rows alone; None for what is no share of rows.
    binomial_floor: float | None
    mean: float  # on dev
    drop: float  # from test to the mean of the shifted sets; positive is a loss
    family: str = ""  # what its model is; arms of one family are not independent


class WithinArms(Frozen):
    """Whether, within arms, seeds that score better lose more or less under shift."""

    arms: int
    df: int | None = None  # were all runs independent
    correlation: float | None = None
    interval: Interval | None = None
    p_independent: float | None = None  # Student, at these degrees of freedom
    p: float | None = None  # by permuting seeds, which arms share
    sentence: str


class RankCorrelation(Frozen):
    """Whether arms that vary more over seeds lose more under shift.

    The partial correlation, given the arms' mean score, is the primary one.
    """

    metric: str  # catalogue name
    shifts: tuple[str, ...] = ()  # over which a drop is the mean
    arms: tuple[ArmDispersion, ...]
    spearman: float | None = None
    spearman_p: float | None = None
    spearman_interval: Interval | None = None
    partial: float | None = None
    partial_p: float | None = None
    partial_interval: Interval | None = None
    # The partial correlation without the arms of one family of models.
    partial_without: dict[str, float] = Field(default_factory=dict)
    verdict: Literal["related", "inconclusive", "too few variants"]
    sentence: str
    within: WithinArms | None = None


class Findings(Frozen):
    """Everything a report tells, in the order a study is read."""

    study: str
    metrics: dict[str, dict[str, JsonValue]]  # name -> title, unit, formula, …
    selected: Literal["best", "last"]  # the baseline's checkpoint rule
    claims: tuple[ClaimResult, ...]
    family: FamilySummary
    scores: tuple[ArmScore, ...]
    detectors: tuple[DetectorResult, ...]
    controls: tuple[ControlResult, ...]
    control_account: str = ""  # what they come to, in sentences
    seen_by: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # bug -> controls
    attrition: tuple[ArmAttrition, ...]
    runs: tuple[RunRow, ...]
    capture: tuple[CaptureEntry, ...]
    architectures: dict[str, tuple[ModuleRow, ...]]
    data: tuple[DataCard, ...]
    environments: tuple[Environment, ...]
    ledger: LedgerSummary
    history: LedgerHistory = LedgerHistory()
    seed_robustness: RankCorrelation | None = None  # None in a study without shifts
    failure_rates: tuple[FailureRate, ...] = ()
    failed_pairs: tuple[FailedPairs, ...] = ()  # claims whose runs failed
    choices: ChoiceSensitivity = ChoiceSensitivity()
    summaries: Summaries | None = None
    exploration: Exploration | None = None
    manipulations: tuple[Manipulation, ...] = ()
    audit: DataAudit = DataAudit()
    spec_digest: str
    claims_digest: str
