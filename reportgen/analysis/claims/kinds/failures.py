"""Failures: how much less often the runs of one arm fail than those of another.

An effect is the share of failed runs of the reference minus that of the variant. Few
runs allow wide differences, and then a claim stays open.
"""

import numpy as np
from scipy import stats

from reportgen.analysis.claims.method import Method
from reportgen.analysis.claims.quantity import Need, Quantity, Sides
from reportgen.analysis.evidence.pairs import Pairs, Side
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.statistics.estimate import Sample
from reportgen.analysis.statistics.two_rates import estimate_rates, exact_p
from reportgen.metrics.metric import Metric
from reportgen.spec.claims import ClaimParts, Kind

FAILURE_RATE = Metric(
    name="failure_rate",
    title="share of runs that fail",
    unit="fraction",
    higher_is_better=False,
    lower=0.0,
    upper=1.0,
    formula=r"\frac{\text{runs that failed}}{\text{runs that ended}}",
    meaning="how often training ends without a result",
    value=lambda outputs: float("nan"),  # noqa: ARG005 (no run has one of its own)
    rows=None,
    fallback=None,
)


def pair_failures(results: Results, parts: ClaimParts, metric: Metric) -> Pairs:  # noqa: ARG001
    """Pair two arms by seed; an effect is 1 where only the reference failed."""
    seeds, ended, missing = [], [], []
    for seed in results.seeds(parts.variant):
        if seed not in results.seeds(parts.reference):
            continue
        records = [results.counted(arm, seed) for arm in parts.arms]
        if any(record is None for record in records):
            missing.append(seed)
            continue
        seeds.append(seed)
        ended.append(
            [float(one is not None and one.status == "failed") for one in records]
        )
    failed = np.array(ended).reshape(-1, 2)
    sample = None
    if seeds:
        own, other = failed[:, 0], failed[:, 1]
        sample = Sample(other - own, scores=(-own, -other))
    return Pairs(
        seeds=tuple(seeds),
        sample=sample,
        complete=sample,
        complete_seeds=tuple(seeds),
        missing=tuple(missing),
        imputed=True,
        same_rows=True,
        agreeing=False,
        repeats=0,
        failed=(
            tuple(seed for seed, one in zip(seeds, failed, strict=True) if one[0]),
            tuple(seed for seed, one in zip(seeds, failed, strict=True) if one[1]),
        ),
    )


def _sides(results: Results, parts: ClaimParts) -> Sides:
    own, other = (Side(arm, "runs", results.selected(arm)) for arm in parts.arms)
    return Sides(FAILURE_RATE, own, other)


def chance_of_rates(need: Need, n: int, sample: Sample | None) -> float:
    """Chance that n runs an arm resolve a difference, by the normal law.

    Both arms fail as often as the runs of the sample did together, and every second
    time, which asks for most runs, without one.
    """
    rate = 0.5
    if sample is not None and sample.scores is not None:
        failed = -float(sum(one.sum() for one in sample.scores))
        rate = (failed + 1) / (2 * sample.n + 2)
    error = np.sqrt(2 * rate * (1 - rate) / n)
    both = need.kind == "equivalent"
    quantile = stats.norm.isf(need.alpha if both else need.alpha / 2)
    one = float(stats.norm.sf(quantile - need.effect / error))
    return max(0.0, 2 * one - 1) if both else one


def clearest_p(kind: Kind, n: int) -> float:
    """P where every run of one arm fails and none of the other."""
    if kind not in ("improves", "worse", "differs"):
        return 0.0
    return min(1.0, 2 * exact_p(n, 0, n, 0.0))


FAILURES = Quantity(
    about="failures",
    pair=pair_failures,
    sides=_sides,
    unit="share of runs",
    method=Method(
        name="failures",
        title="exact tests of two failure rates",
        explained=(
            "The shares of failed runs of two arms are compared by their counts alone, "
            "with Chan and Zhang’s exact interval, which never shows a difference "
            "where Fisher’s exact test shows none."
        ),
        estimator=estimate_rates,
        least_p=clearest_p,
    ),
    means=False,
    counts_failures=True,
    chance=chance_of_rates,
    supposing="in the hardest case, where every other run fails",
)
