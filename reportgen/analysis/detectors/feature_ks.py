"""Features of rows that are distributed differently in two sets, one by one.

Features are how often each symbol occurs, the number of different symbols, the length,
the label, and what the dataset says of each row.

Source: Rabanser, Günnemann & Lipton (2019), arXiv:1810.11953 (the smallest p over
features, by Bonferroni).
"""

import numpy as np
from scipy import stats

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.fed import Fed, FedPair, shift_pairs
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.rows.features import RowFeatures
from reportgen.records import Array

FEWEST_ROWS = 100
ALPHA = 0.05


def _read(results: Results) -> list[Reading | Missing]:
    found = [_reading(pair) for pair in shift_pairs(results)]
    return found or [Missing("every set", "the rows fed were not kept")]


def _reading(pair: FedPair) -> Reading | Missing:
    n, m = len(pair.first.inputs), len(pair.second.inputs)
    if min(n, m) < FEWEST_ROWS:
        return Missing(pair.subject, f"needs {FEWEST_ROWS} rows a side")
    named = _features(pair)
    names = list(named)
    gaps, p_values = two_sample_ks(np.stack([named[one] for one in names], axis=1), n)
    least = int(np.argmin(p_values))
    p = min(1.0, len(names) * float(p_values[least]))
    flag = p < ALPHA
    note = (
        f"{names[least]}: distributed differently"
        if flag
        else f"none of {len(names)} features of rows is distributed differently"
    )
    gap = float(gaps[least])
    return Reading(
        pair.subject, flag, note, gap, p=p, n_used=n + m, declared=pair.declared
    )


def _features(pair: FedPair) -> dict[str, Array]:
    """Every feature that varies, by name; each of shape (N + M,)."""
    rows = RowFeatures(
        np.concatenate([pair.first.inputs, pair.second.inputs]), pair.first.symbols
    )
    found = {
        f"count of {name}": rows.counts[:, place]
        for place, name in enumerate(_symbol_names(rows, pair.first))
    }
    found["number of different symbols"] = (rows.counts > 0).sum(axis=1)
    found["length"] = rows.lengths
    found["label"] = np.concatenate([pair.first.labels, pair.second.labels])
    others = pair.second.columns
    for name, values in pair.first.columns.items():
        if name in others:
            found[name] = np.concatenate([values, others[name]])
    return {name: one for name, one in found.items() if one.min() < one.max()}


def _symbol_names(rows: RowFeatures, fed: Fed) -> list[str]:
    symbols = fed.symbols
    return [
        symbols[channel][code]
        if channel < len(symbols) and code < len(symbols[channel])
        else f"code {code} of channel {channel}"
        for channel, codes in enumerate(rows.vocabularies)
        for code in codes.tolist()
    ]


def two_sample_ks(features: Array, split: int) -> tuple[Array, Array]:
    """Largest gap between two empirical distributions, and its p, by feature.

    The p is conservative for features with few values.

    Args:
        features: shape (N, F).
        split: the first group's rows; the others follow.
    """
    n, m = split, len(features) - split
    order = np.argsort(features, axis=0, kind="stable")
    ordered = np.take_along_axis(features, order, axis=0)
    steps = np.where(order < split, 1 / n, -1 / m)
    gaps = np.abs(np.cumsum(steps, axis=0))
    # Within a run of ties only the last place has the distribution's value.
    gaps[:-1][ordered[:-1] == ordered[1:]] = 0.0
    largest = gaps.max(axis=0)
    return largest, stats.kstwo.sf(largest, round(n * m / (n + m)))


FEATURE_KS = Detector(
    name="feature_ks",
    title="features of rows that shift between sets",
    statistic_name="largest gap between two distributions of one feature",
    threshold="p < 0.05 (Kolmogorov-Smirnov), the smallest p times the features",
    source="Rabanser et al. (2019)",
    false_positives="0.000 to 0.007 of 400 clean pairs: counts have many ties",
    read=_read,
)
