"""Label shift: dev and test rows get different shares of predicted classes.

Dev is compared with test, never train: a model that fits its training rows too well
predicts their labels too well.

Source: Lipton, Wang & Smola (2018), arXiv:1802.03916 (black box shift estimation).
"""

import numpy as np
from scipy import stats

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import twice_median
from reportgen.analysis.evidence.results import Results
from reportgen.metrics.metric import Outputs
from reportgen.records import Array

FEWEST_ROWS = 200
FEWEST_EXPECTED = 5.0  # in a cell of the table; rarer classes are put together
SMALLEST_SINGULAR = 0.05
ALPHA = 0.05
SETS = ("dev", "test")


def _read(results: Results) -> list[Reading | Missing]:
    return [_arm(results, arm) for arm in results.study_arms]


def _arm(results: Results, arm: str) -> Reading | Missing:
    tests: list[tuple[float, float | None]] = []
    rows = 0
    for seed in results.seeds(arm):
        rule = results.selected(arm)
        dev, test = (results.outputs(arm, seed, name, rule) for name in SETS)
        if dev is None or test is None:
            continue
        rows = min(len(dev.labels), len(test.labels))
        p = None if rows < FEWEST_ROWS else prediction_p(dev, test)
        if p is not None:
            tests.append((p, largest_weight_gap(dev, test)))
    if not tests:
        why = f"needs {FEWEST_ROWS} rows a side and two predicted classes"
        return Missing(arm, why)
    p = twice_median([one for one, _ in tests])
    gaps = [gap for _, gap in tests if gap is not None]
    gap = float(np.median(gaps)) if gaps else None
    flag = p < ALPHA
    note = (
        "dev and test rows get different shares of predicted classes"
        if flag
        else "dev and test rows get like shares of predicted classes"
    )
    if gap is None:
        note += "; class weights cannot be estimated from answers this poor"
    return Reading(arm, flag, note, gap, p=p, n_used=rows)


def prediction_p(dev: Outputs, test: Outputs) -> float | None:
    """P of a chi-square test on predicted classes; None where but one is left."""
    classes = dev.logits.shape[1]
    table = np.array(
        [np.bincount(one.predictions, minlength=classes) for one in (dev, test)]
    )
    table = _merged(table)
    if table.shape[1] < 2:
        return None
    return float(stats.chi2_contingency(table).pvalue)


def _merged(table: Array) -> Array:
    """The table without empty classes, those too rare to test put together."""
    table = table[:, table.sum(axis=0) > 0]
    sides = table.sum(axis=1) / table.sum()
    rare = sides.min() * table.sum(axis=0) < FEWEST_EXPECTED
    if not rare.any():
        return table
    together = table[:, rare].sum(axis=1, keepdims=True)
    merged: Array = np.concatenate([table[:, ~rare], together], axis=1)
    return merged


def largest_weight_gap(dev: Outputs, test: Outputs) -> float | None:
    """Largest distance from 1 of a class's weight on test; None where undetermined."""
    classes = dev.logits.shape[1]
    confusion = np.zeros((classes, classes))
    np.add.at(confusion, (dev.predictions, dev.labels), 1 / len(dev.labels))
    singular = np.linalg.svd(confusion, compute_uv=False)
    if singular[-1] < SMALLEST_SINGULAR or (confusion.sum(axis=0) == 0).any():
        return None
    shares = np.bincount(test.predictions, minlength=classes) / len(test.labels)
    weights = np.linalg.solve(confusion, shares)
    return float(np.abs(weights - 1).max())


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
