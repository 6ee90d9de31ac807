"""Keys that near rows must share: two sets of rows in, joins that find them out.

Sources: a row cut into k + 1 pieces keeps one of them whole through k edits; Bayardo,
Ma & Srikant (2007), doi:10.1145/1242572.1242591 (prefix filter); Broder (1997),
doi:10.1109/SEQUEN.1997.666900 (MinHash).
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse

from reportgen.records import Array

EDITS = 0.1  # of the tokens of a row
LONGEST = 100  # tokens of a row whose edits are counted
SHINGLE = 3  # tokens in a run
EXACT_ROWS = 10_000  # above, pairs that share their runs are found by MinHash
BANDS, BAND_HASHES = 20, 5  # miss a pair at the threshold in 4 of 10,000 cases
MOST_PAIRS = 1_000_000  # that compete; more are told by MinHash, or thinned out
Verify = Callable[[Array, Array], Array]
# Keys that match nothing, for rows with fewer keys than others.
_NONE_OF_FIRST, _NONE_OF_SECOND = 0, 1


@dataclass(frozen=True)
class Join:
    """Keys of which near rows share one, (N, A) and (M, B), and a proof of nearness."""

    first: Array
    second: Array
    verify: Verify

    def pairs(self, rows: Array) -> tuple[Array, Array]:
        """Pairs of which any key agrees, each once."""
        order, low, counts = self._matches(rows)
        ends = np.cumsum(counts)
        within = np.arange(counts.sum()) - np.repeat(ends - counts, counts)
        second = order[np.repeat(low, counts) + within] // self.second.shape[1]
        first = np.repeat(np.repeat(rows, self.first.shape[1]), counts)
        both = np.unique(first * len(self.second) + second)
        return both // len(self.second), both % len(self.second)

    def size(self, rows: Array) -> int:
        """Keys that agree; at least as many as pairs."""
        return int(self._matches(rows)[2].sum())

    def _matches(self, rows: Array) -> tuple[Array, Array, Array]:
        keys = self.second.ravel()
        order = np.argsort(keys, kind="stable")
        wanted, keys = self.first[rows].ravel(), keys[order]
        low = np.searchsorted(keys, wanted, side="left")
        return order, low, np.searchsorted(keys, wanted, side="right") - low


def edit_join(first: Array, second: Array) -> list[Join]:
    """Joins rows that few edits part; none where rows are too short or too long."""
    length = first.shape[1]
    edits = int(EDITS * length)
    if edits < 1 or length > LONGEST:
        return []
    cuts = np.linspace(0, length, edits + 2).astype(int)
    band = edits // 2  # rows of one length shift by as many insertions as deletions
    own, others = [], []
    for piece, (start, end) in enumerate(pairwise(cuts.tolist())):
        own.append(_hashed(first[:, start:end], piece))
        for offset in range(-band, band + 1):
            if start + offset >= 0 and end + offset <= length:
                moved = second[:, start + offset : end + offset]
                others.append(_hashed(moved, piece))
    return [
        Join(
            np.stack(own, axis=1),
            np.stack(others, axis=1),
            lambda i, j: edit_distance(first[i], second[j], band) <= edits,
        )
    ]


def _hashed(values: Array, seed: int) -> Array:
    """One key per row of whole numbers; equal rows have equal keys."""
    key = np.full(len(values), seed + 2, dtype=np.uint64)
    for column in values.T:
        key = (key ^ (key >> np.uint64(29))) * np.uint64(0x9E3779B97F4A7C15)
        key += column.astype(np.uint64)
    return key


def edit_distance(first: Array, second: Array, band: int) -> Array:
    """Levenshtein distances of P pairs of rows, (P, T) each, up to 2 x `band` + 1.

    Larger distances come out as no smaller than that. Source: Ukkonen (1985),
    doi:10.1016/S0019-9958(85)80046-2 (only diagonals near the middle matter).
    """
    pairs, length = first.shape
    far = np.int16(length + 1)
    width = 2 * band + 1
    costs = np.full((width + 2, pairs), far, dtype=np.int16)  # a guard at both ends
    costs[band + 1 : width + 1] = np.arange(band + 1, dtype=np.int16)[:, None]
    for place in range(length):
        before = costs.copy()
        for diagonal in range(1, width + 1):
            other = place + diagonal - 1 - band  # token of the second row
            if not 0 <= other < length:
                costs[diagonal] = place + 1 if other == -1 else far
                continue
            changed = before[diagonal] + (first[:, place] != second[:, other])
            deleted = before[diagonal + 1] + 1
            inserted = costs[diagonal - 1] + 1
            costs[diagonal] = np.minimum(np.minimum(changed, deleted), inserted)
    distance: Array = costs[band + 1]
    return distance


def run_join(first: Array, second: Array) -> list[Join]:
    """Joins rows that share most runs of three tokens; none where rows have no run."""
    if first.shape[1] < SHINGLE:
        return []
    sets, sizes = _run_sets(np.concatenate([first, second]))
    n = len(first)
    verify, rows = _share_runs(sets, sizes, n), np.arange(n)
    exact = _rarest_first(sets, sizes, n, verify)
    if max(n, len(second)) <= EXACT_ROWS and exact.size(rows) <= MOST_PAIRS:
        return [exact]
    keys = _min_hashes(sets)
    hashed = Join(keys[:n], keys[n:], verify)
    return [min((hashed, exact), key=lambda join: join.size(rows))]


def _rarest_first(sets: Array, sizes: Array, n: int, verify: Verify) -> Join:
    """Of sets that share 0.8, the rarest few of each hold one in common."""
    prefix = sizes - -(-4 * sizes // 5) + 1
    beyond = np.arange(int(prefix.max())) >= prefix[:, None]
    keys = sets[:, : beyond.shape[1]] + 2
    own = np.where(beyond[:n], _NONE_OF_FIRST, keys[:n])
    others = np.where(beyond[n:], _NONE_OF_SECOND, keys[n:])
    return Join(own, others, verify)


def _run_sets(rows: Array) -> tuple[Array, Array]:
    """The runs of each row, each once, as ranks, the rarest first; and their number.

    (N, T) to (N, T - 2), filled up with -1, and (N,).
    """
    base = int(rows.max()) + 1
    runs = rows[:, :-2] * base**2 + rows[:, 1:-1] * base + rows[:, 2:]
    _, codes, counts = np.unique(runs, return_inverse=True, return_counts=True)
    ranks = np.empty(len(counts), dtype=np.int64)
    ranks[np.argsort(counts, kind="stable")] = np.arange(len(counts))
    sets = np.sort(ranks[codes.reshape(runs.shape)], axis=1)
    sets[:, 1:][sets[:, 1:] == sets[:, :-1]] = len(counts)
    sets.sort(axis=1)
    sizes = (sets < len(counts)).sum(axis=1)
    sets[sets == len(counts)] = -1
    return sets, sizes


def _share_runs(sets: Array, sizes: Array, n: int) -> Verify:
    """Whether pairs of sets share 0.8 of their union (Jaccard)."""
    places, _ = np.nonzero(sets >= 0)
    shape = (len(sets), int(sets.max()) + 1)
    held = sparse.csr_array(
        (np.ones(len(places), dtype=np.int32), (places, sets[sets >= 0])), shape=shape
    )

    def verify(i: Array, j: Array) -> Array:
        shared = np.asarray(held[i].multiply(held[n + j]).sum(axis=1)).ravel()
        united = sizes[i] + sizes[n + j] - shared
        alike: Array = 5 * shared >= 4 * united
        return alike

    return verify


def _min_hashes(sets: Array) -> Array:
    """Keys of bands of smallest hashes; (N, S) to (N, BANDS)."""
    rng = np.random.default_rng(0)
    odd = rng.integers(1, 2**63, BANDS * BAND_HASHES, dtype=np.uint64) | np.uint64(1)
    held = np.where(sets < 0, sets[:, :1], sets).astype(np.uint64) + np.uint64(1)
    smallest = np.stack(
        [((held * one) ^ ((held * one) >> np.uint64(31))).min(axis=1) for one in odd],
        axis=1,
    )
    bands = smallest.reshape(len(sets), BANDS, BAND_HASHES)
    return np.stack([_hashed(bands[:, b], b) for b in range(BANDS)], axis=1)
