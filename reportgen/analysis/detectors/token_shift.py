"""Token shift: two sets whose tokens, or their places, are not of one distribution."""

from collections.abc import Iterator

import numpy as np

from reportgen.analysis.checks import Detector, Missing, Reading
from reportgen.analysis.results import Results
from reportgen.records import Array, RunRecord

FEWEST_ROWS = 200
MOST_ROWS = 4_000  # a side
PERMUTATIONS = 999
ALPHA = 0.05


def _read(results: Results) -> list[Reading | Missing]:
    found: list[Reading | Missing] = []
    seen: dict[tuple[str, str], str] = {}
    for arm in results.study_arms:
        record = next(
            (one for _, one in results.records(arm) if "inputs/train" in one.arrays),
            None,
        )
        if record is None:
            found.append(Missing(arm, "the rows fed were not kept"))
            continue
        for first, second in _set_pairs(record):
            digests = (
                record.arrays[f"inputs/{first}"],
                record.arrays[f"inputs/{second}"],
            )
            subject = f"{arm}: {first} and {second}"
            if digests not in seen:
                seen[digests] = subject
                sides = tuple(results.arrays[digest] for digest in digests)
                found.append(_reading(subject, sides[0], sides[1]))
    return found


def _set_pairs(record: RunRecord) -> Iterator[tuple[str, str]]:
    """Training against dev and test, and the test rows against each shift of them."""
    names = [name for name in record.data if f"inputs/{name}" in record.arrays]
    for name in names:
        if name in ("dev", "test"):
            yield "train", name
        elif name != "train":
            yield "test", name


def _reading(subject: str, first: Array, second: Array) -> Reading | Missing:
    if min(len(first), len(second)) < FEWEST_ROWS:
        return Missing(subject, f"needs {FEWEST_ROWS} rows a side")
    if first.shape[1:] != second.shape[1:]:
        return Missing(subject, "the rows have different shapes")
    sides = (first[:MOST_ROWS], second[:MOST_ROWS])
    rows = np.concatenate(sides)
    split = len(sides[0])
    p_tokens, by_tokens = permutation_p(_one_hot(rows, places=False), split)
    p_places, by_places = permutation_p(_one_hot(rows, places=True), split)
    p = min(1.0, 2 * min(p_tokens, p_places))
    excess = by_tokens if p_tokens <= p_places else by_places
    flag = p < ALPHA
    what = "tokens" if p_tokens <= p_places else "places of tokens"
    note = (
        f"the {what} are distributed differently"
        if flag
        else "tokens and their places are distributed alike, as far as can be seen"
    )
    return Reading(subject, flag, note, excess, p=p, n_used=len(rows))


def _one_hot(rows: Array, *, places: bool) -> Array:
    """Token counts of each row, by channel; by channel and place if asked."""
    parts = []
    for channel in range(rows.shape[2]):
        codes = rows[:, :, channel]
        counts = (codes[:, :, None] == np.unique(codes)).astype(np.float32)  # (N, T, V)
        parts.append(counts.reshape(len(rows), -1) if places else counts.sum(axis=1))
    return np.concatenate(parts, axis=1)


def permutation_p(features: Array, split: int) -> tuple[float, float]:
    """Chi-square of two groups of rows, with p from permuting whole rows.

    Args:
        features: shape (N, F), counts; tokens of one row are not independent.
        split: the first group's rows; the others follow.

    Returns:
        (b + 1) / (B + 1) over 999 fixed permutations, and the statistic over its mean
        under permutation.
    """
    total = features.sum(axis=0, dtype=np.float64)
    features, total = features[:, total > 0], total[total > 0]
    n = len(features)
    rng = np.random.default_rng(n)
    groups = np.zeros((PERMUTATIONS + 1, n), dtype=np.float32)
    groups[0, :split] = 1
    for row in groups[1:]:
        row[rng.permutation(n)[:split]] = 1
    observed = (groups @ features).astype(np.float64)  # (B + 1, F)
    expected = total * split / n
    gaps = (observed - expected) ** 2
    chi2 = (gaps / expected + gaps / (total - expected)).sum(axis=1)
    # float32 counts are exact; ties with the observed value count as extreme.
    reached = chi2[1:] >= chi2[0] * (1 - 1e-9)
    mean = float(chi2[1:].mean())
    p = (int(reached.sum()) + 1) / (PERMUTATIONS + 1)
    return p, float(chi2[0] / mean) if mean > 0 else 1.0


TOKEN_SHIFT = Detector(
    name="token_shift",
    title="token shift between sets",
    statistic_name="chi-square of token counts over its mean under permutation",
    threshold="p < 0.05 by permuting whole rows; twice the smaller of the two tables",
    source="protocol",
    false_positives="0.04 to 0.06 of clean pairs",
    read=_read,
)
