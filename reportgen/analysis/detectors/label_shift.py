"""Label shift: dev and test rows get different shares of predicted classes.

Dev is compared with test, never train: a model that fits its training rows too well
predicts their labels too well. What a class weighs on test is a matter of the rows, so
all runs estimate the same weights; the interval holds for all classes at once.

Source: Lipton, Wang & Smola (2018), arXiv:1802.03916 (black box shift estimation); the
delta method.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import twice_median
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import Interval
from reportgen.analysis.statistics.contingency import same_shares_p
from reportgen.metrics.metric import Outputs
from reportgen.records import Array

FEWEST_ROWS = 200
SMALLEST_SINGULAR = 0.05
ALPHA = 0.05
SETS = ("dev", "test")


@dataclass(frozen=True)
class WeightGap:
    """Largest distance from 1 of a class's weight on test, with its limits."""

    value: float
    lower: float
    upper: float


def _read(results: Results) -> list[Reading | Missing]:
    return [_arm(results, arm) for arm in results.study_arms]


def _arm(results: Results, arm: str) -> Reading | Missing:
    tests: list[tuple[float, WeightGap | None]] = []
    rows = 0
    for seed in results.seeds(arm):
        rule = results.selected(arm)
        dev, test = (results.outputs(arm, seed, name, rule) for name in SETS)
        if dev is None or test is None:
            continue
        rows = min(len(dev.labels), len(test.labels))
        p = None if rows < FEWEST_ROWS else prediction_p(dev, test)
        if p is not None:
            tests.append((p, largest_weight_gap(dev, test, error=ALPHA / 2)))
    if not tests:
        why = f"needs {FEWEST_ROWS} rows a side and two predicted classes"
        return Missing(arm, why)
    p = twice_median([one for one, _ in tests])
    gaps = [gap for _, gap in tests if gap is not None]
    flag = p < ALPHA
    note = (
        "dev and test rows get different shares of predicted classes"
        if flag
        else "dev and test rows get like shares of predicted classes"
    )
    if not gaps:
        note += "; class weights cannot be estimated from answers this poor"
        why = "no class weight could be estimated"
        return Reading(arm, flag, note, p=p, n_used=rows, no_interval=why)
    # Half of the limits, each wrong in 2.5 %, are wrong in 5 % at most.
    value, lower, upper = (
        float(np.median([getattr(one, part) for one in gaps]))
        for part in ("value", "lower", "upper")
    )
    ends = Interval(level=1 - ALPHA, lower=lower, upper=upper)
    return Reading(arm, flag, note, value, ends, p=p, n_used=rows)


def prediction_p(dev: Outputs, test: Outputs) -> float | None:
    """P of a chi-square test on predicted classes; None where but one is left."""
    classes = dev.logits.shape[1]
    table = np.array(
        [np.bincount(one.predictions, minlength=classes) for one in (dev, test)]
    )
    return same_shares_p(table)


def largest_weight_gap(
    dev: Outputs, test: Outputs, *, error: float = ALPHA
) -> WeightGap | None:
    """Largest distance from 1 of a class's weight on test; None where undetermined.

    Args:
        dev: whose answers say how classes are taken for each other.
        test: whose weights are asked for.
        error: chance that the limits miss any class's weight.
    """
    classes = dev.logits.shape[1]
    confusion = np.zeros((classes, classes))
    np.add.at(confusion, (dev.predictions, dev.labels), 1 / len(dev.labels))
    singular = np.linalg.svd(confusion, compute_uv=False)
    if singular[-1] < SMALLEST_SINGULAR or (confusion.sum(axis=0) == 0).any():
        return None
    shares = np.bincount(test.predictions, minlength=classes) / len(test.labels)
    inverse = np.linalg.inv(confusion)
    weights = inverse @ shares
    gaps = np.abs(weights - 1)
    half = stats.norm.isf(error / 2 / classes) * _weight_errors(
        inverse, weights, (dev, test)
    )
    return WeightGap(
        float(gaps.max()), float((gaps - half).max(initial=0.0)), (gaps + half).max()
    )


def _weight_errors(
    inverse: Array, weights: Array, answers: tuple[Outputs, Outputs]
) -> Array:
    """Standard errors of class weights, shape (K,), by what each row adds to them."""
    dev, test = answers
    taken = inverse[:, dev.predictions] * weights[dev.labels]  # (K, N)
    named = inverse[:, test.predictions]
    variance = taken.var(axis=1, ddof=1) / taken.shape[1]
    variance += named.var(axis=1, ddof=1) / named.shape[1]
    found: Array = np.sqrt(variance)
    return found


LABEL_SHIFT = Detector(
    name="label_shift",
    title="label shift from dev to test",
    statistic_name="largest distance from 1 of an estimated class weight",
    threshold="p < 0.05 of predicted classes; over runs, twice the median",
    source="Lipton et al. (2018)",
    false_positives="0.035, 0.020 and 0.014 of 800 clean pairs of sets at 1, 3 and 10 "
    "runs; 0.010 with five classes",
    read=_read,
)
