"""Welch's t: two arms that vary independently and unequally over seeds.

Source: Welch (1947), Biometrika 34:28.
"""

import numpy as np

from reportgen.analysis.claims.method import Method
from reportgen.analysis.statistics.estimate import (
    Estimate,
    Sample,
    Spread,
    estimate_unpaired,
)
from reportgen.spec.model import AnalysisSpec


def make(analysis: AnalysisSpec) -> Method:  # noqa: ARG001
    """Unpaired: for arms in which a seed does not mean the same."""
    return Method(
        name="welch",
        title="Welch’s t of two independent arms",
        explained=(
            "The runs of the two arms are compared as two independent groups, each "
            "with a spread of its own, as if seeds were not shared."
        ),
        estimator=estimate_welch,
        needs_arms=True,
    )


def estimate_welch(sample: Sample, *, over_rows: bool) -> Estimate:
    """The mean difference of two arms, without pairing.

    Seeds of both arms are those of the pairs, so that groups are of one size.
    """
    if sample.scores is None:
        raise ValueError("Welch's t needs the scores of both arms")
    n = sample.n
    if n < 2:
        return Estimate(float(np.mean(sample.effects)), n, 0.0, (), None, None)
    own, other = (float(np.var(values, ddof=1)) / n for values in sample.scores)
    total = own + other
    df = total**2 * (n - 1) / (own**2 + other**2) if total > 0 else n - 1.0
    seeds = Spread(total**0.5, df)
    return estimate_unpaired(sample, seeds, (n * total) ** 0.5, over_rows=over_rows)
