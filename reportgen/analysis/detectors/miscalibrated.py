"""Miscalibrated: confidence is further from accuracy than chance alone would put it.

Even a perfectly calibrated model has an expected calibration error above zero, so the
error is compared with that of answers drawn from the model's own confidences. Its mean
lies above the true error by no more than by what those draws have on average, and it
varies no more than the gaps of its bins, so the interval leaves room for both.

Source: Bröcker & Smith (2007), Weather Forecast. 22:651 (consistency resampling);
Brier (1950), Mon. Weather Rev. 78:1 (squared error summed over the classes).
"""

from collections.abc import Sequence
from math import floor, log10

import numpy as np
from scipy import special, stats

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import twice_median
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import Interval
from reportgen.metrics.ece import BINS, confidence
from reportgen.metrics.metric import Outputs
from reportgen.records import Array

FEWEST_ROWS = 250
MOST_ROWS, MOST_RUNS = 4_000, 3
DRAWS = 999
ALPHA = 0.05
SET = "test"


def _read(results: Results) -> list[Reading | Missing]:
    return [_arm(results, arm) for arm in results.study_arms]


def _arm(results: Results, arm: str) -> Reading | Missing:
    found: list[Outputs] = []
    for seed in results.seeds(arm):
        outputs = results.outputs(arm, seed, SET, results.selected(arm))
        if outputs is not None and len(found) < MOST_RUNS:
            found.append(outputs)
    if not found or min(len(one.labels) for one in found) < FEWEST_ROWS:
        return Missing(arm, f"needs {FEWEST_ROWS} rows whose outputs were kept")
    return _reading(arm, [_first_rows(one) for one in found])


def _first_rows(outputs: Outputs) -> Outputs:
    """The rows that are read, without columns."""
    return Outputs(outputs.logits[:MOST_ROWS], outputs.labels[:MOST_ROWS], {})


def _reading(arm: str, runs: list[Outputs]) -> Reading:
    pairs = [(confidence(one), one.correct) for one in runs]
    tests = [resampled(sure, correct) for sure, correct in pairs]
    p = twice_median([one[2] for one in tests])
    error, usual, high = (
        float(np.mean([one[place] for one in tests])) for place in (0, 1, 3)
    )
    excess, flag = max(0.0, error - usual), p < ALPHA
    off = [sure - correct for sure, correct in pairs]
    digits = decimals(standard_error(off), most=3)
    shown = [f"{one:.{digits}f}" for one in (error, excess, usual, high)]
    note = (
        f"calibration error {shown[0]}, debiased {shown[1]}: {shown[2]} is chance, "
        f"and up to {shown[3]} in 19 of 20 draws; "
        f"Brier score {_mean([brier_rows(one) for one in runs], most=3)}, "
        f"NLL {_mean([loss_rows(one) for one in runs], most=4)}"
    )
    if flag:
        bias = float(np.mean([one.mean() for one in off]))
        note += f"; {_direction(bias, error, digits)}"
    half = float(stats.norm.isf(ALPHA / 2)) * float(
        np.mean([stats.sem(signed_gaps(*one)) for one in pairs])
    )
    lower = max(0.0, error - usual - half)
    ends = Interval(level=1 - ALPHA, lower=lower, upper=error + half)
    return Reading(arm, flag, note, excess, ends, p=p, n_used=len(runs[0].labels))


def signed_gaps(sure: Array, correct: Array) -> Array:
    """What each row adds to the calibration error of its bin, shape (N,)."""
    bins = np.minimum((sure * BINS).astype(np.int64), BINS - 1)
    off = sure - correct
    signs = np.sign(np.bincount(bins, weights=off, minlength=BINS))
    found: Array = signs[bins] * off
    return found


def brier_rows(outputs: Outputs) -> Array:
    """Squared error of each row's probabilities, over all classes; from 0 to 2."""
    odds = special.softmax(outputs.logits.astype(np.float64), axis=1)
    odds[np.arange(len(odds)), outputs.labels] -= 1
    squared: Array = (odds**2).sum(axis=1)
    return squared


def loss_rows(outputs: Outputs) -> Array:
    """Minus the log-likelihood of each row's label, in nats."""
    logs = special.log_softmax(outputs.logits.astype(np.float64), axis=1)
    lost: Array = -logs[np.arange(len(logs)), outputs.labels]
    return lost


def _mean(runs: Sequence[Array], *, most: int) -> str:
    value = float(np.mean([one.mean() for one in runs]))
    return f"{value:.{decimals(standard_error(runs), most=most)}f}"


def standard_error(runs: Sequence[Array]) -> float:
    """Of a mean over rows and runs: by the rows or by the runs, whichever is larger."""
    rows = float(np.mean([stats.sem(one) for one in runs]))
    if len(runs) < 2:
        return rows
    return max(rows, float(stats.sem([one.mean() for one in runs])))


def decimals(error: float, *, most: int) -> int:
    """Decimals a value with this standard error deserves, as everywhere in a report."""
    if error <= 0:
        return 3
    place = floor(log10(error))
    wanted = -place + (1 if error / 10**place < 3 else 0)
    return min(max(wanted, 2), most)


def _direction(bias: float, error: float, digits: int) -> str:
    """Confidence less accuracy in words, where the bins agree about its sign."""
    if abs(bias) < error / 2:
        return "too confident in some bins and not enough in others"
    kind = "too confident" if bias > 0 else "not confident enough"
    return f"on average {kind} by {abs(bias):.{digits}f}"


def resampled(sure: Array, correct: Array) -> tuple[float, float, float, float]:
    """Calibration error, then of perfect calibration: mean, (b + 1) / (B + 1), 95 %."""
    bins = np.minimum((sure * BINS).astype(np.int64), BINS - 1)
    within = np.zeros((len(sure), BINS), dtype=np.float32)
    within[np.arange(len(sure)), bins] = 1
    rng = np.random.default_rng(len(sure))
    answers = np.empty((DRAWS + 1, len(sure)), dtype=np.float32)
    answers[0] = correct
    answers[1:] = rng.random((DRAWS, len(sure)), dtype=np.float32) < sure
    gaps = answers @ within - sure @ within  # (B + 1, bins)
    errors = np.abs(gaps).sum(axis=1) / len(sure)
    reached = int((errors[1:] >= errors[0]).sum())
    usual, high = float(errors[1:].mean()), float(np.quantile(errors[1:], 0.95))
    return float(errors[0]), usual, (reached + 1) / (DRAWS + 1), high


MISCALIBRATED = Detector(
    name="miscalibrated",
    title="miscalibration",
    statistic_name="calibration error beyond that of a perfectly calibrated model",
    threshold="p < 0.05 by drawing answers from the confidences; over an arm's first "
    "three runs, twice the median",
    source="Bröcker & Smith (2007); Brier (1950), summed over classes",
    false_positives="1 of 2,400 clean arms",
    read=_read,
)
