"""How sure a mean difference is: paired effects in, intervals and p-values out.

Two standard errors compete: over seeds alone (paired t), and over seeds crossed with
test rows. The wider interval is used, so nothing is ever surer about new rows than it
is about the rows at hand.

Source: Obuchowski & Rockette (1995), Commun. Stat. Simul. 24:285 (random readers and
cases); Satterthwaite (1946), Biometrics 2:110 (degrees of freedom).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from reportgen.records import Array

# Below this share of the largest effect a spread is rounding, not variation.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Spread:
    """A standard error of the mean and its degrees of freedom."""

    error: float
    df: float


@dataclass(frozen=True)
class Crossed:
    """The seeds x rows analysis of one matrix.

    Attributes:
        spread: over seeds and rows.
        row_variance: the part of the mean's variance that more seeds cannot shrink.
        row_df: approximate degrees of freedom of that part.
    """

    spread: Spread
    row_variance: float
    row_df: float


@dataclass(frozen=True)
class Sample:
    """Oriented effects of n seed pairs, and the rows behind them.

    Attributes:
        effects: shape (n,); positive means the variant is better.
        rows: shape (n, N), contributions whose row means are `effects`; None when the
            score is no mean of rows. With `other`, the variant's own contributions.
        other: shape (n, M), the reference's contributions, when it was evaluated on
            other rows; the two then vary independently.
        scores: of variant and reference, oriented, each of shape (n,); None where the
            effects are not differences of two arms.
        peers: shape (k, n), oriented scores of every arm of the study, for methods that
            pool their spread; None where one of them has no score.
        alone: of variant and reference, oriented scores of runs without a partner under
            their seed; they count where arms are compared unpaired.
    """

    effects: Array
    rows: Array | None = None
    other: Array | None = None
    scores: tuple[Array, Array] | None = None
    peers: Array | None = None
    alone: tuple[Array, Array] = (np.array([]), np.array([]))

    @property
    def arms(self) -> tuple[Array, Array] | None:
        """Scores of all runs of variant and reference, the paired ones first."""
        if self.scores is None:
            return None
        own, other = map(np.concatenate, zip(self.scores, self.alone, strict=True))
        return own, other

    @property
    def runs(self) -> tuple[int, int]:
        """Runs of variant and reference."""
        return self.n + len(self.alone[0]), self.n + len(self.alone[1])

    @property
    def n(self) -> int:
        """Seed pairs."""
        return len(self.effects)

    def take(self, pairs: Sequence[int]) -> "Sample":
        """The same sample with these pairs only, and all runs without a partner."""
        chosen = list(pairs)
        scores = self.scores
        return Sample(
            self.effects[chosen],
            None if self.rows is None else self.rows[chosen],
            None if self.other is None else self.other[chosen],
            None if scores is None else (scores[0][chosen], scores[1][chosen]),
            None if self.peers is None else self.peers[:, chosen],
            self.alone,
        )


@dataclass(frozen=True)
class Estimate:
    """A mean effect with the spreads its interval must respect.

    `spreads` is empty where nothing varies or fewer than two pairs exist; then there is
    no interval. `agreeing_rows` is set where both arms answered every row alike: the
    interval then bounds how often they could disagree on new rows. `refused` says why
    the study's method of comparing may not judge this sample.
    """

    mean: float
    n: int
    sd: float
    spreads: tuple[Spread, ...]
    seeds: Spread | None
    crossed: Spread | None
    row_variance: float = 0.0
    agreeing_rows: int | None = None
    refused: str = ""

    @property
    def determined(self) -> bool:
        """Whether an interval exists."""
        if self.refused:
            return False
        return bool(self.spreads) or self.agreeing_rows is not None

    @property
    def seed_df(self) -> int:
        """Degrees of freedom of the SD over seeds, the fewest in whole numbers."""
        return self.n - 1 if self.seeds is None else int(self.seeds.df)

    def interval(self, level: float) -> tuple[float, float]:
        """The wider of the candidate intervals at a confidence level."""
        tail = (1 - level) / 2
        if self.agreeing_rows is not None:
            bound = -float(np.expm1(np.log(tail) / self.agreeing_rows))
            return -bound, bound
        half = max(
            float(stats.t.isf(tail, spread.df)) * spread.error
            for spread in self.spreads
        )
        return self.mean - half, self.mean + half

    def p_greater(self, null: float) -> float:
        """One-sided p for an effect above `null`; the largest over the spreads."""
        if self.agreeing_rows is not None:
            return max(0.0, 1 + null) ** self.agreeing_rows if null < 0 else 1.0
        return max(
            float(stats.t.sf((self.mean - null) / spread.error, spread.df))
            for spread in self.spreads
        )

    def p_less(self, null: float) -> float:
        """One-sided p for an effect below `null`."""
        return self.negated().p_greater(-null)

    def negated(self) -> "Estimate":
        """The same estimate with the arms exchanged."""
        return replace(self, mean=-self.mean)


def crossed_se(rows: Array) -> Crossed:
    """Analyse a seeds x rows matrix of contributions; shape (n, N), n, N >= 2.

    Where rows and seeds explain less than their residual, the larger mean square is
    taken with its own degrees of freedom, which never fall below n - 1.
    """
    n, width = rows.shape
    grand, seed_means, row_means = rows.mean(), rows.mean(axis=1), rows.mean(axis=0)
    seeds = width * ((seed_means - grand) ** 2).sum() / (n - 1)
    across = n * ((row_means - grand) ** 2).sum() / (width - 1)
    free = (n - 1) * (width - 1)
    total = ((rows - grand) ** 2).sum()
    residual = max(0.0, total - (n - 1) * seeds - (width - 1) * across) / free
    pooled = seeds + across - residual
    if pooled >= max(seeds, across) and pooled > 0:
        parts = seeds**2 / (n - 1) + across**2 / (width - 1) + residual**2 / free
        df = pooled**2 / parts
    elif seeds >= across:
        pooled, df = seeds, n - 1
    else:
        pooled, df = across, width - 1
    variance = max(0.0, across - residual)
    row_parts = across**2 / (width - 1) + residual**2 / free
    row_df = variance**2 / row_parts if row_parts > 0 else np.inf
    return Crossed(
        Spread(float(np.sqrt(pooled / (n * width))), float(max(df, n - 1))),
        float(variance / (n * width)),
        float(row_df),
    )


def estimate(sample: Sample, *, over_rows: bool = True) -> Estimate:
    """Estimate the mean effect of a sample.

    Args:
        sample: at least one pair.
        over_rows: whether to speak about new rows too, where `sample.rows` allows it.
    """
    effects = np.asarray(sample.effects, dtype=np.float64)
    n, mean = len(effects), float(np.mean(effects))
    if n < 2:
        return Estimate(mean, n, 0.0, (), None, None)
    sd = float(np.std(effects, ddof=1))
    smallest = ROUNDING * max(1.0, float(np.abs(effects).max()))
    if sd <= smallest:
        sd = 0.0
    seeds = Spread(sd / float(np.sqrt(n)), n - 1)
    crossed, row_variance = None, 0.0
    if over_rows and sample.rows is not None:
        crossed, row_variance = _over_rows(sample.rows, sample.other, seeds)
    found = (seeds,) if crossed is None else (seeds, crossed)
    spreads = tuple(spread for spread in found if spread.error > smallest)
    return Estimate(mean, n, sd, spreads, seeds, crossed, row_variance)


def _over_rows(
    rows: Array, other_rows: Array | None, seeds: Spread
) -> tuple[Spread, float]:
    """The crossed spread, and its part that comes from the rows."""
    own = crossed_se(rows)
    if other_rows is None:
        return own.spread, own.row_variance
    # Different rows: the seed part of the difference, and two independent row parts.
    return add_rows(seeds, (own, crossed_se(other_rows)))


def add_rows(seeds: Spread, parts: Sequence[Crossed]) -> tuple[Spread, float]:
    """A spread over seeds widened by independent row parts, and those parts alone."""
    variances = [(seeds.error**2, seeds.df)]
    variances += [(part.row_variance, part.row_df) for part in parts]
    total = sum(variance for variance, _ in variances)
    share = sum(variance**2 / df for variance, df in variances if variance > 0)
    df = max(total**2 / share, seeds.df) if share > 0 else seeds.df
    spread = Spread(float(np.sqrt(total)), float(df))
    return spread, sum(part.row_variance for part in parts)
