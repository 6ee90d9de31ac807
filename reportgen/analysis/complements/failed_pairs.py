"""How far failed runs decide: cases in, each under other scores for those runs out.

A sample is linear in the score its failed runs are given, so two of them, at 0 and 1,
give it at every score.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from reportgen.analysis.claims.judged import (
    Case,
    Levels,
    judge_complete,
    judge_sample,
)
from reportgen.analysis.complements.failure_rates import fisher_p
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.evidence.run_score import score_run
from reportgen.analysis.findings.complements import FailedPairs
from reportgen.analysis.findings.study import ClaimResult, Verdict
from reportgen.analysis.statistics.estimate import Sample
from reportgen.records import Array

STEPS = 50  # fallback scores tried over the metric's range
HALVINGS = 14  # then the edges are found by halving a step


def failed_pairs(
    results: Results,
    cases: Iterable[tuple[Case, Levels]],
    claims: Iterable[ClaimResult],
) -> tuple[FailedPairs, ...]:
    """Every claim whose runs failed, under other scores for them."""
    printed = {claim.id: claim.verdict for claim in claims}
    return tuple(
        _sensitivity(results, case, levels, printed[case.name])
        for case, levels in cases
        if any(case.pairs.failed) and not case.quantity.counts_failures
    )


def _sensitivity(
    results: Results, case: Case, levels: Levels, printed: Verdict
) -> FailedPairs:
    found = FailedPairs(
        claim=case.name,
        printed=printed,
        complete=judge_complete(case, levels).verdict,
        fisher_p=unequal_failures(case),
    )
    if not case.quantity.fallbacks:
        return found  # no score that failed runs could have been given decides it
    plain = _by_fallback(results)
    pairs = case.quantity.pair(plain, case.parts, case.metric)
    at = _sample_at(plain, case)
    if not pairs.imputed or pairs.sample is None or at is None:
        return found
    imputed = judge_sample(case, pairs.sample, levels).verdict

    def verdict_at(score: float) -> Verdict:
        return judge_sample(case, at(score), levels).verdict

    worst = case.metric.lower if case.metric.higher_is_better else case.metric.upper
    own = _own_fallback(plain, case)
    kept = _kept(case, lambda score: verdict_at(score) == imputed, own)
    return found.model_copy(
        update={
            "imputed": imputed,
            "worst": None if worst is None else verdict_at(worst),
            "worst_score": worst,
            "kept_from": None if kept is None else kept[0],
            "kept_to": None if kept is None else kept[1],
        }
    )


def _by_fallback(results: Results) -> Results:
    """The results as they are read where failed runs count with a fallback score."""
    study = results.study
    if study.analysis.failures == "fallback":
        return results
    analysis = study.analysis.model_copy(update={"failures": "fallback"})
    return replace(results, study=study.model_copy(update={"analysis": analysis}))


def unequal_failures(case: Case) -> float:
    """Fisher's exact two-sided p of the two arms' failure counts."""
    own, other = (len(failed) for failed in case.pairs.failed)
    seeds = {*case.pairs.seeds, *case.pairs.missing}
    planned = len(seeds.union(*case.pairs.failed)) + case.pairs.repeats
    return fisher_p((own, planned), (other, planned))


def _sample_at(results: Results, case: Case) -> Callable[[float], Sample] | None:
    """The sample as a function of the score that failed runs are given."""

    def scored(score: float) -> Sample | None:
        metric = replace(case.metric, fallback=lambda _: score)
        return case.quantity.pair(results, case.parts, metric).sample

    low, high = scored(0.0), scored(1.0)
    if low is None or high is None:
        return None

    def at(score: float) -> Sample:
        scores = None
        if low.scores is not None and high.scores is not None:
            own, other = zip(low.scores, high.scores, strict=True)
            scores = (_mix(*own, score), _mix(*other, score))
        return Sample(
            _mix(low.effects, high.effects, score),
            _between(low.rows, high.rows, score),
            _between(low.other, high.other, score),
            scores,
            alone=(
                _mix(low.alone[0], high.alone[0], score),
                _mix(low.alone[1], high.alone[1], score),
            ),
        )

    return at


def _between(low: Array | None, high: Array | None, score: float) -> Array | None:
    return None if low is None or high is None else _mix(low, high, score)


def _mix(low: Array, high: Array, score: float) -> Array:
    mixed: Array = low + score * (high - low)
    return mixed


def _own_fallback(results: Results, case: Case) -> float | None:
    """The score that intention to treat gives to the claim's failed runs."""
    for side, seeds in zip(
        (case.variant, case.reference), case.pairs.failed, strict=True
    ):
        if side is not None and seeds:
            score = score_run(results, case.metric, side, seeds[0])
            return None if score is None else score.value
    return None


def _kept(
    case: Case, keeps: Callable[[float], bool], own: float | None
) -> tuple[float, float] | None:
    """The widest run of fallback scores, around the metric's own, with one verdict.

    None where the metric's own score does not lie in it: the rows of a failed run then
    decide more than its score.
    """
    if own is None or not keeps(own):
        return None
    low, high = case.metric.lower, case.metric.upper
    top = high if high is not None else max(2 * own, own + 1)
    return _edge(keeps, own, low), _edge(keeps, own, top)


def _edge(keeps: Callable[[float], bool], inside: float, end: float) -> float:
    """How far towards `end` the verdict is kept without a gap."""
    last = inside
    for score in np.linspace(inside, end, STEPS + 1)[1:]:
        if not keeps(float(score)):
            return _halve(keeps, last, float(score))
        last = float(score)
    return end


def _halve(keeps: Callable[[float], bool], inside: float, outside: float) -> float:
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        if keeps(middle):
            inside = middle
        else:
            outside = middle
    return inside
