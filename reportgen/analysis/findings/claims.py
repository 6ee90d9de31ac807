"""What is told about claims: each verdict with its evidence, and the family of all."""

from math import exp
from typing import Literal

from reportgen.analysis.findings.outcome import Interval, Verdict
from reportgen.spec.claims import About, Kind
from reportgen.spec.model import Frozen


class Settle(Frozen):
    """What would settle a claim that is not supported; None where it cannot be said."""

    seeds: int | None = None  # at the SD seen
    seeds_if_underestimated: int | None = None  # at its upper 80 % limit
    test_rows: int | None = None  # where more seeds cannot help
    sentence: str


class ArmFailures(Frozen):
    """Failed runs of one arm, with the Clopper-Pearson interval of their rate."""

    arm: str
    failed: int
    planned: int
    interval: Interval


class ClaimResult(Frozen):
    """The verdict on one claim.

    Effects are oriented: positive means the variant is better. `orientation` is -1
    where the metric is better when smaller, so raw difference = orientation x effect.

    What an effect is depends on what the claim is about: a difference of scores, of
    what a shift costs, of a score and a yardstick (`reference` is then a number,
    `chance` or `ceiling`), of failure rates, or the logarithm of a ratio of two SDs
    over seeds. Margins stand on the same scale.
    """

    id: str
    says: str
    kind: Kind
    variant: str
    reference: str
    metric: str  # full name, e.g. test.hwa@best
    unit: str
    orientation: Literal[1, -1]
    margin: float
    smallest_effect: float | None
    scope: Literal["population", "test_set"]
    verdict: Verdict
    finding: str  # e.g. better_below_margin
    tags: tuple[str, ...]
    post_hoc: bool
    effect: float | None
    ci95: Interval | None
    ci90: Interval | None
    ci_family: Interval | None  # at the level Holm leaves to this claim
    p: float | None
    p_adjusted: float | None
    seeds: tuple[int, ...]  # of the pairs used
    pair_effects: tuple[float, ...]  # oriented, one per seed, same order
    standard_error_seeds: float | None
    standard_error_crossed: float | None
    failures: tuple[ArmFailures, ...]  # variant, reference
    without_failures: Verdict | None  # complete pairs only, where any run failed
    ruled_out: float | None  # smallest oriented effect the interval excludes
    ruled_out_sentence: str  # "" for positive verdicts
    settle: Settle | None
    sentence: str  # statistics: the fixed template, plain text
    plain: str  # the same in everyday words
    why_expected: str
    cite: tuple[str, ...]
    about: About = "score"
    shifted: str = ""  # full name of the metric after the shift
    standardised: float | None = None  # effect in SDs of one difference, corrected
    alone: Verdict | None = None  # were it the only claim, where that would be another
    judged_by: str = ""  # what decided, where it is not the effect's own interval


def shown(claim: ClaimResult, effect: float) -> float:
    """An effect as readers see it: a ratio, where findings hold its logarithm."""
    return exp(effect) if claim.about == "spread" else effect


def shown_interval(claim: ClaimResult, interval: Interval) -> Interval:
    """An interval on the scale that readers see."""
    ends = {
        "lower": shown(claim, interval.lower),
        "upper": shown(claim, interval.upper),
    }
    return interval.model_copy(update=ends)


class FamilySummary(Frozen):
    """The family of registered claims."""

    registered: int
    tested: int
    dropped: tuple[str, ...]  # `CLAIM: why it was not tested`
    post_hoc: tuple[str, ...]
    withdrawn: tuple[str, ...] = ()  # runs started under them; changed or gone since
    correction: str
    hypotheses: int = 0  # that share the level
    level: float = 0.05  # of one look at the data
    method: str = "paired"
    method_title: str = ""
    method_explained: str = ""
    correction_explained: str = ""
    failures: str = "fallback"
    looks: tuple[int, ...] = ()  # declared, in seeds
    undeclared_looks: tuple[int, ...] = ()
    own_rules: tuple[str, ...] = ()  # for claims about no score
