"""How two arms are compared: a study's choice in, the method that judges out.

A method turns a sample into an estimate and an estimate into a decision. Whatever it
cannot judge it refuses with a reason; no method ever stands in for another.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Protocol

from reportgen.analysis.claims.methods import METHODS
from reportgen.analysis.claims.rule import (
    FEWEST_PAIRS,
    Decision,
    Margins,
    claim_p,
    decide,
    equivalence_p,
)
from reportgen.analysis.statistics.estimate import Estimate, Sample, estimate
from reportgen.analysis.statistics.laws import Asked, Law, paired_law
from reportgen.spec.claims import Kind
from reportgen.spec.model import AnalysisSpec


class Estimator(Protocol):
    """Turns a sample into an estimate."""

    def __call__(self, sample: Sample, *, over_rows: bool) -> Estimate: ...  # noqa: D102


class Decider(Protocol):
    """Turns an estimate into a decision at a two-sided level."""

    def __call__(  # noqa: D102
        self, kind: Kind, margins: Margins, found: Estimate, *, alpha: float
    ) -> Decision: ...


def no_refusal(sample: Sample) -> str:  # noqa: ARG001
    """For methods that can judge every sample with an interval."""
    return ""


def two_sided_level(kind: Kind, alpha: float) -> float:
    """Confidence of the interval that decides: two one-sided tests for equivalence."""
    return 1 - (2 if kind == "equivalent" else 1) * alpha


def no_bound(kind: Kind, n: int) -> float:  # noqa: ARG001
    """For methods whose p-values can be as small as the effect is clear."""
    return 0.0


def no_proviso(arms: int, n: int) -> str:  # noqa: ARG001
    """For methods that judge whatever the runs turn out to be."""
    return ""


def nothing_else(found: Estimate, level: float) -> str:  # noqa: ARG001
    """For methods that judge by the effect's own interval."""
    return ""


@dataclass(frozen=True)
class Method:
    """One way to compare two arms.

    Attributes:
        name: as a spec writes it.
        title: as a report calls it, after "by".
        explained: how it judges, for readers without a course in statistics.
        estimator: of the mean difference.
        fewest: seed pairs, or runs of each arm, below which it gives no verdict.
        refuse: why it cannot judge a sample; "" where it can.
        decide: the verdict.
        claim_p: the p-value that a claim brings to its family.
        equivalence_p: that of equivalence as a hypothesis of its own.
        level: confidence of the interval that decides a kind of claim.
        least_p: the smallest p-value that n pairs can reach, whatever they show.
        power: the chance that a number of seeds resolves an effect.
        proviso: what a design of so many arms and seeds takes for granted, in words.
        unpaired: whether a run counts without its partner under the same seed.
        needs_arms: whether it needs the scores of two arms, not only differences.
        peers: whether it pools the spread of every arm.
        shown: what decided at a confidence level, in words; "" for the effect's own
            interval.
        own_margins: whether margins in the metric's unit play no part in it.
        seeds: for 80 % power at a level, where margins play no part.
    """

    name: str
    title: str
    explained: str
    estimator: Estimator = estimate
    fewest: int = FEWEST_PAIRS
    refuse: Callable[[Sample], str] = no_refusal
    decide: Decider = decide
    claim_p: Callable[[Kind, Margins, Estimate], float] = claim_p
    equivalence_p: Callable[[Margins, Estimate], float] = equivalence_p
    level: Callable[[Kind, float], float] = two_sided_level
    least_p: Callable[[Kind, int], float] = no_bound
    shown: Callable[[Estimate, float], str] = nothing_else
    power: Law = paired_law
    proviso: Callable[[int, int], str] = no_proviso
    unpaired: bool = False
    needs_arms: bool = False
    peers: bool = False
    own_margins: bool = False
    seeds: Callable[[Kind, float], int | None] | None = None

    def estimate(self, sample: Sample, *, over_rows: bool) -> Estimate:
        """The estimate, or one that says why the method refuses the sample."""
        reason = self._reason(sample)
        if not reason:
            return self.estimator(sample, over_rows=over_rows)
        return replace(estimate(sample, over_rows=over_rows), refused=reason)

    @property
    def units(self) -> str:
        """What is counted, in the plural."""
        return "runs of each arm" if self.unpaired else "seed pairs"

    def asked(self, kind: Kind, alpha: float, *, arms: int) -> Asked:
        """What its power is asked of, at a level that the family leaves to a claim."""
        level = self.test_level(kind, alpha)
        return Asked(level, equivalence=kind == "equivalent", arms=arms)

    def _reason(self, sample: Sample) -> str:
        n = min(sample.runs) if self.unpaired else sample.n
        if n < FEWEST_PAIRS:
            return ""  # too few for any method, and told as such
        if n < self.fewest:
            return f"{n} {self.units} are left and {self.title} needs {self.fewest}"
        if self.needs_arms and sample.scores is None:
            return f"{self.title} needs the scores of two arms"
        return self.refuse(sample)

    def test_level(self, kind: Kind, alpha: float) -> float:
        """The level as powers want it: two-sided, for equivalence that of each side."""
        beyond = 1 - self.level(kind, alpha)
        return beyond / 2 if kind == "equivalent" else beyond

    def judge(
        self, kind: Kind, margins: Margins, found: Estimate, *, alpha: float
    ) -> Decision:
        """The verdict at a two-sided level; a refused sample leaves it open."""
        if found.refused and found.n >= FEWEST_PAIRS:
            return Decision("inconclusive", "method_refused")
        return self.decide(kind, margins, found, alpha=alpha)


def load_method(spec: AnalysisSpec) -> Method:
    """The method a study chose, with its settings."""
    module, _, attribute = METHODS[spec.method].partition(":")
    made: Method = getattr(import_module(module), attribute)(spec)
    return made
