"""Token shift: two sets whose tokens, places or lengths are not of one distribution.

Tokens of one row are not independent, so whole rows are permuted: a chi-square that
takes each token for itself cries wolf in up to one of five clean pairs.
"""

from collections.abc import Iterator

import numpy as np

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.fed import FedPair, shift_pairs
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.rows.features import RowFeatures, groupings, permutation_p
from reportgen.records import Array

FEWEST_ROWS = 200
MOST_ROWS = 4_000  # a side
ALPHA = 0.05
WHAT = {
    "tokens": "tokens",
    "places": "places of tokens",
    "lengths": "lengths of rows",
}


def _read(results: Results) -> list[Reading | Missing]:
    found: list[Reading | Missing] = [
        Missing(arm, "the rows fed were not kept")
        for arm in results.study_arms
        if results.fed(arm) is None
    ]
    return found + [_reading(pair) for pair in shift_pairs(results, recoded=True)]


def _reading(pair: FedPair) -> Reading | Missing:
    first, second = pair.first.inputs[:MOST_ROWS], pair.second.inputs[:MOST_ROWS]
    if min(len(first), len(second)) < FEWEST_ROWS:
        return Missing(pair.subject, f"needs {FEWEST_ROWS} rows a side")
    features = RowFeatures(np.concatenate([first, second]), pair.first.symbols)
    tested = dict(permuted_tables(features, len(first)))
    what = min(tested, key=lambda name: tested[name][0])
    p = min(1.0, len(tested) * tested[what][0])
    flag = p < ALPHA
    note = (
        f"the {WHAT[what]} are distributed differently"
        if flag
        else f"{_listed(tested)} are distributed alike, as far as can be seen"
    )
    return Reading(
        pair.subject,
        flag,
        note,
        tested[what][1],
        p=p,
        n_used=len(first) + len(second),
        expected=1.0,
        declared=pair.declared,
    )


def _listed(tested: dict[str, tuple[float, float]]) -> str:
    return " and ".join(WHAT[name] for name in tested)


def permuted_tables(
    features: RowFeatures, split: int
) -> Iterator[tuple[str, tuple[float, float]]]:
    """Chi-square of two groups of rows on each table, with p from permuting rows.

    Lengths are tested where they vary; where all rows are of one length, none shifts.

    Args:
        features: of both groups.
        split: the first group's rows; the others follow.

    Yields:
        The table's name; (b + 1) / (B + 1) over 999 fixed permutations, and the
        statistic over its mean under permutation.
    """
    groups = groupings(len(features.rows), split)
    share = split / len(features.rows)
    placed = groups @ features.places  # (B + 1, T x V); float32 counts are exact
    total = features.places.sum(axis=0)
    counted, counts = features.over_places(placed), features.over_places(total[None])
    yield "tokens", _tested(counted, counts[0], share)
    yield "places", _tested(placed, total, share)
    lengths = np.unique(features.lengths)
    if len(lengths) > 1:
        held = (features.lengths[:, None] == lengths).astype(np.float32)
        yield "lengths", _tested(groups @ held, held.sum(axis=0), share)


def _tested(observed: Array, total: Array, share: float) -> tuple[float, float]:
    observed, total = observed[:, total > 0], total[total > 0].astype(np.float64)
    expected = total * share
    gaps = (observed.astype(np.float64) - expected) ** 2
    chi2 = (gaps / expected + gaps / (total - expected)).sum(axis=1)
    mean = float(chi2[1:].mean())
    return permutation_p(chi2), float(chi2[0] / mean) if mean > 0 else 1.0


TOKEN_SHIFT = Detector(
    name="token_shift",
    title="token shift between sets",
    statistic_name="chi-square of token counts over its mean under permutation",
    threshold="p < 0.05 by permuting whole rows; the smallest over tables of tokens, "
    "places and lengths, times their number",
    source="a permutation test at 5 %",
    false_positives="0.033 to 0.055 of 400 clean pairs",
    read=_read,
)
