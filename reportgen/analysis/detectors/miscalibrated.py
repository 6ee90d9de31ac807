"""Miscalibrated: confidence is further from accuracy than chance alone would put it.

Even a perfectly calibrated model has an expected calibration error above zero, so the
error is compared with that of answers drawn from the model's own confidences.

Source: Bröcker & Smith (2007), Weather Forecast. 22:651 (consistency resampling).
"""

import numpy as np

from reportgen.analysis.arm_values import twice_median
from reportgen.analysis.checks import Detector, Missing, Reading
from reportgen.analysis.results import Results
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
    pairs = [(confidence(one)[:MOST_ROWS], one.correct[:MOST_ROWS]) for one in found]
    return _reading(arm, pairs)


def _reading(arm: str, runs: list[tuple[Array, Array]]) -> Reading:
    tests = [resampled(sure, correct) for sure, correct in runs]
    p = twice_median([one[2] for one in tests])
    error, usual, high = (
        float(np.mean([one[place] for one in tests])) for place in (0, 1, 3)
    )
    chance = f"{usual:.3f} is chance, and up to {high:.3f} in 19 of 20 draws"
    bias = float(np.mean([sure.mean() - correct.mean() for sure, correct in runs]))
    flag = p < ALPHA
    note = (
        f"calibration error {error:.3f}, where {chance}; {_direction(bias, error)}"
        if flag
        else f"calibration error {error:.3f}, where {chance}"
    )
    excess = max(0.0, error - usual)
    return Reading(arm, flag, note, excess, p=p, n_used=len(runs[0][0]))


def _direction(bias: float, error: float) -> str:
    """Confidence less accuracy in words, where the bins agree about its sign."""
    if abs(bias) < error / 2:
        return "too confident in some bins and not enough in others"
    kind = "too confident" if bias > 0 else "not confident enough"
    return f"on average {kind} by {abs(bias):.3f}"


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
    source="Bröcker & Smith (2007)",
    false_positives="1 of 2,400 clean arms",
    read=_read,
)
