"""Robustness: how much less one arm loses under a shift than another, seed by seed.

With R = score on the usual rows - score on the shifted rows, an effect is R of the
reference minus R of the variant: a difference of two differences, positive where the
variant loses less. Written the other way round it is (A - B) on the shifted rows minus
(A - B) on the usual rows, and that is how rows enter. Where the two sets are different
rows, their parts are independent and add up:

    Var = s_d^2 / n + V_shifted + V_usual,  V = max(0, MS_E - MS_R) / (n N)

with each set's own mean squares of its seeds x rows matrix, and Satterthwaite degrees
of freedom over the three parts. Where the shift changes the usual rows one by one, both
differences are of the same row and one matrix of their differences is analysed.

A failed run scores alike on both sets by its fallback, which looks robust; the verdict
therefore has to hold without failed runs too, as for every claim. A run whose partner
is missing has a loss of its own all the same, for methods that compare arms unpaired.

Source: Card & Krueger (1994), Am. Econ. Rev. 84:772 (difference in differences);
Obuchowski & Rockette (1995), Commun. Stat. Simul. 24:285.
"""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from reportgen.analysis.claims.quantity import Quantity
from reportgen.analysis.evidence.pairs import Pairs, Side, pair_runs, side_of
from reportgen.analysis.evidence.results import Results, row_identity
from reportgen.analysis.evidence.run_score import score_run
from reportgen.analysis.evidence.sources import same_sources
from reportgen.analysis.statistics.estimate import Sample
from reportgen.metrics.metric import Metric
from reportgen.records import Array
from reportgen.spec.claims import ClaimParts


def pair_drops(results: Results, parts: ClaimParts, metric: Metric) -> Pairs:
    """Pair the losses of two arms by seed."""
    paths = (parts.metric, parts.shifted)
    usual_sides, shifted_sides = (
        [side_of(results, arm, path)[1] for arm in parts.arms] for path in paths
    )
    usual = pair_runs(results, metric, *usual_sides)
    shifted = pair_runs(results, metric, *shifted_sides)
    matched = _matched(results, parts)
    seeds = tuple(seed for seed in usual.seeds if seed in shifted.seeds)
    whole = tuple(s for s in usual.complete_seeds if s in shifted.complete_seeds)
    missing = tuple(dict.fromkeys((*usual.missing, *shifted.missing)))
    imputed = usual.imputed and shifted.imputed
    broken = {seed for failed in usual.failed for seed in failed}
    sides = tuple(zip(usual_sides, shifted_sides, strict=True))

    def alone(parted: Collection[int], *, failed: bool) -> tuple[Array, Array]:
        own, other = (
            _drops(results, metric, each, parted, failed=failed) for each in sides
        )
        return own, other

    complete = _between(
        _taken(usual.complete, usual.complete_seeds, whole),
        _taken(shifted.complete, shifted.complete_seeds, whole),
        matched=matched,
        alone=alone({*missing, *broken}, failed=False),
    )
    sample = _between(
        _taken(usual.sample, usual.seeds, seeds),
        _taken(shifted.sample, shifted.seeds, seeds),
        matched=matched,
        alone=alone(missing, failed=True),
    )
    return Pairs(
        seeds=seeds if imputed else whole,
        sample=sample if imputed else complete,
        complete=complete,
        complete_seeds=whole,
        missing=missing,
        imputed=imputed,
        same_rows=usual.same_rows and shifted.same_rows,
        agreeing=False,
        repeats=max(usual.repeats, shifted.repeats),
        failed=usual.failed,
    )


def _drops(
    results: Results,
    metric: Metric,
    sides: tuple[Side, Side],
    seeds: Collection[int],
    *,
    failed: bool,
) -> Array:
    """What the shift adds to each run's score under seeds that make no pair, oriented.

    Args:
        results: of the study.
        metric: of the claim.
        sides: one arm on the usual rows and on the shifted ones.
        seeds: under which to look.
        failed: whether runs that failed count too.
    """
    sign = 1.0 if metric.higher_is_better else -1.0
    found = []
    for seed in results.seeds(sides[0].arm):
        if seed not in seeds:
            continue
        usual, shifted = (score_run(results, metric, side, seed) for side in sides)
        if usual is None or shifted is None:
            continue
        if failed or not (usual.failed or shifted.failed):
            found.append(sign * (shifted.value - usual.value))
    return np.array(found)


def _taken(
    sample: Sample | None, seeds: tuple[int, ...], wanted: tuple[int, ...]
) -> Sample | None:
    if sample is None or not wanted:
        return None
    return sample.take([seeds.index(seed) for seed in wanted])


def _between(
    usual: Sample | None,
    shifted: Sample | None,
    *,
    matched: bool,
    alone: tuple[Array, Array] = (np.array([]), np.array([])),
) -> Sample | None:
    """The difference of two differences; rows count where both arms met the same."""
    if usual is None or shifted is None:
        return None
    effects = shifted.effects - usual.effects
    scores = None
    if usual.scores is not None and shifted.scores is not None:
        scores = (
            shifted.scores[0] - usual.scores[0],
            shifted.scores[1] - usual.scores[1],
        )
    found = Sample(effects, scores=scores, alone=alone)
    if not _by_row(usual) or not _by_row(shifted):
        return found
    rows: Array = shifted.rows  # type: ignore[assignment]
    other: Array = usual.rows  # type: ignore[assignment]
    if matched and rows.shape == other.shape:
        return replace(found, rows=rows - other)
    return replace(found, rows=rows, other=other)


def _by_row(sample: Sample) -> bool:
    """Whether the two arms were compared row by row."""
    return sample.rows is not None and sample.other is None


def _matched(results: Results, parts: ClaimParts) -> bool:
    """Whether both sets hold the same rows in order, by labels and columns.

    Copies of a row count once: shuffled five times, a row is still the row it was.
    """
    names = (parts.evaluation_set, parts.shifted_set)
    for _, record in results.records(parts.variant):
        found = [[digest for _, digest in row_identity(record, name)] for name in names]
        if all(found):
            return found[0] == found[1] or same_sources(results, record, names)
    return False


def less_to_lose(
    results: Results, parts: ClaimParts, metric: Metric
) -> tuple[str, ...]:
    """A tag where the variant scores lower on the usual rows: it has less to lose."""
    sides = [side_of(results, arm, parts.metric)[1] for arm in parts.arms]
    usual = pair_runs(results, metric, *sides).complete
    lower = usual is not None and float(usual.effects.mean()) < 0
    return ("less_to_lose",) if lower else ()


SHIFT = Quantity(about="shift", pair=pair_drops, caveats=less_to_lose)
