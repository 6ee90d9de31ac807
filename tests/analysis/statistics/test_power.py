"""Seeds and rows: the tables of the protocol."""

import pytest
from statsmodels.stats import power as their_power

from reportgen.analysis.statistics.power import (
    Noise,
    detectable_effect,
    resolvable,
    rows_needed,
    sd_interval,
    seeds_needed,
    superiority_power,
    tost_power,
    upper_sd,
)


@pytest.mark.parametrize(
    ("ratio", "most", "more"),
    [(0.5, 5, 5), (0.75, 7, 9), (1, 10, 13), (1.5, 20, 26), (2, 34, 44), (3, 73, 97),
     (4, 128, 171)],
)  # fmt: skip
def test_seeds_for_superiority(ratio: float, most: int, more: int) -> None:
    assert seeds_needed(1.0, Noise(ratio)) == most
    assert seeds_needed(1.0, Noise(ratio), power=0.90) == more


@pytest.mark.parametrize(("ratio", "seeds"), [(0.5, 4), (1, 11), (2, 36), (3, 79)])
def test_seeds_for_equivalence(ratio: float, seeds: int) -> None:
    assert seeds_needed(1.0, Noise(ratio), equivalence=True) == seeds


@pytest.mark.parametrize(
    ("row_sd", "seeds"), [(0.0, 10), (0.002, 13), (0.0035, 204), (0.004, None)]
)
def test_seeds_with_a_part_that_only_rows_can_shrink(
    row_sd: float, seeds: int | None
) -> None:
    assert seeds_needed(0.01, Noise(0.01, row_sd**2)) == seeds
    assert resolvable(0.01, row_sd**2) == (seeds is not None)


def test_rows_where_seeds_cannot_help() -> None:
    rows = rows_needed(0.01, 0.004**2, 1000)
    assert rows == pytest.approx(1000 * 2.8016**2 * 0.004**2 / 0.01**2, abs=1)
    assert rows > 1000


@pytest.mark.parametrize(
    ("n", "factor", "low", "high"),
    [(3, 2.117, 0.521, 6.285), (5, 1.558, 0.599, 2.874), (10, 1.293, 0.688, 1.826),
     (30, 1.136, 0.796, 1.344)],
)  # fmt: skip
def test_uncertainty_of_an_sd(n: int, factor: float, low: float, high: float) -> None:
    assert upper_sd(1.0, n) == pytest.approx(factor, abs=1e-3)
    assert sd_interval(1.0, n) == pytest.approx((low, high), abs=1e-3)


@pytest.mark.parametrize(
    ("ratio", "n", "shares"),
    [
        (0.5, 3, (0.5580, 0.0500, 0.0000)),
        (1.0, 3, (0.1273, 0.0409, 0.0013)),
        (1.0, 10, (0.7952, 0.0500, 0.0000)),
        (2.0, 5, (0.0203, 0.0113, 0.0019)),
        (2.0, 20, (0.3935, 0.0464, 0.0001)),
    ],
)
def test_exact_chance_of_an_equivalence_verdict(
    ratio: float, n: int, shares: tuple[float, float, float]
) -> None:
    for truth, share in enumerate(shares):
        found = tost_power(1.0, (float(truth), ratio / n**0.5, n - 1), alpha=0.05)
        assert found == pytest.approx(share, abs=1e-4)


def test_statsmodels_agrees_on_the_number_of_pairs() -> None:
    exact = their_power.TTestPower().solve_power(
        0.5, alpha=0.025, power=0.8, alternative="larger"
    )
    assert exact == pytest.approx(33.367, abs=1e-2)
    assert seeds_needed(0.5, Noise(1.0)) == 34


@pytest.mark.parametrize("n", [3, 5, 10])
def test_the_detectable_effect_is_the_one_with_the_power(n: int) -> None:
    effect = detectable_effect(n)
    assert effect is not None
    assert superiority_power(effect, Noise(1.0), n, alpha=0.05) == pytest.approx(0.8)


def test_nothing_is_detectable_below_three_seeds() -> None:
    assert detectable_effect(2) is None


def test_no_effect_needs_no_number() -> None:
    assert seeds_needed(0.0, Noise(1.0)) is None
