"""Outlier seed: a run far below the others of its arm.

Source: Iglewicz & Hoaglin (1993), How to Detect and Handle Outliers.
"""

import numpy as np

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import (
    headline,
    read_scores,
    smallest_margin,
)
from reportgen.analysis.evidence.results import Results

FEWEST_SEEDS = 7
LIMIT = -3.5
TO_SD = 1.4826  # of the median absolute deviation of normal values
SET = "test"


def _read(results: Results) -> list[Reading | Missing]:
    margin = smallest_margin(results, headline(results).name)
    return read_scores(results, SET, lambda arm, own: _reading(arm, own, margin))


def _reading(arm: str, scores: dict[int, float], margin: float) -> Reading | Missing:
    if len(scores) < FEWEST_SEEDS:
        return Missing(arm, f"needs {FEWEST_SEEDS} completed runs")
    values = np.array(list(scores.values()))
    gaps = values - np.median(values)
    deviation = TO_SD * float(np.median(np.abs(gaps)))
    if deviation == 0:
        return Missing(arm, "most runs have one and the same score")
    far = (gaps / deviation < LIMIT) & (gaps < -margin)
    names = ", ".join(
        str(seed) for seed, is_far in zip(scores, far, strict=True) if is_far
    )
    note = (
        f"far below the other runs: seeds {names}; they stay in every mean"
        if names
        else "no run lies far below the others"
    )
    lowest = float((gaps / deviation).min())
    return Reading(arm, bool(names), note, lowest, n_used=len(values))


OUTLIER_SEED = Detector(
    name="outlier_seed",
    title="outlying seeds",
    statistic_name="smallest modified z of a run (from median and MAD)",
    threshold="below -3.5, and more than the smallest margin below the median",
    source="Iglewicz & Hoaglin (1993); the margin is a convention",
    false_positives="0.028 of 800 clean arms of 10 seeds at a margin of 0.05; at most "
    "0.10, 0.07 and 0.06 at 7, 10 and 20 seeds, were the margin 0",
    read=_read,
    no_interval="the lowest of so many runs is a feature of these runs, not of the "
    "arm: with more runs it only falls, and resampling them shows none lower still",
)
