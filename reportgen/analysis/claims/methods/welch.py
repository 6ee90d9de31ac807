"""Welch's t: two arms that vary independently and unequally over seeds.

Source: Welch (1947), Biometrika 34:28.
"""

import numpy as np

from reportgen.analysis.claims.method import Method
from reportgen.analysis.statistics.estimate import Estimate, Sample, Spread
from reportgen.analysis.statistics.laws import unpaired_law
from reportgen.analysis.statistics.unpaired import estimate_unpaired, mean_difference
from reportgen.spec.model import AnalysisSpec


def make(analysis: AnalysisSpec) -> Method:  # noqa: ARG001
    """Unpaired: for arms in which a seed does not mean the same."""
    return Method(
        name="welch",
        title="Welch’s t of two independent arms",
        explained=(
            "The runs of the two arms are compared as two independent groups, each "
            "with a spread of its own, as if seeds were not shared. Every run counts, "
            "also where the other arm has none under its seed."
        ),
        estimator=estimate_welch,
        power=unpaired_law,
        unpaired=True,
        needs_arms=True,
    )


def estimate_welch(sample: Sample, *, over_rows: bool) -> Estimate:
    """The mean difference of two arms over all their runs, without pairing.

    What the rows add is estimated from the runs that have a partner.
    """
    arms = sample.arms
    if arms is None:
        raise ValueError("Welch's t needs the scores of both arms")
    sizes = [len(values) for values in arms]
    mean = mean_difference(*arms)
    if min(sizes) < 2:
        return Estimate(mean, min(sizes), 0.0, (), None, None)
    variances = [float(np.var(values, ddof=1)) for values in arms]
    parts = [one / n for one, n in zip(variances, sizes, strict=True)]
    total = sum(parts)
    share = sum(one**2 / (n - 1) for one, n in zip(parts, sizes, strict=True))
    seeds = Spread(total**0.5, total**2 / share if total > 0 else min(sizes) - 1.0)
    sd = sum(variances) ** 0.5
    return estimate_unpaired(sample, seeds, sd, over_rows=over_rows)
