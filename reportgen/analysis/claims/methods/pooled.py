"""Student's t with the spread of every arm pooled: for few seeds and many arms.

The level breaks where arms vary unequally, so the method refuses them: with an arm of
three times the SD, 5 % become 22 % (8 arms, 3 seeds). SDs of few seeds look unequal
even where they are not: of studies with 8 equal arms, 99 % are refused at 3 seeds, 90 %
at 5 and 49 % at 10.

Source: Dunnett (1955), J. Am. Stat. Assoc. 50:1096 (one variance for all arms).
"""

import numpy as np

from reportgen.analysis.claims.method import Method
from reportgen.analysis.statistics.estimate import (
    Estimate,
    Sample,
    Spread,
    estimate,
)
from reportgen.analysis.statistics.laws import (
    LARGEST_RATIO,
    pooled_law,
    unlike_spreads,
)
from reportgen.analysis.statistics.unpaired import estimate_unpaired
from reportgen.records import Array
from reportgen.spec.model import AnalysisSpec


def make(analysis: AnalysisSpec) -> Method:  # noqa: ARG001
    """Unpaired, with one SD for all arms."""
    return Method(
        name="pooled",
        title="Student’s t with the spread of all arms pooled",
        explained=(
            "The spread over seeds is taken to be the same in every arm and estimated "
            "from all of them together, which finds more at few seeds. Where no arm "
            f"may have more than {LARGEST_RATIO:g} times the spread of another, nor a "
            "failed run, the method gives no verdict otherwise."
        ),
        estimator=estimate_pooled,
        refuse=refuse_unequal,
        power=pooled_law,
        proviso=chance_of_refusal,
        needs_arms=True,
        peers=True,
    )


def chance_of_refusal(arms: int, n: int) -> str:
    """How often a design is refused although every arm varies alike."""
    refused = unlike_spreads(arms, n)
    return f"pooling is refused to {refused:.2f} of studies whose arms vary alike"


def refuse_unequal(sample: Sample) -> str:
    """Why the arms of a study must not be pooled; "" where they may."""
    if sample.peers is None:
        return "a run of some arm failed or is missing, so spreads cannot be pooled"
    spreads = _spreads(sample.peers)
    smallest, largest = float(spreads.min()), float(spreads.max())
    if largest > LARGEST_RATIO * smallest:
        ratio = (
            f"{largest / smallest:.1f} times" if smallest > 0 else "beyond all times"
        )
        return (
            f"the spread over seeds of one arm is {ratio} that of another, and "
            f"pooling allows {LARGEST_RATIO:g}"
        )
    return ""


def estimate_pooled(sample: Sample, *, over_rows: bool) -> Estimate:
    """The mean difference of two arms with the SD of all arms."""
    if sample.peers is None or sample.scores is None:
        # Refused, unless there are too few pairs for any verdict, whatever the method.
        return estimate(sample, over_rows=over_rows)
    n, mean = sample.n, float(np.mean(sample.effects))
    if n < 2:
        return Estimate(mean, n, 0.0, (), None, None)
    pooled = float(np.mean(_spreads(sample.peers) ** 2))
    seeds = Spread((2 * pooled / n) ** 0.5, len(sample.peers) * (n - 1))
    return estimate_unpaired(sample, seeds, (2 * pooled) ** 0.5, over_rows=over_rows)


def _spreads(peers: Array) -> Array:
    found: Array = np.std(peers, axis=1, ddof=1)
    return found
