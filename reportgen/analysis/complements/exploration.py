"""The exploratory family: variants against the baseline where nothing was claimed.

Two-sided p-values of any difference, by the method that judges the claims, with one
false discovery rate over all of them. They point at what a next study could register,
and carry no verdict.
"""

from reportgen.analysis.claims.method import Method, load_method
from reportgen.analysis.claims.rule import Margins
from reportgen.analysis.evidence.pairs import pair_runs, side_of
from reportgen.analysis.evidence.peers import with_peers
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.complements import Comparison, Exploration
from reportgen.analysis.findings.study import ClaimResult, Interval
from reportgen.analysis.statistics.estimate import Estimate
from reportgen.analysis.statistics.family import FALSE_DISCOVERY_RATE, bh_adjusted
from reportgen.spec.model import BASELINE

ANY = Margins(0.0, 0.0)
SEEN = ("train", "dev")  # fitted or chosen on: no comparison of new rows


def explore(results: Results, claims: tuple[ClaimResult, ...]) -> Exploration:
    """Compare every variant with the baseline on the first metric, set by set."""
    metric, method = next(iter(results.metrics)), load_method(results.study.analysis)
    registered = {
        (claim.variant, claim.metric)
        for claim in claims
        if claim.reference == BASELINE and claim.about == "score"
    }
    found: list[tuple[str, str, Estimate]] = []
    planned, left, untested = 0, 0, 0
    for variant in results.study_arms:
        if variant == BASELINE:
            continue
        for name in results.sets(variant):
            if name in SEEN or name not in results.sets():
                continue
            planned += 1
            full = f"{name}.{metric}@{results.selected(variant)}"
            if (variant, full) in registered:
                left += 1
                continue
            one = _estimate(results, method, variant, f"{name}.{metric}")
            if one is None:
                untested += 1
            else:
                found.append((variant, full, one))
    p_values = [method.claim_p("differs", ANY, one) for _, _, one in found]
    adjusted = bh_adjusted(p_values)
    return Exploration(
        rate=FALSE_DISCOVERY_RATE,
        planned=planned,
        registered=left,
        untested=untested,
        compared_by=method.title,
        comparisons=tuple(
            Comparison(
                variant=variant,
                metric=full,
                n=one.n,
                effect=one.mean,
                ci95=_interval(one),
                p=p,
                p_adjusted=shared,
            )
            for (variant, full, one), p, shared in zip(
                found, p_values, adjusted, strict=True
            )
        ),
    )


def _estimate(
    results: Results, method: Method, variant: str, metric: str
) -> Estimate | None:
    """The difference, failed runs by intention to treat; None where none is tested."""
    measure, own = side_of(results, variant, metric)
    _, other = side_of(results, BASELINE, metric)
    pairs = pair_runs(results, measure, own, other)
    if pairs.sample is None:
        return None
    sample = pairs.sample
    if method.peers:
        sample = with_peers(results, sample, metric, pairs.seeds)
    found = method.estimate(sample, over_rows=True)
    return found if found.determined and found.n >= method.fewest else None


def _interval(found: Estimate) -> Interval:
    lower, upper = found.interval(0.95)
    return Interval(level=0.95, lower=lower, upper=upper)
