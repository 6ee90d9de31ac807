"""Seed spread against shift drop: rank correlations and their guards."""

import numpy as np
import pytest
from scipy import stats

from reportgen.analysis.complements.robustness import (
    correlate,
    correlation_interval,
    partial_p,
    partial_rank_correlation,
    permutation_p,
    rank_correlation,
    seed_robustness,
)
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import ArmDispersion
from reportgen.records import Array


def arms(k: int) -> list[ArmDispersion]:
    one = ArmDispersion(
        arm="a", seeds=10, sd=0.02, binomial_floor=0.01, mean=0.8, drop=0.1
    )
    return [one] * k


def test_spearman_of_the_scipy_example() -> None:
    rho = rank_correlation(np.arange(5), np.array([5, 6, 7, 8, 7]))
    assert rho == pytest.approx(0.820782682)


@pytest.mark.parametrize(("k", "p"), [(4, 0.0833), (5, 0.0167)])
def test_smallest_p_of_few_arms(k: int, p: float) -> None:
    assert permutation_p(np.arange(k), np.arange(k)) == pytest.approx(p, abs=1e-4)


def test_many_arms_are_permuted_at_random() -> None:
    values = np.arange(12.0)
    assert permutation_p(values, values) == pytest.approx(1e-4, abs=2e-4)


def test_the_level_can_explain_the_whole_correlation() -> None:
    rng = np.random.default_rng(4)
    level = rng.standard_normal(400)
    spread = level + 0.5 * rng.standard_normal(400)
    drop = level + 0.5 * rng.standard_normal(400)
    assert rank_correlation(spread, drop) > 0.7
    assert abs(partial_rank_correlation(spread, drop, level)) < 0.15


def test_a_ceiling_alone_is_taken_for_a_relation_by_the_plain_one_only() -> None:
    """Binomial spread, and a drop that depends on nothing but the level of an arm."""
    rng, k, seeds, rows = np.random.default_rng(41), 12, 10, 1000
    plain, partial, repeats = 0, 0, 300
    for _ in range(repeats):
        level = rng.uniform(0.6, 0.95, k)
        truth = np.repeat(level[:, None], seeds, axis=1)
        dev, test = (rng.binomial(rows, truth) / rows for _ in range(2))
        shifted = rng.binomial(rows, 0.5 + 0.7 * (truth - 0.5)) / rows
        spread = np.log(dev.std(axis=1, ddof=1))
        drop = (test - shifted).mean(axis=1)
        plain += stats.spearmanr(spread, drop).pvalue < 0.05
        given = partial_rank_correlation(spread, drop, dev.mean(axis=1))
        partial += partial_p(given, k) < 0.05
    assert plain / repeats > 0.4
    assert partial / repeats < 0.05 + 4 * (0.05 * 0.95 / repeats) ** 0.5


def test_values_that_do_not_vary_have_no_correlation() -> None:
    assert rank_correlation(np.ones(8), np.arange(8)) == 0.0
    assert partial_rank_correlation(np.arange(8), np.arange(8), np.arange(8)) == 0.0


def test_the_interval_covers_under_independence() -> None:
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(800):
        x, y = rng.standard_normal((2, 10))
        low, high = correlation_interval(rank_correlation(x, y), 10)
        hits += low < 0 < high
    assert hits / 800 == pytest.approx(0.962, abs=0.028)


def test_too_few_arms_conclude_nothing(results: Results) -> None:
    found = seed_robustness(results)
    assert found is not None
    assert found.verdict == "too few variants"
    assert found.partial is None
    assert [one.arm for one in found.arms] == [
        "baseline",
        "bilstm",
        "dropout",
        "frozen",
    ]
    assert found.arms[2].seeds == 4
    assert all(one.drop > 0 for one in found.arms)


def test_a_relation_is_told_with_its_direction() -> None:
    rng = np.random.default_rng(3)
    spread = rng.standard_normal(20)
    level = rng.standard_normal(20)
    values: tuple[Array, Array, Array] = (spread, spread + 0.1 * level, level)
    found = correlate("hwa", arms(20), values)
    assert found.verdict == "related"
    assert "lose more under shift" in found.sentence
    none = correlate("hwa", arms(20), (spread, rng.standard_normal(20), level))
    assert none.verdict == "inconclusive"
    assert "none is excluded" in none.sentence


def dispersions(rng: np.random.Generator, floors: list[float]) -> list[ArmDispersion]:
    return [
        ArmDispersion(
            arm=f"arm{place}",
            seeds=10,
            sd=0.02 + 0.001 * rng.random(),
            binomial_floor=floor,
            mean=0.8,
            drop=rng.random(),
            family="lstm" if place < 3 else "gru",
        )
        for place, floor in enumerate(floors)
    ]


def test_families_are_left_out_where_enough_arms_stay() -> None:
    rng = np.random.default_rng(2)
    points = dispersions(rng, [0.02] * 4 + [0.005] * 6)
    spread, drop, level = rng.standard_normal((3, 10))
    found = correlate("hwa", points, (spread, drop, level))
    assert found.partial_without == {
        "lstm": pytest.approx(partial_rank_correlation(spread[3:], drop[3:], level[3:]))
    }
    assert "without lstm" in found.sentence
    assert "In 4 of 10 arms the spread is not shown to exceed" in found.sentence
