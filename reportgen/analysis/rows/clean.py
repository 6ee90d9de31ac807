"""Clean rows: rows evaluated and rows trained on in, a mask of those never seen out.

A row counts as seen where its input, as fed to the models, occurs in a training split.
The rows are those of the first arm evaluated on them (the baseline, as a rule), so all
arms that answer the same rows share one mask, and arms stay comparable row by row: an
arm that hides a channel makes rows collide that were distinct before, and these are no
leak. Every arm that was fed the very same test rows adds its training rows: what one
arm has seen too much of is taken out for all of them.
"""

from collections.abc import Iterable

import numpy as np

from reportgen.records import Array

CLEAN = "test-clean"  # the evaluation set of test rows that no training split holds
CLEANED = "test"


def stored_set(name: str) -> str:
    """The evaluation set whose arrays hold the rows of `name`."""
    return CLEANED if name == CLEAN else name


def row_keys(inputs: Array) -> Array:
    """One bytes value per row, equal where all tokens are; (N, ...) to (N,)."""
    flat = np.ascontiguousarray(inputs.reshape(len(inputs), -1), dtype=np.int64)
    if flat.shape[1] == 0:
        return np.zeros(len(flat), dtype="V1")
    return flat.view(np.dtype((np.void, flat.dtype.itemsize * flat.shape[1])))[:, 0]


def occurrences(keys: Array, others: Array) -> Array:
    """How often each key occurs among others; (N,), (M,) to (N,)."""
    _, codes = np.unique(np.concatenate([keys, others]), return_inverse=True)
    counts = np.bincount(codes[len(keys) :], minlength=int(codes.max()) + 1)
    found: Array = counts[codes[: len(keys)]]
    return found


def unseen(rows: Array, trained: Iterable[Array]) -> Array:
    """True where a row occurs in none of the training splits; shape (N,).

    Args:
        rows: shape (N, T, C).
        trained: each (M, T, C); those of another shape per row cannot hold any.
    """
    mask = np.ones(len(rows), dtype=bool)
    keys = row_keys(rows)
    for split in trained:
        if split.shape[1:] == rows.shape[1:]:
            mask &= ~np.isin(keys, row_keys(split))
    return mask
