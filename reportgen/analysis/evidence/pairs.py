"""Pairs of runs: two arms and a metric in, oriented effects with their rows out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from reportgen.analysis.evidence.results import Results
from reportgen.analysis.evidence.run_score import score_run
from reportgen.analysis.evidence.scored import Rule, Score
from reportgen.analysis.evidence.scored import Side as Side
from reportgen.analysis.statistics.estimate import Sample
from reportgen.metrics.metric import Metric, load_metric
from reportgen.records import Array

Couple = tuple[Score | None, Score | None]  # variant and reference under one seed


@dataclass(frozen=True)
class Pairs:
    """Two arms, paired by seed.

    Samples hold the scores of runs without a partner too, for methods that compare arms
    unpaired.

    Attributes:
        seeds: of the pairs, in the order planned.
        sample: failed runs hold their fallback score (intention to treat).
        complete: the pairs in which both runs completed.
        complete_seeds: their seeds.
        missing: planned seeds without a record in one arm, or without any score.
        imputed: whether failed runs could be given a fallback score.
        same_rows: whether both arms answered the same rows.
        agreeing: whether both arms made the same prediction on every row, always.
        repeats: pairs dropped because their outputs equal an earlier seed's.
    """

    seeds: tuple[int, ...]
    sample: Sample | None
    complete: Sample | None
    complete_seeds: tuple[int, ...]
    missing: tuple[int, ...]
    imputed: bool
    same_rows: bool
    agreeing: bool
    repeats: int
    failed: tuple[tuple[int, ...], tuple[int, ...]]  # seeds: variant, reference


def pair_runs(
    results: Results, metric: Metric, variant: Side, reference: Side
) -> Pairs:
    """Pair two arms by seed; effects are positive where the variant is better.

    Raises:
        GateError: the stored predictions do not give the score in the record.
    """
    planned = [
        seed
        for seed in results.seeds(variant.arm)
        if seed in results.seeds(reference.arm)
    ]
    found: list[tuple[int, Score, Score]] = []
    single: list[Couple] = []
    seen: set[tuple[str, str]] = set()
    missing, repeats, imputed = [], 0, True
    failures: tuple[list[int], list[int]] = ([], [])
    for seed in planned:
        scores = [score_run(results, metric, s, seed) for s in (variant, reference)]
        for score, failed in zip(scores, failures, strict=True):
            if score is None or not score.failed:
                continue
            failed.append(seed)
            imputed = imputed and not (np.isnan(score.value) or _left_out(results))
        own, other = scores
        if own is None or other is None:
            missing.append(seed)
            single.append((own, other))
        elif own.outputs and (own.outputs, other.outputs) in seen:
            repeats += 1
        else:
            seen.add((own.outputs, other.outputs))
            found.append((seed, own, other))
    whole = [one for one in found if not (one[1].failed or one[2].failed)]
    broken = [one for one in found if one[1].failed or one[2].failed]
    used = found if imputed else whole
    parted: list[Couple] = [*single, *((own, other) for _, own, other in broken)]
    complete = _sample(metric, whole, _alone(metric, parted, failed=False))
    return Pairs(
        seeds=tuple(seed for seed, _, _ in used),
        sample=(
            _sample(metric, used, _alone(metric, single, failed=True))
            if imputed
            else complete
        ),
        complete=complete,
        complete_seeds=tuple(seed for seed, _, _ in whole),
        missing=tuple(missing),
        imputed=imputed,
        same_rows=_same_rows(used),
        agreeing=_agree(results, whole, variant, reference) and len(whole) == len(used),
        repeats=repeats,
        failed=(tuple(failures[0]), tuple(failures[1])),
    )


def _left_out(results: Results) -> bool:
    """Whether the study declared that pairs with a failed run do not count."""
    return results.study.analysis.failures == "exclude"


def _alone(
    metric: Metric, couples: Sequence[Couple], *, failed: bool
) -> tuple[Array, Array]:
    """Oriented scores of runs that no partner joins, those that failed where wanted."""
    sign = 1.0 if metric.higher_is_better else -1.0

    def kept(arm: Iterable[Score | None]) -> Array:
        counted = (one for one in arm if one and (failed or not one.failed))
        return np.array([sign * one.value for one in counted])

    return kept(one for one, _ in couples), kept(one for _, one in couples)


def _sample(
    metric: Metric,
    pairs: Sequence[tuple[int, Score, Score]],
    alone: tuple[Array, Array],
) -> Sample | None:
    """Effects and contributions of the pairs given; None where there are none."""
    if not pairs:
        return None
    sign = 1.0 if metric.higher_is_better else -1.0
    effects = np.array([sign * (own.value - other.value) for _, own, other in pairs])
    scores = (
        np.array([sign * own.value for _, own, _ in pairs]),
        np.array([sign * other.value for _, _, other in pairs]),
    )
    own = [score.rows for _, score, _ in pairs]
    other = [score.rows for _, _, score in pairs]
    if not _fixed(own) or not _fixed(other) or not _stable(pairs):
        return Sample(effects, scores=scores, alone=alone)
    own_rows, other_rows = np.stack(own), np.stack(other)  # type: ignore[arg-type]
    if _same_rows(pairs) and own_rows.shape == other_rows.shape:
        rows = sign * (own_rows - other_rows)
        return Sample(effects, rows, scores=scores, alone=alone)
    return Sample(
        effects, sign * own_rows, sign * other_rows, scores=scores, alone=alone
    )


def _fixed(rows: Sequence[Array | None]) -> bool:
    """Whether all seeds have contributions, of one length."""
    return len({None if one is None else len(one) for one in rows} | {None}) == 2 and (
        all(one is not None for one in rows)
    )


def _stable(pairs: Sequence[tuple[int, Score, Score]]) -> bool:
    """Whether each arm answered the same rows under every seed."""
    return all(
        len({scores[side].identity for scores in pairs}) == 1  # type: ignore[union-attr]
        for side in (1, 2)
    )


def _same_rows(pairs: Sequence[tuple[int, Score, Score]]) -> bool:
    return all(own.identity == other.identity for _, own, other in pairs)


def _agree(
    results: Results,
    pairs: Sequence[tuple[int, Score, Score]],
    variant: Side,
    reference: Side,
) -> bool:
    """Whether two arms predict the same class on every row, under every seed."""
    if not pairs or not _same_rows(pairs):
        return False
    for seed, own, other in pairs:
        if own.value != other.value:
            return False
        answers = [
            results.outputs(side.arm, seed, side.evaluation_set, side.rule)
            for side in (variant, reference)
        ]
        if any(one is None for one in answers):
            return False
        first, second = (one.predictions for one in answers if one is not None)
        if not np.array_equal(first, second):
            return False
    return True


def side_of(results: Results, arm: str, metric: str) -> tuple[Metric, Side]:
    """The metric and side that a path such as `test.hwa@last` means for an arm.

    Without a rule the arm's own selection is meant.
    """
    evaluation_set, _, rest = metric.partition(".")
    name, _, rule = rest.partition("@")
    chosen: Rule = results.selected(arm)
    if rule:
        chosen = "best" if rule == "best" else "last"
    found = results.metrics.get(name) or load_metric(name)
    return found, Side(arm, evaluation_set, chosen)
