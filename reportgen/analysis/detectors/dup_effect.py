"""Effect of duplicates: are test rows that occur in training answered better?

Where they are, only verdicts on the other rows speak of new data.
"""

import numpy as np

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import headline
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import Interval
from reportgen.analysis.statistics.estimate import Sample, estimate
from reportgen.metrics.metric import Metric, Outputs
from reportgen.records import Array

FEWEST_ROWS = 30
FEWEST_SEEDS = 3
SET = "test"


def _read(results: Results) -> list[Reading | Missing]:
    metric = headline(results)
    if metric.rows is None:
        return [Missing("every arm", f"{metric.title} is no mean of rows")]
    masks = {arm: results.clean_mask(arm) for arm in results.study_arms}
    repeated = {
        arm: int((~mask).sum()) for arm, mask in masks.items() if mask is not None
    }
    if not repeated:
        return [Missing("every arm", "the rows fed were not kept")]
    if max(repeated.values()) < FEWEST_ROWS:
        held = max(repeated.values())
        why = f"needs {FEWEST_ROWS} test rows that occur in training; there are {held}"
        return [Missing("every arm", why)]
    return [_arm(results, metric, arm, masks[arm]) for arm in results.study_arms]


def _arm(
    results: Results, metric: Metric, arm: str, clean: Array | None
) -> Reading | Missing:
    if clean is None or min((~clean).sum(), clean.sum()) < FEWEST_ROWS:
        return Missing(arm, f"needs {FEWEST_ROWS} rows of either kind")
    rule = results.selected(arm)
    found = [results.outputs(arm, seed, SET, rule) for seed in results.seeds(arm)]
    outputs = [one for one in found if one is not None]
    if len(outputs) < FEWEST_SEEDS:
        return Missing(arm, f"needs {FEWEST_SEEDS} completed runs")
    sample = repeated_against_clean(metric, outputs, clean)
    effect = estimate(sample)
    if not effect.determined:
        return Missing(arm, "nothing varies between runs")
    lower, upper = effect.interval(0.95)
    flag = lower > 0
    note = (
        f"{metric.title} is better on rows that occur in training: only verdicts on "
        "the other rows speak of new data"
        if flag
        else f"{metric.title} is not shown to be better on rows that occur in training"
    )
    return Reading(
        arm,
        flag,
        note,
        effect.mean,
        Interval(level=0.95, lower=lower, upper=upper),
        p=min(1.0, 2 * effect.p_greater(0.0)),
        n_used=int((~clean).sum()),
        expected=0.0,
    )


def repeated_against_clean(
    metric: Metric, outputs: list[Outputs], clean: Array
) -> Sample:
    """What each run scores on repeated rows over what it scores on clean ones.

    Oriented: positive where it is better on repeated rows. The two kinds of rows vary
    independently of each other.

    Args:
        metric: a mean of rows.
        outputs: one per run, on the same rows.
        clean: shape (N,).
    """
    if metric.rows is None:
        raise ValueError(f"{metric.name} is no mean of rows")
    sign = 1.0 if metric.higher_is_better else -1.0
    repeated, others = (
        np.stack([sign * metric.rows(_taken(one, mask)) for one in outputs])
        for mask in (~clean, clean)
    )
    effects = repeated.mean(axis=1) - others.mean(axis=1)
    return Sample(effects, repeated, others)


def _taken(outputs: Outputs, mask: Array) -> Outputs:
    columns = {name: values[mask] for name, values in outputs.columns.items()}
    return Outputs(outputs.logits[mask], outputs.labels[mask], columns)


DUP_EFFECT = Detector(
    name="dup_effect",
    title="test rows answered better because they occur in training",
    statistic_name="score on repeated test rows over that on clean ones",
    threshold="95 % interval over seeds and rows above 0",
    source="the 95 % interval, as for verdicts",
    false_positives="0.034 to 0.040 of 800 clean studies",
    read=_read,
)
