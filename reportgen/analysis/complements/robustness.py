"""Does spread over seeds go with harm under shift? Results in, a rank correlation out.

The unit is an arm: the log of its SD over seeds on dev, against its mean drop from test
to the shifted sets. Dev and test share no rows, so a lucky test score cannot raise
both. A ceiling alone makes the two go together, so the correlation given the arms' mean
score is the primary one. Arms that share a model are not independent: the correlation
is told also without each family of models.

Source: Bonett & Wright (2000), Psychometrika 65:23 (interval); Phipson & Smyth (2010),
Stat. Appl. Genet. Mol. Biol. 9:39 (permutation p).
"""

from itertools import permutations
from math import atanh, sqrt, tanh

import numpy as np
from scipy import stats

from reportgen.analysis.complements.within import read_within
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import ArmDispersion, Interval, RankCorrelation
from reportgen.records import Array

FEWEST_ARMS = 8
FEWEST_SEEDS = 3
FEWEST_LEFT = 5  # arms, once a family is left out
EXACT_UP_TO = 9
DRAWS = 9_999
# No model can follow the rule of rows whose order was taken away after they were
# labelled: to lose there is to use order, not to be frail.
NO_SHIFTS = ("train", "dev", "test")
LABELS_LEFT_BEHIND = ("shuffle_tokens", ":ShuffleTokens")


def seed_robustness(results: Results) -> RankCorrelation | None:
    """Relate seed spread to shift drop over the study's arms; None without shifts."""
    steps = results.study.data.shifts
    shifts = [
        name
        for name in results.sets()
        if name not in NO_SHIFTS and not steps[name].use.endswith(LABELS_LEFT_BEHIND)
    ]
    if not shifts:
        return None
    metric = next(iter(results.metrics))
    arms = [
        found
        for arm in results.study_arms
        if (found := _arm(results, arm, metric, shifts)) is not None
    ]
    spread = np.log([one.sd for one in arms])
    drop = np.array([one.drop for one in arms])
    level = np.array([one.mean for one in arms])
    told = correlate(metric, arms, (spread, drop, level))
    within = read_within(results, metric, [one.arm for one in arms], shifts)
    return told.model_copy(update={"shifts": tuple(shifts), "within": within})


def _arm(
    results: Results, arm: str, metric: str, shifts: list[str]
) -> ArmDispersion | None:
    """One arm's point; None with too few runs, or without any spread."""
    rule = results.selected(arm)
    sign = 1.0 if results.metrics[metric].higher_is_better else -1.0
    dev, test, shifted = [], [], []
    for seed in results.seeds(arm):
        one, two, *rest = (
            results.score(arm, seed, f"{name}.{metric}", rule)
            for name in ("dev", "test", *shifts)
        )
        if one is None or two is None or any(value is None for value in rest):
            continue
        dev.append(one)
        test.append(two)
        shifted.append(float(np.mean([value for value in rest if value is not None])))
    if len(dev) < FEWEST_SEEDS:
        return None
    sd, mean = float(np.std(dev, ddof=1)), float(np.mean(dev))
    if sd <= 0:
        return None
    record = next(one for _, one in results.records(arm) if "dev" in one.data)
    floor = None
    if results.metrics[metric].unit == "fraction":
        floor = sqrt(mean * (1 - mean) / record.data["dev"].rows)
    return ArmDispersion(
        arm=arm,
        seeds=len(dev),
        sd=sd,
        binomial_floor=floor,
        mean=mean,
        drop=sign * float(np.mean(test) - np.mean(shifted)),
        family=record.config.model.use,
    )


def correlate(
    metric: str, arms: list[ArmDispersion], values: tuple[Array, Array, Array]
) -> RankCorrelation:
    """Correlate the ranks of spread and drop, also given the level."""
    spread, drop, level = values
    k = len(arms)
    if k < FEWEST_ARMS:
        return RankCorrelation(
            metric=metric,
            arms=tuple(arms),
            verdict="too few variants",
            sentence=f"{k} arms have a spread and a drop; a correlation needs "
            f"{FEWEST_ARMS} or more, so the points are shown and nothing is concluded.",
        )
    plain = rank_correlation(spread, drop)
    partial = partial_rank_correlation(spread, drop, level)
    p_partial = partial_p(partial, k)
    lower, upper = correlation_interval(partial, k - 1)
    without = _without_families(arms, values)
    related = (lower > 0 or upper < 0) and p_partial < 0.05
    seeds = min(one.seeds for one in arms)
    if related:
        direction = "more" if partial > 0 else "less"
        text = f"arms that vary more over seeds lose {direction} under shift"
    else:
        text = "no relation is shown, and none is excluded"
        if seeds <= 5:
            text += f"; {seeds} seeds an arm blur any relation there may be"
    return RankCorrelation(
        metric=metric,
        arms=tuple(arms),
        spearman=plain,
        spearman_p=permutation_p(spread, drop),
        spearman_interval=_as_interval(correlation_interval(plain, k)),
        partial=partial,
        partial_p=p_partial,
        partial_interval=_as_interval((lower, upper)),
        partial_without=without,
        verdict="related" if related else "inconclusive",
        sentence=f"Over {k} arms, given their mean score, the rank correlation of seed "
        f"spread and drop under shift is {partial:+.2f} (95 % CI {lower:+.2f} to "
        f"{upper:+.2f}): {text}.{_without_words(without)}{_floor_words(arms)}".replace(
            "-", "\u2212"
        ),
    )


def _without_families(
    arms: list[ArmDispersion], values: tuple[Array, Array, Array]
) -> dict[str, float]:
    """The partial correlation without each family whose absence leaves enough arms."""
    families = np.array([one.family for one in arms])
    return {
        str(family): partial_rank_correlation(
            *(each[families != family] for each in values)
        )
        for family in np.unique(families)
        if (families != family).sum() >= FEWEST_LEFT
    }


def _without_words(without: dict[str, float]) -> str:
    parts = [f"{value:+.2f} without {family}" for family, value in without.items()]
    return (
        f" Arms of one model are not independent: it is {', '.join(parts)}."
        if parts
        else ""
    )


def _floor_words(arms: list[ArmDispersion]) -> str:
    """How many arms spread no more than their number of dev rows alone would make them.

    By a chi-squared test at 5 %: dev scores of equal models vary as binomial shares.
    """
    floors = [(one, one.binomial_floor) for one in arms if one.binomial_floor]
    if not floors:
        return ""
    within = sum(
        (one.seeds - 1) * (one.sd / floor) ** 2 < stats.chi2.isf(0.05, one.seeds - 1)
        for one, floor in floors
    )
    return (
        f" In {within} of {len(floors)} arms the spread is not shown to exceed what "
        "the number of dev rows alone gives."
    )


def _as_interval(ends: tuple[float, float]) -> Interval:
    return Interval(level=0.95, lower=ends[0], upper=ends[1])


def rank_correlation(x: Array, y: Array) -> float:
    """Spearman's rho; 0 where one of the two does not vary."""
    first, second = stats.rankdata(x), stats.rankdata(y)
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def partial_rank_correlation(x: Array, y: Array, given: Array) -> float:
    """Spearman's rho of x and y with the ranks of a third value held still."""
    xy, xz, yz = (rank_correlation(*pair) for pair in ((x, y), (x, given), (y, given)))
    left = (1 - xz**2) * (1 - yz**2)
    if left <= 1e-12:
        return 0.0
    return float(np.clip((xy - xz * yz) / sqrt(left), -1, 1))


def partial_p(partial: float, k: int) -> float:
    """Two-sided p of a partial rank correlation of k > 3 points (Student, k - 3 df)."""
    t = partial * sqrt((k - 3) / max(1e-12, 1 - partial**2))
    return float(2 * stats.t.sf(abs(t), k - 3))


def permutation_p(x: Array, y: Array) -> float:
    """Two-sided p of rho; exact up to nine points, else (b + 1) / (B + 1)."""
    ranks, others = stats.rankdata(x), stats.rankdata(y)
    ranks, others = ranks - ranks.mean(), others - others.mean()
    reached = abs(float(ranks @ others)) - 1e-9
    if len(x) <= EXACT_UP_TO:
        orders = np.array(list(permutations(range(len(x)))))
        return float(np.mean(np.abs(others[orders] @ ranks) >= reached))
    rng = np.random.default_rng(len(x))
    draws = np.array([rng.permutation(others) for _ in range(DRAWS)])
    return (int((np.abs(draws @ ranks) >= reached).sum()) + 1) / (DRAWS + 1)


def correlation_interval(
    rho: float, k: int, *, level: float = 0.95
) -> tuple[float, float]:
    """Bonett-Wright interval of a rank correlation of k points, k > 3."""
    inside = float(np.clip(rho, -1 + 1e-12, 1 - 1e-12))
    half = float(stats.norm.isf((1 - level) / 2)) * sqrt((1 + rho**2 / 2) / (k - 3))
    return tanh(atanh(inside) - half), tanh(atanh(inside) + half)
