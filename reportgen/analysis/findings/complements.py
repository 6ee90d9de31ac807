"""What stands beside the verdicts and never in their place.

Each value has a default in `Findings`, so that findings written without it still read.
"""

from typing import Literal

from reportgen.analysis.findings.outcome import Interval, Verdict
from reportgen.spec.model import Frozen


class FailureRate(Frozen):
    """How often one arm's runs fail."""

    arm: str
    failed: int
    ended: int
    interval: Interval  # Clopper-Pearson
    at_most: float  # one-sided 95 % bound
    fisher_p: float | None  # of a rate unlike the baseline's; None for itself


class FailedPairs(Frozen):
    """One claim under other scores for its failed runs.

    `printed` is the claim's verdict. The verdict by intention to treat stays what it is
    for every fallback score from `kept_from` to `kept_to`; `kept_to` is the tipping
    point for a claim of harm, `kept_from` for a claim of gain.
    """

    claim: str
    printed: Verdict
    complete: Verdict
    fisher_p: float  # of unequal failure rates, two-sided
    imputed: Verdict | None = None  # None where the metric has no fallback score
    worst: Verdict | None = None  # failed runs score as badly as the metric can
    worst_score: float | None = None
    kept_from: float | None = None
    kept_to: float | None = None


class Choice(Frozen):
    """One claim had one choice of the analysis been another."""

    claim: str
    kind: Literal["checkpoint", "metric", "summary"]
    name: str  # e.g. last, accuracy, median
    effect: float | None
    verdict: Verdict | None  # None for a summary, which carries none
    differs: bool  # in its verdict; of a summary, in the side of the margin it is on


class LeftOut(Frozen):
    """One claim with each seed pair left out in turn."""

    claim: str
    lowest: float
    highest: float
    verdicts: tuple[Verdict, ...]  # each once, as registered first


class ChoiceSensitivity(Frozen):
    """Every registered claim under other choices."""

    choices: tuple[Choice, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


class ArmSummary(Frozen):
    """One arm on the headline metric, summed up in other ways than by the mean."""

    arm: str
    n: int
    mean: float
    median: float
    iqm: float
    best: float
    expected_best: tuple[float, ...]  # of 1, 2, … n runs
    improvement: float | None  # P(a run beats one of the baseline)
    improvement_paired: float | None  # P(a run beats the baseline's of its seed)


class Summaries(Frozen):
    """Every arm's summaries on one metric."""

    metric: str  # catalogue name and evaluation set, e.g. test.hwa
    arms: tuple[ArmSummary, ...]


class Comparison(Frozen):
    """One exploratory comparison with the baseline; it has no verdict."""

    variant: str
    metric: str  # full name
    n: int
    effect: float
    ci95: Interval
    p: float
    p_adjusted: float


class Exploration(Frozen):
    """The exploratory family."""

    rate: float  # of false discoveries
    planned: int
    registered: int  # left to the registered claims
    untested: int  # too few pairs, nothing varies, or the method refuses the runs
    compared_by: str = ""  # title of the method
    comparisons: tuple[Comparison, ...]

    @property
    def noted(self) -> int:
        """Comparisons that stand out at the rate."""
        return sum(one.p_adjusted <= self.rate for one in self.comparisons)
