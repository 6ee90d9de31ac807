"""Bounds of chance, against exact values from elsewhere."""

import numpy as np
import pytest
from scipy import stats

from reportgen.training.chance import binomial_tail, surplus_bound


@pytest.mark.parametrize(
    ("hits", "trials", "chance"),
    [(8, 10, 0.5), (1, 10, 0.01), (300, 500, 0.5), (420, 500, 0.75), (500, 500, 0.9)],
)
def test_binomial_tail_is_exact(hits: int, trials: int, chance: float) -> None:
    exact = stats.binom.sf(hits - 1, trials, chance)
    assert binomial_tail(hits, trials, chance) == pytest.approx(exact, rel=1e-9)


def test_binomial_tail_at_its_ends() -> None:
    assert binomial_tail(0, 10, 0.3) == 1.0
    assert binomial_tail(1, 10, 0.0) == 0.0
    assert binomial_tail(10, 10, 1.0) == 1.0
    assert binomial_tail(8, 10, 0.5) == pytest.approx(56 / 1024)


def test_surplus_bound_is_never_below_the_exact_chance() -> None:
    trials, chance = 200, 0.1
    hits = np.arange(trials + 1)
    surplus = hits - trials * chance
    bound = surplus_bound(surplus, np.full(hits.shape, trials * chance * (1 - chance)))
    exact = stats.binom.sf(hits - 1, trials, chance)
    above = surplus >= 0
    assert (bound[above] >= exact[above]).all()
