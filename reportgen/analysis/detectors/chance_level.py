"""Chance level: an arm that is not shown to beat the most frequent class.

Accuracy decides, and so does the study's first metric: its yardstick is what the
majority predictor scores by that metric, not 0 or 1/2.

Source: statistical protocol 1.3 (interval over seeds and rows).
"""

import numpy as np
from scipy import stats

from reportgen.analysis.claims.kinds.level import pair_with_yardstick
from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import headline, majority_gains
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import Interval
from reportgen.analysis.statistics.estimate import Estimate, Sample, estimate
from reportgen.metrics.metric import Metric, majority_outputs
from reportgen.spec.claims import CHANCE, ClaimParts

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
    interval = _interval(found)
    flag, told = interval.lower <= 0, _tell(found.mean, interval, "accuracy")
    metric = headline(results)
    if metric.name != "accuracy" and metric.fallback is not None:
        behind, more = _by_headline(results, arm, metric)
        flag, told = flag or behind, f"{told}; {more}"
    alone = f"{_alone(results, arm)} of {found.n} runs do so in accuracy by themselves"
    note = f"{told}; {alone}"
    return Reading(arm, flag, note, found.mean, interval, n_used=found.n)


def _by_headline(results: Results, arm: str, metric: Metric) -> tuple[bool, str]:
    """Whether completed runs are not shown to beat the majority class, and by what."""
    path = f"{SET}.{metric.name}"
    parts = ClaimParts("improves", arm, path, CHANCE, about="level")
    sample = pair_with_yardstick(results, parts, metric).complete
    if sample is None or sample.n < FEWEST_SEEDS:
        return False, f"not checked in {metric.title}"
    found = estimate(sample)
    interval = _interval(found)
    return interval.lower <= 0, _tell(found.mean, interval, metric.title)


def _interval(found: Estimate) -> Interval:
    """The 95 % interval; a point where nothing varies."""
    lower, upper = (
        found.interval(0.95) if found.determined else (found.mean, found.mean)
    )
    return Interval(level=0.95, lower=lower, upper=upper)


def _tell(mean: float, interval: Interval, title: str) -> str:
    if interval.lower > 0:
        return f"beats the majority class by {mean:.3f} in {title}"
    ends = f"{interval.lower:.3f} to {interval.upper:.3f}"
    return f"not shown to beat the majority class in {title} ({ends})"


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
    threshold="95 % interval over seeds and rows reaches 0, in accuracy or in the "
    "study's first metric over that of the majority class",
    source="the 95 % interval, as for verdicts",
    false_positives="none of 2,400 arms that were right on 85 % of the rows, "
    "600 of them with HWA as the first metric; a flag is missing evidence, not "
    "evidence of chance",
    read=_read,
)
