"""Seed gap: runs of one arm that fall into two groups with nothing between.

A dip test finds two groups at ten seeds in hardly any case, so a rule of gaps is used.
"""

import numpy as np

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import (
    headline,
    read_scores,
    smallest_margin,
    word_seeds,
)
from reportgen.analysis.evidence.results import Results

FEWEST_SEEDS = 5  # with three, most samples have one gap much wider than the other
TIMES = 5
SET = "test"


def _read(results: Results) -> list[Reading | Missing]:
    margin = smallest_margin(results, headline(results).name)
    return read_scores(results, SET, lambda arm, own: _reading(arm, own, margin))


def _reading(arm: str, scores: dict[int, float], margin: float) -> Reading | Missing:
    if len(scores) < FEWEST_SEEDS:
        return Missing(arm, f"needs {FEWEST_SEEDS} completed runs")
    ordered = sorted(scores, key=lambda seed: scores[seed])
    gaps = np.diff([scores[seed] for seed in ordered])
    second, widest = np.sort(gaps)[-2:]
    if widest == 0:
        return Missing(arm, "all runs have one and the same score")
    flag = bool(widest > TIMES * second and widest > margin)
    place = int(np.argmax(gaps)) + 1
    note = (
        _groups(ordered[:place], ordered[place:], float(widest))
        if flag
        else f"no two groups: the widest gap between neighbours is {widest:.3f}"
    )
    return Reading(arm, flag, note, float(widest), n_used=len(scores))


def _groups(below: list[int], above: list[int], gap: float) -> str:
    for few, where in ((below, "below"), (above, "above")):
        if len(few) == 1:
            return f"seed {few[0]} stands {gap:.3f} {where} all others"
    return (
        f"two groups, {gap:.3f} apart: seeds {word_seeds(below)} below and seeds "
        f"{word_seeds(above)} above; a mean stands for neither"
    )


SEED_GAP = Detector(
    name="seed_gap",
    title="runs in two groups",
    statistic_name="widest gap between neighbouring scores",
    threshold="above 5 times the second widest, and above the smallest margin",
    source="convention",
    false_positives="0.003 of 800 clean arms of 5 seeds at a margin of 0.05; 0.05, "
    "0.02 and 0.01 at 5, 7 and 10 seeds, were the margin 0",
    read=_read,
    no_interval="the widest gap of so many runs is a feature of these runs, not of the "
    "arm, and resampling runs would add ties and no gap that was not seen",
)
