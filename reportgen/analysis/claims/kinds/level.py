"""A level: how far one arm's score lies from a number, from chance or from the ceiling.

Chance is the score of always naming the most frequent class, on the very rows: it is
compared row by row, so that rows easy for both cancel. The ceiling is the share of rows
that declared label noise leaves answerable.
"""

import numpy as np

from reportgen.analysis.claims.quantity import Quantity
from reportgen.analysis.evidence.noise import label_noise
from reportgen.analysis.evidence.pairs import Pairs, side_of
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.evidence.run_score import fallback_score, score_run
from reportgen.analysis.evidence.scored import Score, Side
from reportgen.analysis.statistics.estimate import Sample
from reportgen.metrics.metric import Metric, load_metric
from reportgen.records import Array
from reportgen.spec.claims import CEILING, CHANCE, ClaimParts


def pair_with_yardstick(results: Results, parts: ClaimParts, metric: Metric) -> Pairs:
    """Set every run of one arm against the yardstick of the claim."""
    _, side = side_of(results, parts.variant, parts.metric)
    yardstick = _yardstick(results, parts, side)
    found: list[tuple[int, Score]] = []
    seen: set[str] = set()
    missing, failed, repeats = [], [], 0
    for seed in results.seeds(side.arm):
        score = score_run(results, metric, side, seed)
        if score is not None and score.failed:
            failed.append(seed)
        if score is None:
            missing.append(seed)
        elif score.outputs and score.outputs in seen:
            repeats += 1
        else:
            seen.add(score.outputs)
            found.append((seed, score))
    whole = [(seed, score) for seed, score in found if not score.failed]
    left_out = results.study.analysis.failures == "exclude"
    imputed = not (left_out and failed) and all(
        np.isfinite(score.value) for _, score in found
    )
    used = found if imputed else whole
    return Pairs(
        seeds=tuple(seed for seed, _ in used),
        sample=_sample(metric, [score for _, score in used], yardstick),
        complete=_sample(metric, [score for _, score in whole], yardstick),
        complete_seeds=tuple(seed for seed, _ in whole),
        missing=tuple(missing),
        imputed=imputed,
        same_rows=True,
        agreeing=False,
        repeats=repeats,
        failed=(tuple(failed), ()),
    )


def _yardstick(results: Results, parts: ClaimParts, side: Side) -> Score | None:
    """What the arm is held against; None where this cannot be said."""
    value = parts.constant
    if parts.reference == CEILING:
        value = 1 - label_noise(results.study, side.arm)
    if value is not None:
        return Score(value, None, failed=False, outputs="", identity=())
    if parts.reference != CHANCE:
        return None
    measure = parts.measure
    metric = results.metrics.get(measure) or load_metric(measure)
    found = fallback_score(results, metric, side)
    return found if found is not None and np.isfinite(found.value) else None


def _sample(
    metric: Metric, scores: list[Score], yardstick: Score | None
) -> Sample | None:
    if not scores or yardstick is None:
        return None
    sign = 1.0 if metric.higher_is_better else -1.0
    effects = np.array([sign * (score.value - yardstick.value) for score in scores])
    own = [score.rows for score in scores]
    alike = len({score.identity for score in scores}) == 1
    if not alike or any(one is None for one in own):
        return Sample(effects)
    rows: Array = np.stack(own)  # type: ignore[arg-type]
    against = yardstick.value if yardstick.rows is None else yardstick.rows
    return Sample(effects, sign * (rows - against))


LEVEL = Quantity(about="level", pair=pair_with_yardstick, fallbacks=True)
