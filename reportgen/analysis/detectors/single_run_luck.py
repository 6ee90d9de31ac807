"""Single-run luck: how far one run alone may lie from the mean of its arm.

It describes and never flags: only a number from elsewhere could be called lucky.
"""

from math import sqrt

import numpy as np
from scipy import stats

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import headline, oriented_scores
from reportgen.analysis.evidence.results import Results
from reportgen.records import Array

FEWEST_SEEDS = 3
SET = "test"


def _read(results: Results) -> list[Reading | Missing]:
    metric = headline(results)
    sign = 1.0 if metric.higher_is_better else -1.0
    return [
        _reading(
            arm,
            sign * np.array(list(oriented_scores(results, arm, metric, SET).values())),
        )
        for arm in results.study_arms
    ]


def _reading(arm: str, scores: Array) -> Reading | Missing:
    if len(scores) < FEWEST_SEEDS:
        return Missing(arm, f"needs {FEWEST_SEEDS} completed runs")
    half, mean = prediction_half_width(scores), float(scores.mean())
    note = (
        f"one more run would score from {mean - half:.3f} to {mean + half:.3f}; a "
        "single number in this range is within the luck of a seed"
    )
    return Reading(arm, flag=False, note=note, statistic=half, n_used=len(scores))


def prediction_half_width(scores: Array) -> float:
    """Half of the 95 % interval that one more run falls in."""
    n = len(scores)
    sd = float(scores.std(ddof=1))
    return float(stats.t.isf(0.025, n - 1)) * sd * sqrt(1 + 1 / n)


SINGLE_RUN_LUCK = Detector(
    name="single_run_luck",
    title="luck of a single run",
    statistic_name="half-width of the 95 % prediction interval of one run",
    threshold="none: it describes",
    source="none; Student's interval for one more value",
    false_positives="descriptive, never flagged",
    read=_read,
)
