"""How far a verdict hangs on choices: cases in, each under other choices out.

Every alternative is judged as the claim was, at the level that the family left to it.
None of them is a test of its own: they show whether a reader who had chosen otherwise
would have been told something else.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from reportgen.analysis.claims.judged import (
    Case,
    Levels,
    judge,
    judge_sample,
    open_case,
)
from reportgen.analysis.complements.summaries import interquartile_mean
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.evidence.scored import RULES
from reportgen.analysis.findings.complements import Choice, ChoiceSensitivity, LeftOut
from reportgen.analysis.findings.study import Verdict
from reportgen.analysis.statistics.estimate import Sample
from reportgen.records import Array
from reportgen.spec.claims import ClaimParts

FEWEST_PAIRS = 4  # so that three are left


def other_choices(
    results: Results, cases: Iterable[tuple[Case, Levels]]
) -> ChoiceSensitivity:
    """Every claim under the other checkpoint, other metrics and other summaries."""
    choices: list[Choice] = []
    left_out: list[LeftOut] = []
    for case, levels in cases:
        if case.found is None or case.pairs.sample is None:
            continue
        verdict = judge(case, levels).verdict
        choices += _judged(results, case, levels, verdict)
        if case.quantity.means:
            choices += _summed_up(case, case.pairs.sample.effects)
        if case.pairs.sample.n >= FEWEST_PAIRS:
            left_out.append(leave_one_out(case, levels, verdict))
    return ChoiceSensitivity(choices=tuple(choices), left_out=tuple(left_out))


def _judged(
    results: Results, case: Case, levels: Levels, verdict: Verdict
) -> Iterator[Choice]:
    """The claim at the other checkpoint, and on metrics that mean the same by a step.

    Only metrics with the same direction and unit can share the claim's margin.
    """
    for kind, name, suffix in _alternatives(results, case):
        parts = case.parts
        changed = replace(parts, metric=f"{parts.evaluation_set}.{suffix}")
        if parts.shifted:
            changed = replace(changed, shifted=f"{parts.shifted_set}.{suffix}")
        says = changed.says
        other = open_case(
            results, case.name, case.spec.model_copy(update={"says": says})
        )
        if other.found is None:
            continue
        found = judge(other, levels).verdict
        yield Choice(
            claim=case.name,
            kind="checkpoint" if kind == "checkpoint" else "metric",
            name=name,
            effect=other.found.mean,
            verdict=found,
            differs=found != verdict,
        )


def _alternatives(results: Results, case: Case) -> Iterator[tuple[str, str, str]]:
    """What may change: the kind of choice, its name, and metric with rule."""
    parts, metric = case.parts, case.metric
    if case.quantity.counts_failures:
        return
    for rule in RULES:
        if rule != case.variant.rule:
            yield "checkpoint", rule, f"{parts.measure}@{rule}"
    suffix = f"@{parts.rule}" if parts.rule else ""
    for name, other in results.metrics.items():
        alike = (other.higher_is_better, other.unit) == (
            metric.higher_is_better,
            metric.unit,
        )
        if alike and name != metric.name:
            yield "metric", name, f"{name}{suffix}"


def _summed_up(case: Case, effects: Array) -> Iterator[Choice]:
    """The effect by other summaries of the seed pairs."""
    margin = case.margins.claimed
    mean = float(np.mean(effects))
    summaries = (
        ("median", float(np.median(effects))),
        ("iqm", interquartile_mean(effects)),
    )
    for name, effect in summaries:
        yield Choice(
            claim=case.name,
            kind="summary",
            name=name,
            effect=effect,
            verdict=None,
            differs=_side(case.parts, margin, effect)
            != _side(case.parts, margin, mean),
        )


def _side(parts: ClaimParts, margin: float, effect: float) -> bool:
    """Whether a point lies where the claim says."""
    if parts.kind == "improves":
        return effect > margin
    if parts.kind == "worse":
        return effect < -margin
    if parts.kind == "noninferior":
        return effect > -margin
    return abs(effect) < margin if parts.kind == "equivalent" else effect > 0


def leave_one_out(case: Case, levels: Levels, verdict: Verdict) -> LeftOut:
    """The range of the effect, and the verdicts met, as each pair is left out."""
    sample = case.pairs.sample
    if sample is None:
        raise ValueError("a case without pairs has none to leave out")
    effects, verdicts = [], [verdict]
    for place in range(sample.n):
        others = sample.take([i for i in range(sample.n) if i != place])
        effects.append(_mean(case, others))
        verdicts.append(judge_sample(case, others, levels).verdict)
    return LeftOut(
        claim=case.name,
        lowest=min(effects),
        highest=max(effects),
        verdicts=tuple(dict.fromkeys(verdicts)),
    )


def _mean(case: Case, sample: Sample) -> float:
    """The effect of a sample, also where the method refuses so few pairs."""
    if case.quantity.means:
        return float(np.mean(sample.effects))
    return case.method.estimator(sample, over_rows=False).mean
