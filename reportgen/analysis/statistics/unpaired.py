"""How sure a mean difference is where seeds are not shared: a spread in, limits out."""

import numpy as np

from reportgen.analysis.statistics.estimate import (
    ROUNDING,
    Estimate,
    Sample,
    Spread,
    add_rows,
    crossed_se,
)
from reportgen.records import Array


def estimate_unpaired(
    sample: Sample, seeds: Spread, sd: float, *, over_rows: bool = True
) -> Estimate:
    """Estimate the mean effect where arms vary over seeds independently.

    Args:
        sample: at least two runs of each arm.
        seeds: the standard error over seeds, found without pairing.
        sd: the SD of one difference that it amounts to.
        over_rows: whether to speak about new rows too, where `sample.rows` allows it.
    """
    effects = np.asarray(sample.effects, dtype=np.float64)
    smallest = ROUNDING * max(1.0, float(np.abs(effects).max()))
    crossed, row_variance = None, 0.0
    if over_rows and sample.rows is not None and sample.n > 1:
        parts = [crossed_se(sample.rows)]
        if sample.other is not None:
            parts.append(crossed_se(sample.other))
        crossed, row_variance = add_rows(seeds, parts)
    found = (seeds,) if crossed is None else (seeds, crossed)
    spreads = tuple(spread for spread in found if spread.error > smallest)
    arms, n = sample.arms, min(sample.runs)
    mean = float(np.mean(effects)) if arms is None else mean_difference(*arms)
    return Estimate(mean, n, sd, spreads, seeds, crossed, row_variance)


def mean_difference(own: Array, other: Array) -> float:
    """Of all runs of two arms."""
    return float(own.mean() - other.mean())
