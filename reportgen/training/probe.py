"""A probe: what can be read off some rows about others, on rows held out for it.

A ridge regression on the count of each symbol in a row, or on the symbol at each place:
small, linear, and the same every time.
"""

from collections.abc import Callable

import numpy as np

from reportgen.records import Array
from reportgen.training.invariant import token_codes

ROWS = 1_000  # looked at, at most; half to fit, half held out
FEWEST = 60
WIDEST = 1_000  # features a channel, and questions
RIDGE = 1.0


def questions(codes: Array, symbols: int) -> Array:
    """Yes-no questions about a channel of each row.

    Does a symbol occur more often than in the median row? Does it stand at a place?

    Args:
        codes: of one channel, (N, T).
        symbols: how many there are.

    Returns:
        (N, Q) of bool.
    """
    hits = codes[:, None, :] == np.arange(min(symbols, WIDEST))[:, None]  # (N, K, T)
    often = hits.sum(axis=2)
    above = often > np.median(often, axis=0)
    stands = hits.reshape(len(codes), -1)[:, :WIDEST]
    return np.concatenate([above, stands], axis=1)


def recover(features: Array, targets: Array) -> Array:
    """Fit on the first half of the rows and answer for the second.

    Args:
        features: what may be read, (N, F).
        targets: (N, Q) of bool.

    Returns:
        Whether each answer is right, (N / 2, Q) of bool.
    """
    half = len(features) // 2
    wanted = np.where(targets, 1.0, -1.0)
    middle = wanted[:half].mean(axis=0)
    centre = features[:half].mean(axis=0)
    fit, held = features[:half] - centre, features[half:] - centre
    # The dual form: as many unknowns as rows, however many features there are.
    kernel = fit @ fit.T + RIDGE * np.eye(half)
    answers = held @ (fit.T @ np.linalg.solve(kernel, wanted[:half] - middle)) + middle
    right: Array = (answers > 0) == targets[half:]
    return right


def counts(inputs: Array) -> Array:
    """How often each code occurs in a row; (N, T, C) to (N, F)."""
    return _joined(inputs, lambda hot: hot.sum(axis=1))


def places(inputs: Array) -> Array:
    """Which code stands at each position; (N, T, C) to (N, F)."""
    return _joined(inputs, lambda hot: hot.reshape(len(hot), -1))


def _joined(inputs: Array, read: Callable[[Array], Array]) -> Array:
    """What is read of each channel, and of whole tokens where there are several."""
    channels = [inputs[:, :, one] for one in range(inputs.shape[2])]
    if len(channels) > 1:
        channels += token_codes(inputs)
    parts = [np.zeros((len(inputs), 1))]
    for codes in channels:
        size = int(codes.max(initial=0)) + 1
        width = min(size, max(2, WIDEST // codes.shape[1]))  # large ones are folded
        hot = np.zeros((*codes.shape, width))
        np.put_along_axis(hot, (codes % width)[:, :, None], 1.0, axis=2)
        parts.append(read(hot))
    return np.concatenate(parts, axis=1)
