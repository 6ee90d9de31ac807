"""Effects without their unit: paired effects in, one standardised size out."""

from math import exp, lgamma, sqrt

import numpy as np

from reportgen.records import Array


def standardised(effects: Array) -> float | None:
    """Hedges' corrected g of paired effects; None below three pairs or without spread.

    Source: Hedges (1981), J. Educ. Stat. 6:107.
    """
    n = len(effects)
    sd = float(np.std(effects, ddof=1)) if n > 2 else 0.0
    if sd == 0:
        return None
    half = (n - 1) / 2
    shrink = exp(lgamma(half) - lgamma(half - 0.5)) / sqrt(half)
    return float(shrink * np.mean(effects) / sd)
