"""Classifier two-sample test: can a linear classifier tell two sets of rows apart?

It is fitted on one half of the rows of both sets and judged on the other.

Source: Lopez-Paz & Oquab (2017), arXiv:1610.06545; interval of the AUC by DeLong,
DeLong & Clarke-Pearson (1988), Biometrics 44:837.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.fed import FedPair, shift_pairs
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import Interval
from reportgen.analysis.rows.features import RowFeatures
from reportgen.records import Array

FEWEST_ROWS = 200
MOST_ROWS = 4_000  # a side
ALPHA = 0.05
TOLD_APART = 0.55


@dataclass(frozen=True)
class ToldApart:
    """How well held-out rows are told apart: the AUC, its 95 % interval and p."""

    auc: float
    lower: float
    upper: float
    p: float


def _read(results: Results) -> list[Reading | Missing]:
    found = [_reading(pair) for pair in shift_pairs(results)]
    return found or [Missing("every set", "the rows fed were not kept")]


def _reading(pair: FedPair) -> Reading | Missing:
    first, second = pair.first.inputs[:MOST_ROWS], pair.second.inputs[:MOST_ROWS]
    if min(len(first), len(second)) < FEWEST_ROWS:
        return Missing(pair.subject, f"needs {FEWEST_ROWS} rows a side")
    features = RowFeatures(np.concatenate([first, second]), pair.first.symbols)
    columns = [features.counts, features.places, features.lengths[:, None]]
    found = tell_apart(np.concatenate(columns, axis=1), len(first))
    flag = found.p < ALPHA and found.auc > TOLD_APART
    note = (
        "a linear classifier tells the two sets apart"
        if flag
        else "a linear classifier does not tell the two sets apart"
    )
    return Reading(
        pair.subject,
        flag,
        note,
        found.auc,
        Interval(level=0.95, lower=found.lower, upper=found.upper),
        p=found.p,
        n_used=len(features.rows),
        expected=0.5,
        declared=pair.declared,
    )


def tell_apart(features: Array, split: int) -> ToldApart:
    """Fit on one half of each group, judge on the other.

    Row i of both groups falls into the same half, so that a row and its shifted form
    are never on both sides. The halves depend on the sizes alone.

    Args:
        features: shape (N, F).
        split: the first group's rows; the others follow.
    """
    sizes = (split, len(features) - split)
    fitted = np.concatenate([_first_half(size) for size in sizes])
    second = np.arange(len(features)) >= split
    weights = _ridge(features[fitted], second[fitted])
    scores = features[~fitted] @ weights
    return _judge(scores[~second[~fitted]], scores[second[~fitted]])


def _first_half(rows: int) -> Array:
    order = np.random.default_rng(rows).permutation(rows)
    half: Array = np.isin(np.arange(rows), order[: rows // 2])
    return half


def _ridge(features: Array, second: Array) -> Array:
    """Weights of a ridge regression on the group, of standardised features."""
    mean, sd = features.mean(axis=0), features.std(axis=0)
    varied = sd > 0
    scaled = ((features - mean) / np.where(varied, sd, 1))[:, varied].astype(np.float64)
    centred = second - second.mean()
    # As many pseudo-rows as features: independent features then share out one prior.
    gram = scaled.T @ scaled + scaled.shape[1] * np.eye(scaled.shape[1])
    weights = np.zeros(features.shape[1])
    weights[varied] = np.linalg.solve(gram, scaled.T @ centred) / sd[varied]
    return weights


def _judge(first: Array, second: Array) -> ToldApart:
    test = stats.mannwhitneyu(second, first, alternative="greater", method="asymptotic")
    n, m = len(first), len(second)
    auc = float(test.statistic) / (n * m)
    ranks = stats.rankdata(np.concatenate([first, second]))
    above = (ranks[n:] - stats.rankdata(second)) / n  # share of the first below each
    below = 1 - (ranks[:n] - stats.rankdata(first)) / m
    error = np.sqrt(above.var(ddof=1) / m + below.var(ddof=1) / n)
    half = float(stats.norm.isf(0.025) * error)
    return ToldApart(
        auc, max(0.0, auc - half), min(1.0, auc + half), float(test.pvalue)
    )


C2ST = Detector(
    name="c2st",
    title="sets told apart by a classifier",
    statistic_name="AUC of a linear classifier on held-out rows",
    threshold="p < 0.05 (Mann-Whitney) and AUC above 0.55",
    source="Lopez-Paz & Oquab (2017); 0.55 is a convention",
    false_positives="0.043 to 0.070 of 400 clean pairs",
    read=_read,
)
