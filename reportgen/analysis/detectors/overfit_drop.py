"""Overfitting: the last epoch scores lower on test rows than the selected one."""

import numpy as np
from scipy import stats

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import smallest_margin
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.evidence.scores import mean_interval

FEWEST_SEEDS = 3
SET = "test"  # never the split that the epoch was chosen on


def _read(results: Results) -> list[Reading | Missing]:
    metric = next(iter(results.metrics.values()))
    sign = 1.0 if metric.higher_is_better else -1.0
    margin = smallest_margin(results, metric.name)
    found: list[Reading | Missing] = []
    for arm in results.study_arms:
        best = results.scores(arm, f"{SET}.{metric.name}", "best")
        last = results.scores(arm, f"{SET}.{metric.name}", "last")
        drops = np.array(
            [
                sign * (high - low)
                for high, low in zip(best, last, strict=True)
                if high is not None and low is not None
            ]
        )
        if results.selection_metric(arm).startswith(f"{SET}."):
            found.append(Missing(arm, "the epoch was chosen on the test rows"))
        elif len(drops) < FEWEST_SEEDS:
            found.append(Missing(arm, f"needs {FEWEST_SEEDS} completed runs"))
        elif np.ptp(drops) == 0:
            found.append(Missing(arm, "the drop is the same in every run"))
        else:
            interval = mean_interval(drops)
            mean = float(drops.mean())
            p = float(stats.ttest_1samp(drops, 0.0, alternative="greater").pvalue)
            flag = interval.lower > 0 and mean >= margin
            note = (
                f"{metric.title} falls by {mean:.3f} from the selected epoch to the "
                "last; alone this may be the luck of selection, with a rising "
                "validation loss it is overfitting"
                if flag
                else f"no drop of {margin:g} or more is shown"
            )
            n = len(drops)
            found.append(Reading(arm, flag, note, mean, interval, p=p, n_used=n))
    return found


OVERFIT_DROP = Detector(
    name="overfit_drop",
    title="overfitting by drop",
    statistic_name="mean drop from the selected to the last epoch on test rows",
    threshold="95 % interval above 0 and a mean drop of at least the smallest margin",
    source="the 95 % interval, as for verdicts; the margin is a convention",
    false_positives="none of 2,400 clean arms at a margin of 0.05; 0.020 to 0.026 by "
    "the interval alone",
    read=_read,
)
