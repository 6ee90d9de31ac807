"""Chance level: an arm that is not shown to beat the most frequent class."""

import numpy as np
from scipy import stats

from reportgen.analysis.arm_values import majority_gains
from reportgen.analysis.checks import Detector, Missing, Reading
from reportgen.analysis.estimate import Sample, estimate
from reportgen.analysis.findings import Interval
from reportgen.analysis.results import Results
from reportgen.metrics.metric import majority_outputs

FEWEST_SEEDS = 3
ALPHA = 0.05
SET = "test"


def _read(results: Results) -> list[Reading | Missing]:
    return [_reading(results, arm) for arm in results.study_arms]


def _reading(results: Results, arm: str) -> Reading | Missing:
    rows = majority_gains(results, arm, SET)
    if len(rows) < FEWEST_SEEDS or len({len(one) for one in rows}) > 1:
        return Missing(arm, f"needs {FEWEST_SEEDS} completed runs on the same rows")
    gains = np.stack(rows)
    found = estimate(Sample(gains.mean(axis=1), gains))
    if not found.determined:
        lower = upper = found.mean
    else:
        lower, upper = found.interval(0.95)
    flag = lower <= 0
    note = (
        "not shown to beat the majority class"
        if flag
        else f"beats the majority class by {found.mean:.3f} in accuracy"
    )
    note += f"; {_alone(results, arm)} of {found.n} runs do so by themselves"
    interval = Interval(level=0.95, lower=lower, upper=upper)
    return Reading(arm, flag, note, found.mean, interval, n_used=found.n)


def _alone(results: Results, arm: str) -> int:
    """Runs whose count of right answers one guesser in twenty would reach at most."""
    count = 0
    for seed in results.seeds(arm):
        outputs = results.outputs(arm, seed, SET, results.selected(arm))
        if outputs is not None:
            share = float(majority_outputs(outputs).correct.mean())
            right, rows = int(outputs.correct.sum()), len(outputs.labels)
            # P(at least so many right), exactly.
            count += bool(stats.binom.sf(right - 1, rows, share) < ALPHA)
    return count


CHANCE_LEVEL = Detector(
    name="chance_level",
    title="chance level",
    statistic_name="accuracy over the majority class",
    threshold="95 % interval over seeds and rows reaches 0",
    source="the 95 % interval, as for verdicts",
    false_positives="none of 2,400 arms that were right on 85 % of the rows; a flag "
    "is missing evidence, not evidence of chance",
    read=_read,
)
