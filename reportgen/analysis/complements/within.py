"""Do an arm's worse seeds lose more under shift? Scores by seed in, a correlation out.

Beside the correlation across arms this one is within them: each seed's score on dev and
its drop under shift, less the mean of its arm and over the arm's SD, so that an arm
that varies much counts no more than its seeds. What is left has sum(n - 1) - 1 degrees
of freedom, were all runs independent. Arms share their seeds, though, so p comes from
permuting whole seeds, the same in every arm.

Source: Bland & Altman (1995), BMJ 310:446 (correlation within subjects); Phipson &
Smyth (2010), Stat. Appl. Genet. Mol. Biol. 9:39 (permutation p).
"""

from math import atanh, sqrt, tanh

import numpy as np
from scipy import stats

from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.outcome import Interval
from reportgen.analysis.findings.study import WithinArms
from reportgen.records import Array

FEWEST_DF = 3
DRAWS = 9_999


def read_within(
    results: Results, metric: str, arms: list[str], shifts: list[str]
) -> WithinArms | None:
    """Relate score on dev and mean drop under the shifts over the seeds of the arms."""
    if not arms:
        return None
    names = [f"{name}.{metric}" for name in ("dev", "test", *shifts)]
    dev, test, *rest = (
        np.array(
            [results.scores(arm, name, results.selected(arm)) for arm in arms],
            dtype=np.float64,
        )
        for name in names
    )
    better = results.metrics[metric].higher_is_better
    drop = (1.0 if better else -1.0) * (test - np.mean(rest, axis=0))
    return relate_within(dev, drop, higher_is_better=better)


def relate_within(level: Array, drop: Array, *, higher_is_better: bool) -> WithinArms:
    """Correlate residuals of level and drop over the seeds of every arm.

    Args:
        level: scores on dev, shape (arms, seeds), NaN where a run gives none.
        drop: losses under shift, of the same runs.
        higher_is_better: whether a larger level is the better one.
    """
    sign = 1.0 if higher_is_better else -1.0
    counted = np.isfinite(level) & np.isfinite(drop)
    first, second = (_residuals(one, counted) for one in (sign * level, drop))
    kept = (np.ptp(first, axis=1) > 0) & (np.ptp(second, axis=1) > 0)
    first, second = first[kept], second[kept]
    df = int((counted[kept].sum(axis=1) - 1).sum()) - 1
    if df < FEWEST_DF:
        text = "too few runs for a correlation within arms."
        return WithinArms(arms=int(kept.sum()), sentence=text)
    found = float((first * second).sum() / (df + 1))
    p = _permuted(first, second)
    half = float(stats.norm.isf(0.025)) / sqrt(df - 1)
    lower, upper = (tanh(atanh(min(0.999999, abs(found))) + s * half) for s in (-1, 1))
    if found < 0:
        lower, upper = -upper, -lower
    if p < 0.05:
        text = f"seeds that score better lose {'more' if found > 0 else 'less'}"
    else:
        text = "no relation is shown, and none is excluded"
    return WithinArms(
        arms=int(kept.sum()),
        df=df,
        correlation=found,
        interval=Interval(level=0.95, lower=lower, upper=upper),
        p_independent=float(2 * stats.t.sf(abs(found) * sqrt(df / (1 - found**2)), df)),
        p=p,
        sentence=f"Within the arms, whose means are taken out, the correlation over "
        f"seeds of score on dev and drop is {found:+.2f} (95 % CI {lower:+.2f} to "
        f"{upper:+.2f} with {df} degrees of freedom, were runs independent; p "
        f"{_p_text(p)} by permuting the seeds that arms share): {text}.".replace(
            "-", "\u2212"
        ),
    )


def _p_text(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"= {p:.2g}"


def _residuals(values: Array, counted: Array) -> Array:
    """Each arm's values less their mean over their SD; 0 where a run does not count."""
    shown = np.where(counted, values, 0.0)
    runs = np.maximum(counted.sum(axis=1, keepdims=True), 1)
    centred = np.where(counted, shown - shown.sum(axis=1, keepdims=True) / runs, 0.0)
    spread = np.sqrt((centred**2).sum(axis=1, keepdims=True) / np.maximum(runs - 1, 1))
    found: Array = np.divide(
        centred, spread, out=np.zeros_like(centred), where=spread > 1e-12
    )
    return found


def _permuted(first: Array, second: Array) -> float:
    """Two-sided p of the sum of products, seeds permuted alike in every arm."""
    products = first.T @ second  # by seed of the first and of the second
    seeds = len(products)
    rng = np.random.default_rng(seeds)
    orders = rng.permuted(np.tile(np.arange(seeds), (DRAWS, 1)), axis=1)
    drawn = np.abs(products[np.arange(seeds), orders].sum(axis=1))
    reached = abs(float(np.trace(products))) - 1e-9
    return (int((drawn >= reached).sum()) + 1) / (DRAWS + 1)
