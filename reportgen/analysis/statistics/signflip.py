"""The exact sign-flip test: paired effects in, a p-value without a normal law out.

Source: Fisher (1935), The Design of Experiments, section 21.
"""

import numpy as np

from reportgen.records import Array

# All 2^n sign patterns are walked up to here; beyond, patterns are drawn.
EXACT_LIMIT = 20
DRAWS = 100_000


def signflip_p(effects: Array) -> float:
    """Two-sided p of a mean effect of zero; shape (n,), zeros are kept.

    Exact up to 20 effects. Above, (b + 1) / (B + 1) over 100,000 fixed draws.
    """
    magnitudes = np.abs(np.asarray(effects, dtype=np.float64))
    n, observed = len(magnitudes), abs(float(np.sum(effects)))
    # Sums that differ only in rounding count as ties, and ties count as extreme.
    reached = observed - 1e-12 * max(1.0, float(magnitudes.sum()))
    if n <= EXACT_LIMIT:
        sums = np.zeros(1)
        for magnitude in magnitudes:
            sums = np.concatenate((sums - magnitude, sums + magnitude))
        return float(np.mean(np.abs(sums) >= reached))
    rng = np.random.default_rng(n)
    extreme = 0
    for _ in range(10):
        signs = rng.integers(0, 2, size=(DRAWS // 10, n), dtype=np.int8) * 2 - 1
        extreme += int((np.abs(signs @ magnitudes) >= reached).sum())
    return (extreme + 1) / (DRAWS + 1)


def smallest_p(n: int) -> float:
    """The smallest two-sided p that n pairs can reach, whatever they show."""
    return float(min(1.0, 2.0 ** (1 - n)))
