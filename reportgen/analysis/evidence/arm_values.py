"""What several detectors ask of an arm: its scores, a margin, p-values of a mean."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import numpy as np
from scipy import stats

from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import Interval
from reportgen.analysis.statistics.estimate import ROUNDING
from reportgen.metrics.metric import Metric, majority_outputs
from reportgen.records import Array
from reportgen.spec.claims import parse_claim

USUAL_MARGIN = 0.01
Read = TypeVar("Read")


def headline(results: Results) -> Metric:
    """The study's first metric."""
    return next(iter(results.metrics.values()))


def oriented_scores(
    results: Results, arm: str, metric: Metric, evaluation_set: str
) -> dict[int, float]:
    """Scores by seed at the arm's selected epoch, larger being better."""
    sign = 1.0 if metric.higher_is_better else -1.0
    name, rule = f"{evaluation_set}.{metric.name}", results.selected(arm)
    found = {seed: results.score(arm, seed, name, rule) for seed in results.seeds(arm)}
    return {seed: sign * value for seed, value in found.items() if value is not None}


def read_scores(
    results: Results, evaluation_set: str, read: Callable[[str, dict[int, float]], Read]
) -> list[Read]:
    """What a reader makes of each arm's headline scores by seed."""
    metric = headline(results)
    return [
        read(arm, oriented_scores(results, arm, metric, evaluation_set))
        for arm in results.study_arms
    ]


def word_seeds(seeds: Iterable[int]) -> str:
    """Seeds in a sentence."""
    return ", ".join(str(seed) for seed in sorted(seeds))


def smallest_margin(results: Results, measure: str) -> float:
    """The smallest margin that any claim on a measure has; 0.01 where none has one."""
    said = [
        (parse_claim(claim.says), claim.margin)
        for claim in results.study.claims.values()
    ]
    margins = [
        margin
        for parts, margin in said
        if parts.measure == measure and parts.about != "spread" and margin > 0
    ]
    return min(margins, default=USUAL_MARGIN)


def share_interval(count: int, total: int) -> Interval:
    """Exact 95 % interval of the share of so many among a total above 0.

    Source: Clopper & Pearson (1934), Biometrika 26:404.
    """
    found = stats.binomtest(count, total).proportion_ci(0.95, method="exact")
    return Interval(level=0.95, lower=float(found.low), upper=float(found.high))


def majority_gains(results: Results, arm: str, evaluation_set: str) -> list[Array]:
    """Per run and row, 1 where only the arm is right and -1 where only the majority is.

    Source: statistical protocol 1.3; the majority class is that of the set itself.
    """
    found = []
    for seed in results.seeds(arm):
        outputs = results.outputs(arm, seed, evaluation_set, results.selected(arm))
        if outputs is not None:
            found.append(outputs.correct - majority_outputs(outputs).correct)
    return found


def p_above(values: Array) -> float:
    """One-sided p of a mean above zero; values that do not vary decide by sign."""
    mean, error = float(values.mean()), float(stats.sem(values))
    if error <= ROUNDING * max(1.0, abs(mean)):
        return 0.0 if mean > 0 else 1.0
    return float(stats.t.sf(mean / error, len(values) - 1))


def twice_median(p_values: Sequence[float]) -> float:
    """One p-value of several, valid however they depend on each other; one is itself.

    Source: Meinshausen, Meier & Bühlmann (2009), J. Am. Stat. Assoc. 104:1671.
    """
    if len(p_values) == 1:
        return p_values[0]
    return min(1.0, 2 * float(np.median(p_values)))
