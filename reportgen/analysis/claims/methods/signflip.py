"""The sign-flip test and the interval that inverts it: no normal law anywhere.

Flipping the signs of differences from a supposed effect is as good as asking on which
side of it the mean of each subset of the differences lies. So the ordered means of all
subsets hold every p-value and every interval at once.

Source: Hartigan (1969), J. Am. Stat. Assoc. 64:1303 (typical values).
"""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import floor, inf

import numpy as np

from reportgen.analysis.claims.method import Method
from reportgen.analysis.statistics.estimate import ROUNDING, Estimate, Sample, estimate
from reportgen.analysis.statistics.laws import signflip_law
from reportgen.records import Array
from reportgen.spec.claims import Kind
from reportgen.spec.model import AnalysisSpec

FEWEST = 6  # pairs; below, no two-sided p can reach .05
EXACT_LIMIT = 16  # all 2^n subsets are walked up to here; beyond, subsets are drawn
DRAWS = 20_000


def make(analysis: AnalysisSpec) -> Method:  # noqa: ARG001
    """Paired, and exact whatever symmetric law the differences follow."""
    return Method(
        name="signflip",
        title="the sign-flip test",
        explained=(
            "Were there no difference, each seed’s difference could as well have had "
            "the opposite sign. The method counts how many of all such flips look as "
            "extreme as what was seen, and assumes no bell curve."
        ),
        estimator=estimate_signflip,
        fewest=FEWEST,
        least_p=least_p,
        power=signflip_law,
    )


@dataclass(frozen=True)
class SignFlipEstimate(Estimate):
    """A mean effect with the means of subsets of its effects, ascending."""

    means: Array = field(default_factory=lambda: np.zeros(0), compare=False)

    def interval(self, level: float) -> tuple[float, float]:
        """What the test does not reject, widened to the crossed interval if any."""
        tail = (1 - level) / 2
        if self.agreeing_rows is not None or not self._varies:
            return super().interval(level)
        # Of B + 1 equally likely subsets, so many may lie beyond a limit.
        beyond = floor(tail * (len(self.means) + 1)) - 1
        lower, upper = -inf, inf
        if beyond >= 0:
            lower = float(self.means[beyond]) - self._rounding
            upper = float(self.means[-1 - beyond]) + self._rounding
        if self.crossed is not None and self.crossed.error > 0:
            low, high = self._over_rows().interval(level)
            lower, upper = min(lower, low), max(upper, high)
        return lower, upper

    def p_greater(self, null: float) -> float:
        """One-sided p for an effect above `null`; the empty subset always counts."""
        if self.agreeing_rows is not None or not self._varies:
            return super().p_greater(null)
        reached = int(np.searchsorted(self.means, null + self._rounding, side="right"))
        p = (1 + reached) / (len(self.means) + 1)
        if self.crossed is not None and self.crossed.error > 0:
            p = max(p, self._over_rows().p_greater(null))
        return p

    def negated(self) -> "SignFlipEstimate":
        """The same estimate with the arms exchanged."""
        return replace(self, mean=-self.mean, means=-self.means[::-1])

    @property
    def _varies(self) -> bool:
        return self.seeds is not None and self.seeds.error > 0

    @property
    def _rounding(self) -> float:
        """Means so close to a supposed effect equal it, and ties count against us."""
        return ROUNDING * max(1.0, float(np.abs(self.means).max()))

    def _over_rows(self) -> Estimate:
        """The crossed part alone."""
        spreads = () if self.crossed is None else (self.crossed,)
        return Estimate(self.mean, self.n, self.sd, spreads, None, None)


def estimate_signflip(sample: Sample, *, over_rows: bool) -> Estimate:
    """The mean effect with its subset means."""
    found = estimate(sample, over_rows=over_rows)
    fields = {name: getattr(found, name) for name in found.__dataclass_fields__}
    return SignFlipEstimate(**fields, means=subset_means(sample.effects))


def subset_means(effects: Array) -> Array:
    """Ascending means of all nonempty subsets, or of 20,000 fixed draws of them."""
    values = np.asarray(effects, dtype=np.float64)
    chosen = _subsets(len(values))
    found: Array = np.sort(chosen @ values / chosen.sum(axis=1))
    return found


@lru_cache(maxsize=2)
def _subsets(n: int) -> Array:
    """Membership of each value in each subset, shape (subsets, n), as 0.0 and 1.0."""
    if n <= EXACT_LIMIT:
        numbers = np.arange(1, 2**n, dtype=np.int64)
        bits = (numbers[:, None] >> np.arange(n)) & 1
    else:
        bits = np.random.default_rng(n).integers(0, 2, size=(DRAWS, n))
        bits[bits.sum(axis=1) == 0, 0] = 1  # once in 2^n draws
    found: Array = bits.astype(np.float32)
    found.flags.writeable = False
    return found


def least_p(kind: Kind, n: int) -> float:
    """The smallest p that n pairs can reach; equivalence is tested one-sided."""
    smallest = max(2.0**-n, 1 / (DRAWS + 1) if n > EXACT_LIMIT else 0.0)
    return min(1.0, smallest if kind == "equivalent" else 2 * smallest)
