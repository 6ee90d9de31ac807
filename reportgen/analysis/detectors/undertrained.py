"""Undertrained: the metric that epochs are chosen by still climbs at the end."""

from collections.abc import Sequence

import numpy as np

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import p_above, smallest_margin
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.evidence.scores import mean_interval
from reportgen.metrics.metric import load_metric
from reportgen.records import Array, RunRecord

FEWEST_SEEDS, FEWEST_EPOCHS, FEWEST_POINTS = 3, 10, 5
SHARE = 0.2  # of the epochs, looked back on and projected forward


def _read(results: Results) -> list[Reading | Missing]:
    found: list[Reading | Missing] = []
    for arm in results.study_arms:
        curve = results.selection_metric(arm)
        measure = curve.partition(".")[2].partition("@")[0]
        metric = results.metrics.get(measure) or load_metric(measure)
        sign = 1.0 if metric.higher_is_better else -1.0
        curves = [
            sign * np.array(one.curves[curve], dtype=np.float64)
            for _, one in results.records(arm)
            if _whole(one, curve)
        ]
        if len(curves) < FEWEST_SEEDS:
            why = f"needs {FEWEST_SEEDS} runs with {FEWEST_EPOCHS} epochs of {curve}"
            found.append(Missing(arm, why))
        else:
            found.append(_reading(arm, curves, smallest_margin(results, measure)))
    return found


def _whole(record: RunRecord, curve: str) -> bool:
    values = record.curves.get(curve, ())
    enough = len(values) >= FEWEST_EPOCHS and None not in values
    return record.status == "completed" and enough


def _reading(arm: str, curves: Sequence[Array], margin: float) -> Reading:
    gains = np.array([_projected_gain(curve) for curve in curves])
    interval, mean = mean_interval(gains), float(gains.mean())
    flag = interval.lower > 0 and mean > margin / 2
    last = sum(int(np.argmax(curve)) == len(curve) - 1 for curve in curves)
    chance = sum(1 / len(curve) for curve in curves)
    text = f"{last} of {len(curves)} runs had their best epoch last, {chance:.1f} by "
    text += "chance"
    note = (
        f"still climbing: a fifth more epochs would add about {mean:.3f}; {text}"
        if flag
        else f"no climb that matters is shown over the last epochs; {text}"
    )
    return Reading(
        arm, flag, note, mean, interval, p=p_above(gains), n_used=len(curves)
    )


def _projected_gain(curve: Array) -> float:
    """The last epochs' least-squares slope, times a fifth of all epochs."""
    window = max(FEWEST_POINTS, round(SHARE * len(curve)))
    epochs = np.arange(window) - (window - 1) / 2
    slope = float(epochs @ curve[-window:] / (epochs @ epochs))
    return slope * SHARE * len(curve)


UNDERTRAINED = Detector(
    name="undertrained",
    title="training cut short",
    statistic_name="gain of the selecting metric projected over a fifth more epochs",
    threshold="95 % interval above 0 and a mean above half the smallest margin",
    source="convention",
    false_positives="none of 2,400 clean arms; 0.024 to 0.030 by the slope alone",
    read=_read,
)
