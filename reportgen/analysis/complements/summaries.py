"""Scores summed up in other ways than by the mean: runs in, one summary per arm out.

They describe; at a few seeds none of them can decide anything, and no verdict uses one.

Source: Agarwal et al. (2021), arXiv:2108.13264 (interquartile mean, probability of
improvement); Tang et al. (2020), arXiv:2004.13705 (unbiased expected maximum).
"""

from collections.abc import Sequence
from math import comb

import numpy as np
from scipy import stats

from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.complements import ArmSummary, Summaries
from reportgen.records import Array
from reportgen.spec.model import BASELINE

SET = "test"
CUT = 0.25  # of the runs at each end; none below four runs


def summarise_arms(results: Results) -> Summaries:
    """Every arm of the study on its first metric, over the runs that completed."""
    metric = next(iter(results.metrics))
    found = (_summary(results, arm, metric) for arm in results.study_arms)
    return Summaries(
        metric=f"{SET}.{metric}", arms=tuple(one for one in found if one is not None)
    )


def _summary(results: Results, arm: str, metric: str) -> ArmSummary | None:
    sign = 1.0 if results.metrics[metric].higher_is_better else -1.0
    scores, usual = (_scores(results, one, metric) for one in (arm, BASELINE))
    if not scores:
        return None
    # Oriented, so that the best run is the largest whichever way the metric points.
    own = sign * np.array(list(scores.values()))
    other = sign * np.array(list(usual.values()))
    shared = [seed for seed in scores if seed in usual]
    gains = sign * np.array([scores[seed] - usual[seed] for seed in shared])
    compared = arm != BASELINE
    return ArmSummary(
        arm=arm,
        n=len(own),
        mean=sign * float(own.mean()),
        median=sign * float(np.median(own)),
        iqm=sign * interquartile_mean(own),
        best=sign * float(own.max()),
        expected_best=tuple(sign * value for value in expected_maximum(own)),
        improvement=improvement(own, other) if compared and len(other) else None,
        improvement_paired=improvement_paired(gains) if compared and shared else None,
    )


def _scores(results: Results, arm: str, metric: str) -> dict[int, float]:
    rule = results.selected(arm)
    found = {
        seed: results.score(arm, seed, f"{SET}.{metric}", rule)
        for seed in results.seeds(arm)
    }
    return {seed: value for seed, value in found.items() if value is not None}


def interquartile_mean(values: Array | Sequence[float]) -> float:
    """Mean of the middle half; the plain mean below four values."""
    return float(stats.trim_mean(np.asarray(values, dtype=np.float64), CUT))


def improvement(values: Array, others: Array) -> float:
    """P(one of `values` exceeds one of `others`), ties counting half."""
    gaps = np.asarray(values)[:, None] - np.asarray(others)[None, :]
    return improvement_paired(gaps.ravel())


def improvement_paired(gains: Array) -> float:
    """Share of gains above zero, ties counting half."""
    return float(np.mean((np.asarray(gains) > 0) + 0.5 * (np.asarray(gains) == 0)))


def expected_maximum(values: Array | Sequence[float]) -> tuple[float, ...]:
    """Expected best of 1, 2, … n runs drawn without repetition from n; unbiased."""
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    n = len(ordered)
    found = []
    for k in range(1, n + 1):
        weights = np.array([comb(i, k - 1) / comb(n, k) for i in range(n)])
        found.append(float(weights @ ordered))
    return tuple(found)
