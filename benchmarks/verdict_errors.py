"""Simulated comparisons: noise in, how often intervals and verdicts err out.

Every part has a seed of its own, so a part measured alone gives the same numbers.
"""

from collections.abc import Callable
from itertools import product

import numpy as np
from numpy.random import Generator
from scipy import stats

from reportgen.analysis.claims.method import load_method
from reportgen.analysis.claims.methods import METHODS
from reportgen.analysis.claims.rule import Margins
from reportgen.analysis.measured.characteristics import (
    FamilyErrors,
    MethodErrors,
    NoiseCoverage,
    RowCoverage,
)
from reportgen.analysis.statistics.estimate import Sample, crossed_se
from reportgen.analysis.statistics.family import holm_adjusted
from reportgen.records import Array
from reportgen.spec.model import AnalysisSpec

SEEDS = (3, 5, 10, 20)
LEVEL = 0.95
NOISE_REPEATS = 20_000
ROW_REPEATS = {3: 2000, 5: 1500, 10: 800, 20: 400}
METHOD_REPEATS = {3: 4000, 5: 4000, 10: 4000, 20: 1000}
FAMILY_REPEATS = 10_000
ARMS = 8  # of a study whose spreads are pooled
ROWS = 1000
RESAMPLES = 1000  # bootstrap; all n^n where there are fewer
CHUNK = 500
# Spread over seeds, of two arms' difference in taste for rows, and of the rest.
SETTINGS = ((0.1, 0.3, 0.5), (0.1, 1.0, 0.5), (0.03, 1.0, 0.3), (0.3, 1.0, 0.5))
# Seeds below which a method judges nothing; pooling is of use at few.
FEWEST = {"signflip": 6, "poi": 5}
FAMILIES = ((3, 3), (6, 5), (10, 3), (10, 10))  # variants of one baseline, seeds

Noise = Callable[[Generator, tuple[int, ...]], Array]


def skewed_left(rng: Generator, shape: tuple[int, ...]) -> Array:
    """A long tail towards bad scores; mean 0."""
    values: Array = 1 - rng.exponential(size=shape)
    return values


def skewed_right(rng: Generator, shape: tuple[int, ...]) -> Array:
    """A long tail towards good scores; mean 0."""
    values: Array = rng.lognormal(size=shape) - np.exp(0.5)
    return values


def failing(rng: Generator, shape: tuple[int, ...]) -> Array:
    """One seed in ten falls ten SDs; mean 0."""
    values: Array = rng.standard_normal(shape) - 10 * (rng.random(shape) < 0.1) + 1
    return values


def heavy(rng: Generator, shape: tuple[int, ...]) -> Array:
    """Student's t with 3 degrees of freedom."""
    values: Array = rng.standard_t(3, size=shape)
    return values


def normal(rng: Generator, shape: tuple[int, ...]) -> Array:
    """The bell curve."""
    values: Array = rng.standard_normal(shape)
    return values


NOISES: dict[str, Noise] = {
    "normal": normal,
    "heavy tails (t, 3 df)": heavy,
    "left-skewed (exponential)": skewed_left,
    "right-skewed (lognormal)": skewed_right,
    "one run in ten fails": failing,
}


def measure_noise(name: str, n: int, *, seed: int, repeats: int) -> NoiseCoverage:
    """Intervals of a mean of n differences whose true mean is 0.

    `two_arms_low` is measured on differences of two arms that share the noise.
    """
    rng = np.random.default_rng([seed, n, list(NOISES).index(name)])
    noise = NOISES[name]
    one = noise(rng, (repeats, n))
    low, high = student_limits(one)
    two = noise(rng, (repeats, n)) - noise(rng, (repeats, n))
    below, above = percentile_limits(one[: repeats // 4], rng)
    return NoiseCoverage(
        noise=name,
        n=n,
        repeats=repeats,
        student=float(np.mean((low <= 0) & (high >= 0))),
        student_low=float(np.mean(low > 0)),
        two_arms_low=float(np.mean(student_limits(two)[0] > 0)),
        percentile=float(np.mean((below <= 0) & (above >= 0))),
    )


def student_limits(values: Array) -> tuple[Array, Array]:
    """Limits of Student's interval of each row's mean; shape (repeats, n)."""
    n = values.shape[1]
    half = stats.t.isf((1 - LEVEL) / 2, n - 1) * values.std(axis=1, ddof=1) / n**0.5
    means = values.mean(axis=1)
    return means - half, means + half


def percentile_limits(values: Array, rng: Generator) -> tuple[Array, Array]:
    """Limits of the percentile bootstrap over seeds, of each row's mean."""
    n = values.shape[1]
    if n**n <= 4 * RESAMPLES:
        picks = np.array(list(product(range(n), repeat=n)))
    else:
        picks = rng.integers(0, n, size=(RESAMPLES, n))
    counts = np.stack([np.bincount(pick, minlength=n) for pick in picks]) / n
    tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    found = [
        np.quantile(values[start : start + CHUNK] @ counts.T, tails, axis=1)
        for start in range(0, len(values), CHUNK)
    ]
    low, high = np.concatenate(found, axis=1)
    return low, high


def simulate_rows(rng: Generator, n: int, setting: tuple[float, float, float]) -> Array:
    """Accuracy differences of two equally good arms, shape (n, rows).

    A row is answered right where its ease, the arm's taste, the seed's luck and the
    rest sum to more than 0.
    """
    luck, taste, rest = setting
    ease = rng.normal(1.5, 1.2, ROWS)
    right = [
        ease
        + taste / 2**0.5 * rng.standard_normal(ROWS)  # of the difference: taste
        + luck * rng.standard_normal((n, 1))
        + rest * rng.standard_normal((n, ROWS))
        > 0
        for _ in range(2)
    ]
    return right[0].astype(np.float64) - right[1]


def measure_rows(
    setting: tuple[float, float, float], n: int, *, seed: int, repeats: int
) -> RowCoverage:
    """Whether intervals cover the difference on all rows, of which 1,000 were drawn."""
    rng = np.random.default_rng([seed, n, SETTINGS.index(setting)])
    hits = {"seeds": 0, "crossed": 0, "wider": 0}
    for _ in range(repeats):
        rows = simulate_rows(rng, n, setting)
        effects = rows.mean(axis=1)
        crossed = crossed_se(rows).spread
        halves = {
            "seeds": stats.t.isf(0.025, n - 1) * effects.std(ddof=1) / n**0.5,
            "crossed": stats.t.isf(0.025, crossed.df) * crossed.error,
        }
        halves["wider"] = max(halves.values())
        for name, half in halves.items():
            hits[name] += abs(effects.mean()) <= half
    luck, taste, rest = setting
    shares = {name: hit / repeats for name, hit in hits.items()}
    return RowCoverage(
        luck=luck, taste=taste, rest=rest, n=n, repeats=repeats, **shares
    )


def measure_method(name: str, n: int, *, seed: int, repeats: int) -> MethodErrors:
    """Studies of eight equally good normal arms, judged by the code that judges them.

    Margins of 0 ask for any gain, so that the truth lies on the boundary.
    """
    rng = np.random.default_rng([seed, n, list(METHODS).index(name)])
    method = load_method(AnalysisSpec.model_validate({"method": name}))
    refused = gains = 0
    for _ in range(repeats):
        peers = rng.standard_normal((ARMS, n))
        sample = Sample(peers[0] - peers[1], scores=(peers[0], peers[1]), peers=peers)
        found = method.estimate(sample, over_rows=False)
        if found.refused:
            refused += 1
            continue
        decision = method.judge("improves", Margins(0.0, 0.0), found, alpha=0.05)
        # By ranks a gain too small to be worth having is told apart from a supported.
        shown = decision.finding in ("better_by_margin", "better_below_margin")
        gains += shown
    judged = repeats - refused
    return MethodErrors(
        method=name,
        n=n,
        repeats=repeats,
        refused=refused / repeats,
        false_gain=gains / judged if judged else 0.0,
    )


def measure_family(variants: int, n: int, *, seed: int, repeats: int) -> FamilyErrors:
    """How often any of several true nulls against one baseline gets a verdict."""
    rng = np.random.default_rng([seed, variants, n])
    arms = rng.standard_normal((repeats, variants + 1, n))
    gaps = arms[:, 1:] - arms[:, :1]
    t = gaps.mean(axis=2) / (gaps.std(axis=2, ddof=1) / n**0.5)
    p = 2 * stats.t.sf(np.abs(t), n - 1)
    holm = np.array([min(holm_adjusted(row)) for row in p])
    return FamilyErrors(
        variants=variants,
        n=n,
        repeats=repeats,
        uncorrected=float(np.mean(p.min(axis=1) < 1 - LEVEL)),
        holm=float(np.mean(holm < 1 - LEVEL)),
    )
