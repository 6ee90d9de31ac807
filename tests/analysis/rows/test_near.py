"""Near rows: every pair that qualifies is found, by a slow count of each definition."""

from collections.abc import Sequence

import numpy as np
import pytest

from reportgen.analysis.rows import joins
from reportgen.analysis.rows import near as module
from reportgen.analysis.rows.joins import _min_hashes, _run_sets, edit_distance
from reportgen.analysis.rows.near import (
    near_rows,
    reordered_rows,
    token_codes,
)
from reportgen.records import Array


def levenshtein(first: Sequence[int], second: Sequence[int]) -> int:
    """By the textbook's full table."""
    before = list(range(len(second) + 1))
    for i, one in enumerate(first, start=1):
        row = [i]
        for j, other in enumerate(second, start=1):
            row.append(min(before[j - 1] + (one != other), before[j] + 1, row[-1] + 1))
        before = row
    return before[-1]


def jaccard(first: Sequence[int], second: Sequence[int]) -> float:
    runs = [
        {tuple(row[i : i + 3]) for i in range(len(row) - 2)} for row in (first, second)
    ]
    return len(runs[0] & runs[1]) / len(runs[0] | runs[1])


def slowly(first: Array, second: Array) -> set[tuple[int, int]]:
    found = set()
    for i, one in enumerate(first.tolist()):
        for j, other in enumerate(second.tolist()):
            near = (
                levenshtein(one, other) <= 0.1 * len(one) or jaccard(one, other) >= 0.8
            )
            if near and one != other:
                found.add((i, j))
    return found


def mutated(rng: np.random.Generator, row: Array, symbols: int) -> Array:
    """A row after a change, an insertion with a deletion, or a turn."""
    kind = rng.integers(3)
    if kind == 0:
        row = row.copy()
        row[rng.integers(len(row), size=rng.integers(1, 4))] = rng.integers(symbols)
        return row
    if kind == 1:
        row = np.delete(row, rng.integers(len(row)))
        return np.insert(row, rng.integers(len(row) + 1), rng.integers(symbols))
    return np.roll(row, rng.integers(1, 4))


@pytest.mark.parametrize(
    ("symbols", "length"), [(2, 12), (3, 20), (8, 10), (16, 20), (4, 31), (2, 7)]
)
def test_all_near_pairs_are_found_and_no_others(symbols: int, length: int) -> None:
    rng = np.random.default_rng(symbols * length)
    second = rng.integers(0, symbols, (60, length))
    fresh = rng.integers(0, symbols, (20, length))
    first = np.stack([mutated(rng, row, symbols) for row in second[:40]])
    first = np.concatenate([first, fresh, second[:5]])
    found = near_rows(first, second)
    assert len(found.rows) == len(first)
    pairs = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert pairs == slowly(first, second)
    assert pairs


def test_edit_distances_within_the_band_are_exact() -> None:
    rng = np.random.default_rng(4)
    first = rng.integers(0, 4, (400, 12))
    second = np.stack([mutated(rng, mutated(rng, row, 4), 4) for row in first])
    true = np.array(
        [
            levenshtein(a, b)
            for a, b in zip(first.tolist(), second.tolist(), strict=True)
        ]
    )
    for band in (0, 1, 2):
        found = edit_distance(first, second, band)
        near = true <= 2 * band + 1
        assert np.array_equal(found[near], true[near])
        assert (found[~near] > 2 * band + 1).all()
        assert near.any()


def test_rows_too_short_for_runs_and_edits_are_never_near() -> None:
    rows = np.array([[0, 1], [1, 0]])
    assert not near_rows(rows, rows).found().any()


def test_found_counts_only_the_rows_it_is_asked_about() -> None:
    rng = np.random.default_rng(2)
    second = rng.integers(0, 16, (40, 20))
    first = second[:4].copy()
    first[:, 0] += 1
    found = near_rows(first, second)
    assert found.found().all()
    assert found.found(np.arange(40) < 2).tolist() == [True, True, False, False]


def test_reordered_rows_are_those_with_the_same_tokens_elsewhere() -> None:
    second = np.array([[0, 1, 2], [3, 3, 4], [0, 2, 1]])
    first = np.array([[2, 1, 0], [3, 3, 4], [0, 1, 2], [5, 5, 5]])
    # The second only repeats a row; the third does, and stands there reordered too.
    assert reordered_rows(first, second).tolist() == [True, False, True, False]


def test_tokens_of_several_channels_are_told_apart() -> None:
    rows = np.array([[[0, 1], [1, 0]], [[2, 0], [0, 0]]])
    first, second = token_codes(rows[:1], rows[1:])
    assert len({*first.ravel(), *second.ravel()}) == 4
    again, _ = token_codes(rows[:1], rows[:1])
    assert again.shape == (1, 2)


def test_bands_of_hashes_meet_where_runs_are_shared() -> None:
    """A pair that shares 0.8 of its runs must meet in at least one of twenty bands."""
    rng = np.random.default_rng(3)
    first = rng.integers(0, 16, (2000, 20))
    second = first.copy()
    second[:, 19] = (second[:, 19] + 1) % 16
    second[1000:] = rng.integers(0, 16, (1000, 20))
    sets, _ = _run_sets(np.concatenate([first, second]))
    keys = _min_hashes(sets)
    meet = (keys[:2000] == keys[2000:]).any(axis=1)
    assert meet[:1000].sum() >= 995
    assert not meet[1000:].any()


def test_above_ten_thousand_rows_pairs_are_still_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(3)
    rows = rng.integers(0, 4, (300, 20))
    near = rows[:100].copy()
    near[:, 19] = (near[:, 19] + 1) % 4
    monkeypatch.setattr(joins, "EXACT_ROWS", 50)
    monkeypatch.setattr(joins, "LONGEST", 0)  # runs alone
    assert near_rows(near, rows).found().mean() >= 0.98


def test_rows_are_thinned_where_too_many_are_near(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(3)
    rows = rng.integers(0, 2, (300, 12))
    whole = near_rows(rows, rows).found().mean()
    for place in (module, joins):
        monkeypatch.setattr(place, "MOST_PAIRS", 20_000)
    thinned = near_rows(rows, rows)
    assert 20 <= len(thinned.rows) < 300
    assert abs(thinned.found().mean() - whole) < 0.2
