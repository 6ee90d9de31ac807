"""Overfitting: validation loss rises while training loss still falls."""

from collections.abc import Sequence

import numpy as np

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import p_above
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.evidence.scores import mean_interval
from reportgen.analysis.findings.study import Interval
from reportgen.records import Array, RunRecord

FEWEST_SEEDS, FEWEST_EPOCHS, FEWEST_POINTS = 3, 10, 5
RISE = 0.01  # of the best validation loss


def _slopes(records: Sequence[RunRecord], curve: str) -> Array:
    """Least-squares slope per epoch over the last half of each run's curve."""
    found = []
    for record in records:
        values = np.array(record.curves[curve], dtype=np.float64)
        window = max(FEWEST_POINTS, len(values) // 2)
        epochs = np.arange(window) - (window - 1) / 2
        found.append(float(epochs @ values[-window:] / (epochs @ epochs)) * window)
    return np.array(found)


def _whole(record: RunRecord) -> bool:
    curves = [record.curves.get(name, ()) for name in ("train.loss", "dev.loss")]
    return record.status == "completed" and all(
        len(curve) >= FEWEST_EPOCHS and None not in curve for curve in curves
    )


def _read(results: Results) -> list[Reading | Missing]:
    found: list[Reading | Missing] = []
    for arm in results.study_arms:
        records = [one for _, one in results.records(arm) if _whole(one)]
        if len(records) < FEWEST_SEEDS:
            why = (
                f"needs {FEWEST_SEEDS} runs with {FEWEST_EPOCHS} epochs of both losses"
            )
            found.append(Missing(arm, why))
            continue
        found.append(_reading(arm, records))
    return found


def _reading(arm: str, records: Sequence[RunRecord]) -> Reading:
    dev, train = _slopes(records, "dev.loss"), _slopes(records, "train.loss")
    curves = [np.array(one.curves["dev.loss"], dtype=np.float64) for one in records]
    best = float(np.mean([curve.min() for curve in curves]))
    growth = _gap_growth(records)
    rises, falls = _interval(dev), _interval(train)
    flag = rises.lower > RISE * best and falls.upper < 0
    p = max(p_above(dev - RISE * best), p_above(-train))
    gap = f"the gap of the losses grows by {growth.mean():.3f}"
    text = f"after the best epoch {gap} ({_ends(_interval(growth))})"
    note = (
        f"validation loss rises, at best {best:.3f}; {text}"
        if flag
        else f"no rise of validation loss is shown while training loss falls; {text}"
    )
    mean = float(dev.mean())
    return Reading(arm, flag, note, mean, rises, p=p, n_used=len(records))


def _gap_growth(records: Sequence[RunRecord]) -> Array:
    """By run, how much validation less training loss grows after its best epoch."""
    found = []
    for record in records:
        dev, train = (
            np.array(record.curves[name], dtype=np.float64)
            for name in ("dev.loss", "train.loss")
        )
        gap = dev - train
        found.append(float(gap[-1] - gap[int(np.argmin(dev))]))
    return np.array(found)


def _ends(interval: Interval) -> str:
    return f"95 % CI {interval.lower:+.3f} to {interval.upper:+.3f}"


def _interval(values: Array) -> Interval:
    if np.ptp(values) == 0:
        return Interval(level=0.95, lower=float(values[0]), upper=float(values[0]))
    return mean_interval(values)


OVERFIT_SLOPE = Detector(
    name="overfit_slope",
    title="overfitting by slope",
    statistic_name="mean rise of validation loss over the last half of training",
    threshold="95 % interval of the rise above 1 % of the best validation loss, and "
    "training loss falling",
    source="convention",
    false_positives="0.016, 0.007 and 0.004 of 800 clean arms at 3, 5 and 10 seeds",
    read=_read,
)
