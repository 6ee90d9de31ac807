"""Unstable: a variant's scores vary more over seeds than the baseline's.

Source: Brown & Forsythe (1974), J. Am. Stat. Assoc. 69:364.
"""

from math import sqrt

import numpy as np
from scipy import stats

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import headline, oriented_scores
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import Interval
from reportgen.records import Array
from reportgen.spec.model import BASELINE

FEWEST_SEEDS = 10  # an arm; below, the test hardly ever rejects
ALPHA = 0.05
SET = "test"


def _read(results: Results) -> list[Reading | Missing]:
    metric = headline(results)
    values = {
        arm: np.array(list(oriented_scores(results, arm, metric, SET).values()))
        for arm in results.study_arms
    }
    usual = values.pop(BASELINE, np.array([]))
    return [_reading(arm, own, usual) for arm, own in values.items()]


def _reading(arm: str, own: Array, usual: Array) -> Reading | Missing:
    fewest = min(len(own), len(usual))
    if fewest < 2 or np.ptp(own) == 0 or np.ptp(usual) == 0:
        return Missing(arm, f"needs {FEWEST_SEEDS} completed runs an arm that vary")
    ratio = float(own.std(ddof=1) / usual.std(ddof=1))
    if fewest < FEWEST_SEEDS:
        why = f"needs {FEWEST_SEEDS} completed runs an arm; the SD ratio is {ratio:.2f}"
        return Missing(arm, why)
    p = float(stats.levene(own, usual, center="median").pvalue)
    degrees = (len(own) - 1, len(usual) - 1)
    upper, lower = (float(stats.f.ppf(tail, *degrees)) for tail in (0.025, 0.975))
    ends = Interval(level=0.95, lower=ratio / sqrt(lower), upper=ratio / sqrt(upper))
    flag = p < ALPHA and ratio > 1
    note = (
        f"scores vary {ratio:.1f} times as much over seeds as the baseline's"
        if flag
        else "scores are not shown to vary more than the baseline's"
    )
    return Reading(arm, flag, note, ratio, ends, p=p, n_used=len(own) + len(usual))


UNSTABLE_VS_BASELINE = Detector(
    name="unstable_vs_baseline",
    title="less stable than the baseline",
    statistic_name="SD over seeds over the baseline's",
    threshold="above 1 with p < 0.05 (Brown-Forsythe)",
    source="Brown & Forsythe (1974)",
    false_positives="0.013 of 400 clean arms at 10 seeds",
    read=_read,
)
