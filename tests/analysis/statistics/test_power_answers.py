"""What is published or exact about powers, pilots and rows."""

import pytest
from scipy import stats

from reportgen.analysis.statistics.power import (
    Noise,
    resolvable,
    rows_needed,
    sd_interval,
    seeds_needed,
    superiority_power,
    upper_sd,
)


def test_power_of_one_sample() -> None:
    assert superiority_power(0.5, Noise(1.0), 27, alpha=0.05) == pytest.approx(
        0.705824, abs=1e-5
    )


@pytest.mark.parametrize(
    ("n", "factor", "low", "high", "c4"),
    [
        (3, 2.117, 0.521, 6.285, 0.886),
        (4, 1.728, 0.566, 3.729, 0.921),
        (5, 1.558, 0.599, 2.874, 0.940),
        (6, 1.461, 0.624, 2.453, 0.952),
        (8, 1.353, 0.661, 2.035, 0.965),
        (10, 1.293, 0.688, 1.826, 0.973),
        (15, 1.216, 0.732, 1.577, 0.982),
        (20, 1.177, 0.760, 1.461, 0.987),
        (30, 1.136, 0.796, 1.344, 0.991),
    ],
)
def test_how_uncertain_an_sd_is(
    n: int, factor: float, low: float, high: float, c4: float
) -> None:
    assert upper_sd(1.0, n) == pytest.approx(factor, abs=6e-4)
    assert sd_interval(1.0, n) == pytest.approx((low, high), abs=6e-4)
    mean = stats.chi.mean(n - 1) / (n - 1) ** 0.5
    assert mean == pytest.approx(c4, abs=6e-4)


@pytest.mark.parametrize(
    ("n", "plain", "upper"),
    [(3, 0.41, 0.82), (5, 0.50, 0.86), (10, 0.51, 0.85)],
)
def test_how_often_a_pilot_names_enough_seeds(
    n: int, plain: float, upper: float
) -> None:
    """Ten seeds are needed; exact by the law of s, which decides alone."""

    def enough(s: float) -> bool:
        found = seeds_needed(1.0, Noise(s))
        return found is not None and found >= 10

    low, high = 0.5, 1.5
    for _ in range(30):  # the smallest SD that asks for ten seeds or more
        middle = (low + high) / 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    needed = stats.chi2.sf((n - 1) * high**2, n - 1)
    factor = upper_sd(1.0, n)
    raised = stats.chi2.sf((n - 1) * (high / factor) ** 2, n - 1)
    error = 4 * (0.25 / 400) ** 0.5  # the protocol drew 400 pilots
    assert needed == pytest.approx(plain, abs=error)
    assert raised == pytest.approx(upper, abs=error)


def test_a_claim_that_rows_alone_can_resolve() -> None:
    """The four checks at .01 with A = 1e-4, and their number of rows."""
    found = [
        seeds_needed(0.01, Noise(0.01, sd**2)) for sd in (0.0, 0.002, 0.0035, 0.004)
    ]
    assert found == [10, 13, 204, None]
    assert not resolvable(0.01, 0.004**2)
    assert resolvable(0.01, 0.0035**2)
    rows = rows_needed(0.01, 0.004**2, 1000)
    assert rows == pytest.approx(1000 * 2.8016**2 * 0.16, abs=1)
    # With so many rows the claim is at the edge, and with one in ten more beyond it.
    assert resolvable(0.01, 0.004**2 * 1000 / (1.1 * rows))
