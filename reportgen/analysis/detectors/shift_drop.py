"""Shift drop: what a shift of the rows costs an arm, next to the baseline's cost.

A raw drop favours weak models, which have less to lose, so a variant is compared by the
difference of the two drops, the share of what lies above chance is told beside it, and
a line through all arms says how much more an arm drops that scores higher.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import headline, oriented_scores
from reportgen.analysis.evidence.pairs import Side, pair_runs
from reportgen.analysis.evidence.results import Results, row_identity
from reportgen.analysis.evidence.shuffles import shuffled_sets
from reportgen.analysis.findings.study import Interval
from reportgen.analysis.statistics.estimate import Estimate, Sample, estimate
from reportgen.metrics.metric import Metric
from reportgen.records import Array
from reportgen.spec.model import BASELINE

FEWEST_SEEDS, FEWEST_ARMS = 3, 5
SPLITS = ("train", "dev", "test")
SET = "test"
# Its rows are no part of a drop, so that no lucky row moves both axes of the line.
LEVELS = "dev"


@dataclass(frozen=True)
class Drops:
    """One arm's drops from test to one shifted set, by seed, with their rows."""

    sample: Sample
    seeds: tuple[int, ...]
    rows: tuple[tuple[tuple[str, str], ...], ...]  # identities of both sets
    share: float | None  # of what lies above chance


def _read(results: Results) -> list[Reading | Missing]:
    found: list[Reading | Missing] = []
    apart = (*SPLITS, *shuffled_sets(results.study))
    shifts = [name for name in results.sets() if name not in apart]
    if not shifts:
        return [Missing("every arm", "the study has no shifted sets")]
    for shift in shifts:
        drops = {arm: _drops(results, arm, shift) for arm in results.study_arms}
        usual = drops.get(BASELINE)
        for arm, own in drops.items():
            compared = None if arm == BASELINE else usual
            if own is None or (arm != BASELINE and compared is None):
                why = f"needs {FEWEST_SEEDS} completed runs on both sets"
                found.append(Missing(f"{arm}: {shift}", why))
            else:
                found.append(_reading(f"{arm}: {shift}", own, compared))
        found.append(_line(results, f"all arms: {shift}", drops))
    return found


def _drops(results: Results, arm: str, shift: str) -> Drops | None:
    metric, rule = headline(results), results.selected(arm)
    if shift not in results.sets(arm):
        return None
    sides = (Side(arm, SET, rule), Side(arm, shift, rule))
    pairs = pair_runs(results, metric, *sides)
    if pairs.complete is None or pairs.complete.n < FEWEST_SEEDS:
        return None
    record = results.record(arm, pairs.complete_seeds[0])
    rows = tuple(row_identity(record, one) for one in (SET, shift)) if record else ()
    share = _share(results, metric, pairs.complete.effects, sides[0])
    return Drops(pairs.complete, pairs.complete_seeds, rows, share)


def _share(results: Results, metric: Metric, drops: Array, side: Side) -> float | None:
    """The mean drop over what the arm scores above the most frequent class."""
    outputs = results.unanswered(side.arm, SET)
    name = f"{SET}.{metric.name}"
    scores = [
        one for one in results.scores(side.arm, name, side.rule) if one is not None
    ]
    if outputs is None or metric.fallback is None or not scores:
        return None
    sign = 1.0 if metric.higher_is_better else -1.0
    above = sign * (float(np.mean(scores)) - float(metric.fallback(outputs)))
    return float(drops.mean()) / above if above > 0 else None


def _reading(subject: str, own: Drops, usual: Drops | None) -> Reading | Missing:
    shared = [s for s in own.seeds if usual is None or s in usual.seeds]
    if len(shared) < FEWEST_SEEDS:
        return Missing(subject, f"needs {FEWEST_SEEDS} seeds that both arms completed")
    sample = own.sample.take([own.seeds.index(seed) for seed in shared])
    if usual is not None:
        other = usual.sample.take([usual.seeds.index(seed) for seed in shared])
        sample = _between(sample, other, same_rows=own.rows == usual.rows)
    found = estimate(sample)
    if not found.determined:
        return Missing(subject, "the drop is the same in every run")
    return _told(subject, own, found, against=usual is not None)


def _between(own: Sample, usual: Sample, *, same_rows: bool) -> Sample:
    """The difference of two drops; rows count only where both arms met the same."""
    effects = own.effects - usual.effects
    if not same_rows or own.rows is None or usual.rows is None:
        return Sample(effects)
    if own.other is None or usual.other is None:
        return Sample(effects, own.rows - usual.rows)
    return Sample(effects, own.rows - usual.rows, own.other - usual.other)


def _told(subject: str, own: Drops, found: Estimate, *, against: bool) -> Reading:
    lower, upper = found.interval(0.95)
    flag = lower > 0 or (against and upper < 0)
    p = min(1.0, 2 * min(found.p_greater(0.0), found.p_less(0.0)))
    drop = float(own.sample.effects.mean())
    note = f"{'falls' if drop > 0 else 'rises'} by {abs(drop):.3f}"
    if own.share is not None and drop > 0:
        note += f", {own.share:.2f} of what lies above chance"
    if against:
        more = "more" if found.mean > 0 else "less"
        note += f"; loses {abs(found.mean):.3f} {more} than the baseline"
        note += "" if flag else ", which is not shown to be a difference"
    elif not flag:
        note += ", which is not shown to be a loss"
    ends = Interval(level=0.95, lower=lower, upper=upper)
    return Reading(subject, flag, note, found.mean, ends, p=p, n_used=found.n)


def _line(
    results: Results, subject: str, drops: Mapping[str, Drops | None]
) -> Reading | Missing:
    """How mean drops go with mean scores over arms; it describes and never flags."""
    metric = headline(results)
    levels, lost = [], []
    for arm, own in drops.items():
        scores = list(oriented_scores(results, arm, metric, LEVELS).values())
        if own is not None and scores:
            levels.append(float(np.mean(scores)))
            lost.append(float(own.sample.effects.mean()))
    if len(levels) < FEWEST_ARMS or np.ptp(levels) == 0:
        return Missing(subject, f"needs {FEWEST_ARMS} arms that score differently")
    slope, ends = slope_of(np.array(levels), np.array(lost))
    more = "more" if slope > 0 else "less"
    note = (
        f"over {len(levels)} arms, one whose {metric.title} is 0.1 better on {LEVELS} "
        f"falls by {abs(slope) / 10:.3f} {more} (95 % CI of the change "
        f"{ends.lower / 10:+.3f} to {ends.upper / 10:+.3f}); it describes"
    )
    return Reading(
        subject,
        flag=False,
        note=note,
        statistic=slope,
        interval=ends,
        n_used=len(levels),
    )


def slope_of(x: Array, y: Array) -> tuple[float, Interval]:
    """Least-squares slope of y on x, three points or more, with its 95 % interval."""
    line = stats.linregress(x, y)
    half = float(stats.t.isf(0.025, len(x) - 2) * line.stderr)
    slope = float(line.slope)
    return slope, Interval(level=0.95, lower=slope - half, upper=slope + half)


SHIFT_DROP = Detector(
    name="shift_drop",
    title="drop under shift",
    statistic_name="drop from test to the shifted set; of a variant, minus the "
    "baseline's; of all arms, slope of the drop on the dev score",
    threshold="95 % interval without 0; of the baseline's own drop, above 0; none for "
    "the slope",
    source="the 95 % interval, as for verdicts",
    false_positives="0.019 to 0.030 of 800 clean arms at 3, 5 and 10 seeds",
    read=_read,
)
