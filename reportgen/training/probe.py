"""A probe: what can be read off some rows about others, on rows held out for it.

A ridge regression on the symbol at each position and the count of each symbol in a row:
small, linear, seeded and the same every time. It answers whether information is there
to be had, and it is compared with what may be had, never with zero.
"""

from dataclasses import dataclass

import numpy as np

from reportgen.records import Array

ROWS = 400  # looked at, at most; half to fit, half held out
FEWEST = 60
WIDEST = 1_000  # features; a longer row or vocabulary is told by its counts alone
RIDGE = 1.0


@dataclass(frozen=True)
class Recovered:
    """How often the probe was right on held-out rows, one flag per row and target."""

    right: Array  # (held out, targets), bool

    @property
    def share(self) -> float:
        """The share of right answers."""
        return float(self.right.mean())


def count_targets(codes: Array, symbols: int) -> Array:
    """Yes-no questions about rows: does a symbol occur more often than in the median.

    Args:
        codes: of one channel, (N, T).
        symbols: how many there are.

    Returns:
        (N, symbols) of bool.
    """
    counts = np.stack([(codes == one).sum(axis=1) for one in range(symbols)], axis=1)
    above: Array = counts > np.median(counts, axis=0)
    return above


def recover(inputs: Array, targets: Array) -> Recovered:
    """Fit on the first half of the rows and answer for the second.

    Args:
        inputs: integer codes (N, T, C); C may be 0, and then nothing is to be seen.
        targets: (N, K) of bool.
    """
    half = len(inputs) // 2
    features = _features(inputs)  # (N, F)
    wanted = np.where(targets, 1.0, -1.0)
    middle = wanted[:half].mean(axis=0)
    centre = features[:half].mean(axis=0)
    fit, held = features[:half] - centre, features[half:] - centre
    # The dual form: as many unknowns as rows, however many features there are.
    kernel = fit @ fit.T + RIDGE * np.eye(half)
    answers = held @ (fit.T @ np.linalg.solve(kernel, wanted[:half] - middle)) + middle
    return Recovered((answers > 0) == targets[half:])


def _features(inputs: Array) -> Array:
    """One column per position and code, and one per code; (N, T, C) to (N, F)."""
    rows, length, channels = inputs.shape
    parts = [np.zeros((rows, 1))]
    for channel in range(channels):
        codes = inputs[:, :, channel]
        size = int(codes.max(initial=0)) + 1
        if length * size <= WIDEST:
            hot = np.zeros((rows, length, size))
            np.put_along_axis(hot, codes[:, :, None], 1.0, axis=2)
            parts += [hot.reshape(rows, -1), hot.sum(axis=1)]
        else:
            present, places = np.unique(codes, return_inverse=True)
            width = min(len(present), WIDEST)
            counts = np.zeros((rows, width))
            folded = places.reshape(codes.shape) % width
            np.add.at(counts, (np.arange(rows)[:, None], folded), 1.0)
            parts.append(counts)
    return np.concatenate(parts, axis=1)
