"""Spread: how many times as much one arm's scores vary over seeds as another's.

Spread is the mean distance of an arm's scores from their median; for scores of one
shape a ratio of two such spreads is the ratio of their standard deviations. An effect
is log(spread of the reference / spread of the variant): positive where the variant
varies less, 0 where both vary alike; margins are ratios, such as 1.5.

Judged is the distance of the two arms under each seed, as Brown and Forsythe do for
independent groups: that a ratio is above k says that the reference's distances are
above k times the variant's, which Student's t of the differences tests, and the ratios
that are not rejected are Fieller's interval. Unlike tests of normal variances (F, or
Morgan and Pitman for pairs, with up to 20 % one-sided errors for skewed or heavy-tailed
scores), it keeps its level: 1.3 % to 2.5 % a side, nominal 2.5 %, for normal, uniform,
t (3 df), exponential and lognormal scores from 10 to 40 seeds. Below ten seed pairs a
ratio is told without an interval.

Source: Brown & Forsythe (1974), J. Am. Stat. Assoc. 69:364; Fieller (1954), J. R. Stat.
Soc. B 16:175; Bonett & Seier (2003), Biom. J. 45:18 (dispersions of paired samples).
"""

from dataclasses import dataclass, replace
from math import exp, inf, log, pi, sqrt

import numpy as np
from scipy import stats

from reportgen.analysis.claims.kinds.score import pair_scores
from reportgen.analysis.claims.method import Method
from reportgen.analysis.claims.quantity import Need, Quantity
from reportgen.analysis.evidence.pairs import Pairs
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.statistics.estimate import ROUNDING, Estimate, Sample, estimate
from reportgen.metrics.metric import Metric
from reportgen.records import Array
from reportgen.spec.claims import ClaimParts

FEWEST_PAIRS = 10
LARGEST = 300.0  # of a log ratio; beyond it exp would overflow
NORMAL_SPREAD = pi / 2 - 1  # squared coefficient of variation of |normal|


@dataclass(frozen=True)
class SpreadEstimate(Estimate):
    """A log ratio of two spreads.

    Attributes:
        distances: of both arms' scores from their medians, over the arm's mean one, so
            that both have mean 1; variant, reference.
        sd_ratio: standard deviation of the reference over that of the variant.
    """

    distances: tuple[Array, Array] = (np.array([]), np.array([]))
    sd_ratio: float = 1.0

    def p_greater(self, null: float) -> float:
        """One-sided p for a log ratio above `null`."""
        own, other = self.distances
        times = exp(max(-LARGEST, min(LARGEST, null - self.mean)))
        gaps = other - times * own
        error = float(gaps.std(ddof=1)) / sqrt(self.n)
        if error <= ROUNDING * times:
            return 0.0 if times < 1 else 1.0
        return float(stats.t.sf((1 - times) / error, self.n - 1))

    def p_less(self, null: float) -> float:
        """One-sided p for a log ratio below `null`."""
        return self.negated().p_greater(-null)

    def negated(self) -> "SpreadEstimate":
        """The same estimate with the arms exchanged."""
        own, other = self.distances
        return replace(
            self, mean=-self.mean, distances=(other, own), sd_ratio=1 / self.sd_ratio
        )

    def interval(self, level: float) -> tuple[float, float]:
        """Log ratios that the test does not reject; an end may be infinite."""
        share = float(stats.t.isf((1 - level) / 2, self.n - 1)) ** 2 / self.n
        own, other = self.distances
        joint = np.cov(own, other) * share
        # Ratios k of the means, both 1, with a k^2 - 2 b k + c <= 0.
        a, b, c = 1 - joint[0, 0], 1 - joint[0, 1], 1 - joint[1, 1]
        root = sqrt(max(0.0, b**2 - a * c))
        lower = (b - root) / a if a > 0 and c > 0 else 0.0
        if a <= 0 and c > 0:  # no ratio is too large, yet some are too small
            lower = c / (b + root)
        low = log(lower) if lower > 0 else -inf
        high = log((b + root) / a) if a > 0 else inf
        return self.mean + low, self.mean + high


def pair_spreads(results: Results, parts: ClaimParts, metric: Metric) -> Pairs:
    """Pair two arms by seed; effects are each pair's contribution to the log ratio."""
    pairs = pair_scores(results, parts, metric)
    return replace(
        pairs,
        sample=_contributions(pairs.sample),
        complete=_contributions(pairs.complete),
        agreeing=False,
    )


def _contributions(sample: Sample | None) -> Sample | None:
    """A sample whose mean is the log ratio; None where an arm does not vary."""
    if sample is None or sample.scores is None or sample.n < 2:
        return None
    own, other = (_distances(values) for values in sample.scores)
    if own is None or other is None:
        return None
    ratio = log(float(other.mean() / own.mean()))
    return Sample(ratio + other / other.mean() - own / own.mean(), scores=sample.scores)


def _distances(values: Array) -> Array | None:
    """Distances from the median; None where they are rounding only."""
    found: Array = np.abs(values - np.median(values))
    if found.mean() <= ROUNDING * max(1.0, float(np.abs(values).max())):
        return None
    return found


def estimate_spread(sample: Sample, *, over_rows: bool) -> Estimate:  # noqa: ARG001
    """The log ratio of two spreads over seeds, on the rows at hand."""
    pairs = _contributions(sample)
    if pairs is None or pairs.scores is None:
        return Estimate(0.0, sample.n, 0.0, (), None, None)
    found = estimate(pairs, over_rows=False)
    own, other = (np.abs(values - np.median(values)) for values in pairs.scores)
    sds = [float(np.std(values, ddof=1)) for values in pairs.scores]
    return SpreadEstimate(
        found.mean,
        found.n,
        found.sd,
        found.spreads,
        found.seeds,
        None,
        distances=(own / own.mean(), other / other.mean()),
        sd_ratio=sds[1] / sds[0],
    )


def in_sds(found: Estimate, level: float) -> str:  # noqa: ARG001
    """The ratio of standard deviations, beside the ratio that judges."""
    if not isinstance(found, SpreadEstimate):
        return ""
    return f"spread is the mean distance from the median; SD ratio {found.sd_ratio:.2f}"


def chance_of_ratio(need: Need, n: int, sample: Sample | None) -> float:
    """Chance that n seed pairs resolve a log ratio.

    Distances vary and go together as in the sample, or as those of independent normal
    scores without one.
    """
    if n < FEWEST_PAIRS:
        return 0.0
    own = other = NORMAL_SPREAD
    shared = 0.0
    if sample is not None and sample.scores is not None:
        scaled = [_distances(values) for values in sample.scores]
        first, second = (one / one.mean() for one in scaled if one is not None)
        (own, shared), (_, other) = np.cov(first, second).tolist()
    ratio = exp(min(need.effect, LARGEST / 10))
    error = sqrt((other * ratio**2 + own - 2 * shared * ratio) / n)
    both = need.kind == "equivalent"
    quantile = float(stats.t.isf(need.alpha if both else need.alpha / 2, n - 1))
    if error == 0:
        return 1.0
    one = float(stats.nct.sf(quantile, n - 1, (ratio - 1) / error))
    return max(0.0, 2 * one - 1) if both else one


SPREAD = Quantity(
    about="spread",
    pair=pair_spreads,
    unit="log ratio",
    scaled=log,
    method=Method(
        name="spread",
        title="the comparison of spreads",
        explained=(
            "How far runs lie from the median of their arm is compared seed by seed, "
            "as Brown and Forsythe do for independent groups, and told as a ratio of "
            "two spreads with Fieller’s interval. Ten seed pairs are the fewest that "
            "can tell anything."
        ),
        estimator=estimate_spread,
        fewest=FEWEST_PAIRS,
        shown=in_sds,
    ),
    means=False,
    chance=chance_of_ratio,
    supposing="if the scores of the two arms are normal and independent",
)
