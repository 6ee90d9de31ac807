"""Selection on test: a choice that looked at the rows it is reported on.

Test rows are answered at the reported epoch and at the last one only, so there is no
best epoch on test rows to hold a reported one against.
"""

import numpy as np
from scipy import integrate, stats

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import headline, oriented_scores
from reportgen.analysis.evidence.results import Results

CHOSEN_ON = ("train", "dev")
FEWEST_SEEDS = 3
SET = "test"
BEST = "best of all arms"


def _read(results: Results) -> list[Reading | Missing]:
    return [*(_arm(results, arm) for arm in results.study_arms), _best(results)]


def _arm(results: Results, arm: str) -> Reading | Missing:
    """Where the epoch of an arm was chosen; structural, so without any statistic."""
    metric = results.selection_metric(arm)
    chosen = results.selected(arm) == "best"
    flag = chosen and metric.partition(".")[0] not in CHOSEN_ON
    note = f"the reported epoch has the best {metric}" if chosen else "the last epoch"
    if flag:
        note += ": scores on those rows flatter"
    runs = sum(1 for _ in results.records(arm))
    if not runs:
        return Missing(arm, "no run has ended")
    return Reading(arm, flag, note, n_used=runs, settled=flag)


def _best(results: Results) -> Reading | Missing:
    """What naming the best arm by its test mean would add by luck alone."""
    metric = headline(results)
    scores = [
        np.array(list(oriented_scores(results, arm, metric, SET).values()))
        for arm in results.study_arms
    ]
    errors = [
        float(one.std(ddof=1)) / np.sqrt(len(one))
        for one in scores
        if len(one) >= FEWEST_SEEDS
    ]
    if len(errors) < 2:
        return Missing(BEST, f"needs two arms with {FEWEST_SEEDS} completed runs")
    error = float(np.sqrt(np.mean(np.square(errors))))
    luck = error * expected_normal_maximum(len(errors))
    note = (
        f"of {len(errors)} equal arms the best test mean would lie {luck:.3f} above "
        "the truth; claims name their arms beforehand and are free of this"
    )
    return Reading(BEST, flag=False, note=note, statistic=luck, n_used=len(errors))


def expected_normal_maximum(k: int) -> float:
    """Expected largest of k independent standard normal values."""

    def density(x: float) -> float:
        return float(k * x * stats.norm.pdf(x) * stats.norm.cdf(x) ** (k - 1))

    value, _ = integrate.quad(density, -10, 10)
    return float(value)


SELECTION_ON_TEST = Detector(
    name="selection_on_test",
    title="selection on test rows",
    statistic_name="what choosing the best arm by its test mean would add by luck",
    threshold="an epoch chosen by anything but train and dev scores",
    source="structural",
    false_positives="structural: none",
    read=_read,
)
