"""Order insensitive: answers that stay as good when tokens come in another order.

The same checkpoint answers the test rows and shuffled copies of them. Each row's loss
is averaged over its orders, so that one lucky order decides nothing.
"""

from dataclasses import dataclass

import numpy as np

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import headline, smallest_margin
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.evidence.shuffles import shuffled_sets
from reportgen.analysis.findings.study import Interval
from reportgen.analysis.statistics.estimate import Sample, estimate
from reportgen.metrics.metric import Metric, Outputs
from reportgen.records import Array

FEWEST_SEEDS, FEWEST_ORDERS = 3, 5
LEVEL = 0.90  # of two one-sided tests at 5 %
SET = "test"


@dataclass(frozen=True)
class Answered:
    """One run's answers to the test rows, and to each of their orders."""

    usual: Outputs
    shuffled: Outputs

    def drop(self, metric: Metric) -> tuple[float, Array | None]:
        """Loss of score by shuffling; of each row too, where the score has rows."""
        sign = 1.0 if metric.higher_is_better else -1.0
        if metric.rows is None:
            return sign * (metric.value(self.usual) - metric.value(self.shuffled)), None
        usual, shuffled = metric.rows(self.usual), metric.rows(self.shuffled)
        rows = sign * (usual - shuffled.reshape(-1, len(usual)).mean(axis=0))  # (N,)
        return float(rows.mean()), rows

    @property
    def unmoved(self) -> bool:
        """Whether every answer is the same under every order."""
        usual = self.usual.predictions
        return bool((self.shuffled.predictions.reshape(-1, len(usual)) == usual).all())


def _read(results: Results) -> list[Reading | Missing]:
    shifts = shuffled_sets(results.study)
    if not shifts:
        return [Missing("every arm", "no shift shuffles the tokens of test rows")]
    return [
        _arm(results, arm, shift, orders)
        for shift, orders in shifts.items()
        for arm in results.study_arms
        if shift in results.sets(arm)
    ]


def _arm(results: Results, arm: str, shift: str, orders: int) -> Reading | Missing:
    subject = f"{arm}: {shift}"
    if orders < FEWEST_ORDERS:
        why = f"needs {FEWEST_ORDERS} orders of each row (copies: {FEWEST_ORDERS})"
        return Missing(subject, why)
    runs = [
        found
        for seed in results.seeds(arm)
        if (found := _answered(results, arm, seed, shift)) is not None
    ]
    if len(runs) < FEWEST_SEEDS:
        return Missing(subject, f"needs {FEWEST_SEEDS} completed runs on both sets")
    metric = headline(results)
    return _reading(subject, runs, metric, smallest_margin(results, metric.name))


def _answered(results: Results, arm: str, seed: int, shift: str) -> Answered | None:
    """A run's answers, without rows that look the same in any order."""
    rule = results.selected(arm)
    usual, shuffled = (results.outputs(arm, seed, name, rule) for name in (SET, shift))
    record = results.record(arm, seed)
    if usual is None or shuffled is None or record is None:
        return None
    copies, rest = divmod(len(shuffled.labels), len(usual.labels))
    if rest or not np.array_equal(np.tile(usual.labels, copies), shuffled.labels):
        return None
    inputs = results.arrays.get(record.arrays.get(f"inputs/{SET}", ""))
    if inputs is None:
        return Answered(usual, shuffled)
    ordered = (inputs != inputs[:, :1]).any(axis=(1, 2))  # (N,)
    return Answered(_only(usual, ordered), _only(shuffled, np.tile(ordered, copies)))


def _only(outputs: Outputs, rows: Array) -> Outputs:
    columns = {name: values[rows] for name, values in outputs.columns.items()}
    return Outputs(outputs.logits[rows], outputs.labels[rows], columns)


def _reading(
    subject: str, runs: list[Answered], metric: Metric, margin: float
) -> Reading | Missing:
    if all(run.unmoved for run in runs):
        note = "order-insensitive: no answer changes with the order"
        return Reading(
            subject,
            flag=True,
            note=note,
            statistic=0.0,
            n_used=len(runs),
            settled=True,
            no_interval="no answer changed in any run, so nothing varies",
        )
    drops = [run.drop(metric) for run in runs]
    effects = np.array([drop for drop, _ in drops])
    rows = [row for _, row in drops if row is not None]
    whole = len(rows) == len(runs) and len({len(row) for row in rows}) == 1
    found = estimate(Sample(effects, np.stack(rows) if whole else None))
    if not found.determined:
        return Missing(subject, "the drop is the same in every run")
    lower, upper = found.interval(LEVEL)
    flag = -margin < lower and upper < margin
    strict, _ = found.interval(0.95)
    moves = "falls" if found.mean > 0 else "rises"
    note = f"{metric.title} {moves} by {abs(found.mean):.3f} on shuffled rows: "
    if flag:
        note += f"order-insensitive, within {margin:g} of no change"
    elif strict > margin:
        note += f"order-sensitive, by more than {margin:g}"
    else:
        note += f"neither a fall above {margin:g} nor none is shown"
    p = max(found.p_greater(-margin), found.p_less(margin))
    ends = Interval(level=LEVEL, lower=lower, upper=upper)
    return Reading(subject, flag, note, found.mean, ends, p=p, n_used=found.n)


ORDER_INSENSITIVE = Detector(
    name="order_insensitive",
    title="order without effect",
    statistic_name="drop from test rows to shuffled copies of them",
    threshold="90 % interval within the smallest margin of 0",
    source="two one-sided tests at 5 %, as for verdicts",
    false_positives="0.020 to 0.030 of 1,200 arms that lose exactly the margin",
    read=_read,
)
