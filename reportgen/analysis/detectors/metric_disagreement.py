"""Metric disagreement: two metrics of one kind say opposite things of a variant."""

from collections.abc import Iterator
from math import copysign

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import headline
from reportgen.analysis.evidence.pairs import Side, pair_runs
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import Interval
from reportgen.analysis.statistics.estimate import Estimate, estimate
from reportgen.metrics.metric import Metric
from reportgen.spec.model import BASELINE

FEWEST_PAIRS = 3
SET = "test"


def _read(results: Results) -> list[Reading | Missing]:
    first = headline(results)
    others = [
        one
        for one in results.metrics.values()
        if one.name != first.name
        and (one.unit, one.higher_is_better) == (first.unit, first.higher_is_better)
    ]
    if not others:
        return [Missing("every arm", f"no other metric is of a kind with {first.name}")]
    return [
        reading
        for arm in results.study_arms
        if arm != BASELINE
        for reading in _compare(results, arm, first, others)
    ]


def _compare(
    results: Results, arm: str, first: Metric, others: list[Metric]
) -> Iterator[Reading | Missing]:
    one = _difference(results, arm, first)
    for metric in others:
        subject = f"{arm}: {first.name} and {metric.name}"
        other = None if one is None else _difference(results, arm, metric)
        if one is None or other is None:
            why = f"needs {FEWEST_PAIRS} pairs of completed runs that vary"
            yield Missing(subject, why)
        else:
            yield _reading(subject, one, other)


def _difference(results: Results, arm: str, metric: Metric) -> Estimate | None:
    sides = (Side(name, SET, results.selected(name)) for name in (arm, BASELINE))
    sample = pair_runs(results, metric, *sides).complete
    if sample is None or sample.n < FEWEST_PAIRS:
        return None
    found = estimate(sample)
    return found if found.determined else None


def _reading(subject: str, one: Estimate, other: Estimate) -> Reading:
    (low, high), (lower, upper) = one.interval(0.95), other.interval(0.95)
    flag = (low > 0 and upper < 0) or (high < 0 and lower > 0)
    note = (
        f"one says {one.mean:+.3f} and the other {other.mean:+.3f} against the "
        "baseline, and neither can be zero"
        if flag
        else "the two are not shown to disagree about the baseline"
    )
    # Negative where the points disagree, as large as the smaller of the two.
    nearer, mean = min(
        ((low, high), one.mean), ((lower, upper), other.mean), key=lambda it: abs(it[1])
    )
    agreement = abs(mean) if one.mean * other.mean >= 0 else -abs(mean)
    # The interval of the nearer one, turned over where its sign was.
    turn = copysign(1.0, agreement * mean)
    ends = sorted(turn * end for end in nearer)
    interval = Interval(level=0.95, lower=ends[0], upper=ends[1])
    return Reading(subject, flag, note, agreement, interval, n_used=one.n)


METRIC_DISAGREEMENT = Detector(
    name="metric_disagreement",
    title="metrics that disagree",
    statistic_name="smaller of the two differences, negative where signs differ",
    threshold="differences of opposite signs, both 95 % intervals without 0",
    source="the 95 % interval, as for verdicts",
    false_positives="none of 1,200 clean pairs of metrics",
    read=_read,
)
