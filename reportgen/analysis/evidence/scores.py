"""Scores by arm: results in, means over seeds with intervals out."""

import numpy as np
from scipy import stats

from reportgen.analysis.evidence.results import Results
from reportgen.analysis.evidence.scored import RULES, Rule
from reportgen.analysis.findings.study import ArmScore, Interval
from reportgen.metrics.metric import Metric
from reportgen.records import Array


def arm_scores(results: Results) -> tuple[ArmScore, ...]:
    """Every arm on every metric, evaluation set and checkpoint rule."""
    return tuple(
        arm_score(results, arm, (name, metric), rule)
        for arm in results.arms
        for name in results.sets(arm)
        for metric in results.metrics.values()
        for rule in RULES
    )


def arm_score(
    results: Results, arm: str, what: tuple[str, Metric], rule: Rule
) -> ArmScore:
    """One arm on one metric: mean, SD and t interval over the seeds that completed."""
    evaluation_set, metric = what
    values = results.scores(arm, f"{evaluation_set}.{metric.name}", rule)
    finite = np.array([value for value in values if value is not None])
    mean = float(finite.mean()) if len(finite) else None
    sd = float(finite.std(ddof=1)) if len(finite) > 1 else None
    return ArmScore(
        arm=arm,
        metric=f"{evaluation_set}.{metric.name}@{rule}",
        unit=metric.unit,
        higher_is_better=metric.higher_is_better,
        mean=mean,
        sd=sd,
        ci95=mean_interval(finite) if len(finite) > 1 else None,
        seeds=results.seeds(arm),
        values=tuple(values),
    )


def mean_interval(values: Array, *, level: float = 0.95) -> Interval:
    """Student t interval of the mean of at least two values, over seeds alone."""
    n = len(values)
    half = float(stats.t.isf((1 - level) / 2, n - 1) * values.std(ddof=1) / np.sqrt(n))
    mean = float(values.mean())
    return Interval(level=level, lower=mean - half, upper=mean + half)
