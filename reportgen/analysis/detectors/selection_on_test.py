"""Selection on test: a choice that looked at the rows it is reported on.

Test rows are answered at two epochs of a run only, the best on dev and the last. The
optimism told is therefore over these two: by how much the better of both on test rows
lies above the one that is reported. It is never below 0, so its interval is made of two
bounds that hold whatever its law: the mean of max(0, d) is at least max(0, mean d) and
at most (mean d + sqrt(mean d ^ 2 + var d)) / 2, with the limits of mean and SD of d by
Student's t and chi-square.

Source: Scarf (1958), A min-max solution of an inventory problem (the upper bound).
"""

from functools import lru_cache
from math import sqrt

import numpy as np
from scipy import integrate, stats

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import headline, oriented_scores
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.evidence.scored import Rule
from reportgen.analysis.findings.study import Interval
from reportgen.analysis.statistics.power import sd_interval
from reportgen.records import Array

CHOSEN_ON = ("train", "dev")
FEWEST_SEEDS = 3
SET = "test"
BEST = "best of all arms"


def _read(results: Results) -> list[Reading | Missing]:
    return [*(_arm(results, arm) for arm in results.study_arms), _best(results)]


def _arm(results: Results, arm: str) -> Reading | Missing:
    """Where the epoch of an arm was chosen, and what choosing on test would add."""
    metric = results.selection_metric(arm)
    chosen = results.selected(arm) == "best"
    flag = chosen and metric.partition(".")[0] not in CHOSEN_ON
    note = f"the reported epoch has the best {metric}" if chosen else "the last epoch"
    if flag:
        note += ": scores on those rows flatter"
    runs = sum(1 for _ in results.records(arm))
    if not runs:
        return Missing(arm, "no run has ended")
    gaps = _other_epoch(results, arm)
    if len(gaps) < FEWEST_SEEDS:
        why = f"needs {FEWEST_SEEDS} runs scored on test rows"
        return Reading(arm, flag, note, n_used=runs, settled=flag, no_interval=why)
    optimism = float(np.maximum(0, gaps).mean())
    if not np.ptp(gaps):
        why = "the two epochs scored on test rows differ alike in every run"
        return Reading(
            arm, flag, note, optimism, n_used=runs, settled=flag, no_interval=why
        )
    noise = float(gaps.std(ddof=1)) / sqrt(2)
    luck = [noise * expected_normal_maximum(k) for k in (2, _epochs(results, arm))]
    note += (
        f"; test rows were scored at two epochs, the best on dev and the last: the "
        f"better lies {optimism:.3f} above the reported one; of two equal epochs luck "
        f"alone gives {luck[0]:.3f}, of {_epochs(results, arm)} independent ones "
        f"{luck[1]:.3f}"
    )
    return Reading(
        arm, flag, note, optimism, optimism_interval(gaps), n_used=runs, settled=flag
    )


def _other_epoch(results: Results, arm: str) -> Array:
    """By how much the epoch that is not reported scores better on test, by run."""
    metric = headline(results)
    sign = 1.0 if metric.higher_is_better else -1.0
    chosen = results.selected(arm)
    other: Rule = "last" if chosen == "best" else "best"
    name = f"{SET}.{metric.name}"
    pairs = zip(
        results.scores(arm, name, other), results.scores(arm, name, chosen), strict=True
    )
    found = [one - two for one, two in pairs if one is not None and two is not None]
    return sign * np.array(found)


def _epochs(results: Results, arm: str) -> int:
    """Among how many epochs an arm's runs could have been reported at."""
    cell = next(one for one in results.cells if one.variant == arm)
    return cell.config.training.epochs


def optimism_interval(gaps: Array) -> Interval:
    """95 % interval of the mean of max(0, d), from three or more values of d."""
    n, mean, sd = len(gaps), float(gaps.mean()), float(gaps.std(ddof=1))
    low, high = (
        mean + float(stats.t.ppf(q, n - 1)) * sd / sqrt(n) for q in (0.025, 0.9875)
    )
    widest = sd * sqrt((n - 1) / float(stats.chi2.ppf(0.0125, n - 1)))
    upper = (high + sqrt(high**2 + widest**2)) / 2
    return Interval(level=0.95, lower=max(0.0, low), upper=upper)


def _best(results: Results) -> Reading | Missing:
    """What naming the best arm by its test mean would add by luck alone."""
    metric = headline(results)
    scores = [
        np.array(list(oriented_scores(results, arm, metric, SET).values()))
        for arm in results.study_arms
    ]
    errors = [
        float(one.std(ddof=1)) / np.sqrt(len(one))
        for one in scores
        if len(one) >= FEWEST_SEEDS
    ]
    if len(errors) < 2:
        return Missing(BEST, f"needs two arms with {FEWEST_SEEDS} completed runs")
    error = float(np.sqrt(np.mean(np.square(errors))))
    luck = error * expected_normal_maximum(len(errors))
    note = (
        f"of {len(errors)} equal arms the best test mean would lie {luck:.3f} above "
        "the truth; claims name their arms beforehand and are free of this"
    )
    df = sum(len(one) - 1 for one in scores if len(one) >= FEWEST_SEEDS)
    low, high = sd_interval(luck, df + 1)
    ends = Interval(level=0.95, lower=low, upper=high)
    return Reading(
        BEST,
        flag=False,
        note=note,
        statistic=luck,
        interval=ends,
        n_used=len(errors),
    )


@lru_cache(maxsize=64)
def expected_normal_maximum(k: int) -> float:
    """Expected largest of k independent standard normal values."""

    def density(x: float) -> float:
        return float(k * x * stats.norm.pdf(x) * stats.norm.cdf(x) ** (k - 1))

    value, _ = integrate.quad(density, -10, 10)
    return float(value)


SELECTION_ON_TEST = Detector(
    name="selection_on_test",
    title="selection on test rows",
    statistic_name="what the better of the two epochs scored on test rows would add; "
    "of all arms, what choosing the best by its test mean would add by luck",
    threshold="an epoch chosen by anything but train and dev scores",
    source="structural",
    false_positives="structural: none",
    read=_read,
)
