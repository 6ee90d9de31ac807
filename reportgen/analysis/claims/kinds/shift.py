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
therefore has to hold without failed runs too, as for every claim.

Source: Card & Krueger (1994), Am. Econ. Rev. 84:772 (difference in differences);
Obuchowski & Rockette (1995), Commun. Stat. Simul. 24:285.
"""

from reportgen.analysis.claims.quantity import Quantity
from reportgen.analysis.evidence.pairs import Pairs, pair_runs, side_of
from reportgen.analysis.evidence.results import Results, row_identity
from reportgen.analysis.evidence.sources import same_sources
from reportgen.analysis.statistics.estimate import Sample
from reportgen.metrics.metric import Metric
from reportgen.records import Array
from reportgen.spec.claims import ClaimParts


def pair_drops(results: Results, parts: ClaimParts, metric: Metric) -> Pairs:
    """Pair the losses of two arms by seed."""
    usual, shifted = (
        pair_runs(
            results,
            metric,
            *(side_of(results, arm, path)[1] for arm in parts.arms),
        )
        for path in (parts.metric, parts.shifted)
    )
    matched = _matched(results, parts)
    seeds = tuple(seed for seed in usual.seeds if seed in shifted.seeds)
    whole = tuple(s for s in usual.complete_seeds if s in shifted.complete_seeds)
    return Pairs(
        seeds=seeds,
        sample=_between(
            _taken(usual.sample, usual.seeds, seeds),
            _taken(shifted.sample, shifted.seeds, seeds),
            matched=matched,
        ),
        complete=_between(
            _taken(usual.complete, usual.complete_seeds, whole),
            _taken(shifted.complete, shifted.complete_seeds, whole),
            matched=matched,
        ),
        complete_seeds=whole,
        missing=tuple(dict.fromkeys((*usual.missing, *shifted.missing))),
        imputed=usual.imputed and shifted.imputed,
        same_rows=usual.same_rows and shifted.same_rows,
        agreeing=False,
        repeats=max(usual.repeats, shifted.repeats),
        failed=usual.failed,
    )


def _taken(
    sample: Sample | None, seeds: tuple[int, ...], wanted: tuple[int, ...]
) -> Sample | None:
    if sample is None or not wanted:
        return None
    return sample.take([seeds.index(seed) for seed in wanted])


def _between(
    usual: Sample | None, shifted: Sample | None, *, matched: bool
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
    if not _by_row(usual) or not _by_row(shifted):
        return Sample(effects, scores=scores)
    rows: Array = shifted.rows  # type: ignore[assignment]
    other: Array = usual.rows  # type: ignore[assignment]
    if matched and rows.shape == other.shape:
        return Sample(effects, rows - other, scores=scores)
    return Sample(effects, rows, other, scores=scores)


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
