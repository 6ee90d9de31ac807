"""The exact sign-flip test against published p-values."""

import numpy as np
import pytest

from reportgen.analysis.statistics.signflip import signflip_p, smallest_p
from reportgen.records import Array

SLEEP = np.array([-1.2, -2.4, -1.3, -1.3, 0.0, -1.0, -1.8, -0.8, -4.6, -1.4])
MAIZE = np.array([49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48.0])


@pytest.mark.parametrize(
    ("effects", "p"),
    [
        (SLEEP, 0.00390625),
        (MAIZE, 1726 / 32768),
        (np.array([0.03, 0.02, 0.025]), 0.25),
        (np.array([0.021, 0.034, 0.027, 0.018, 0.030]) - 0.01, 0.0625),
        (np.zeros(4), 1.0),
    ],
)
def test_known_p_values(effects: Array, p: float) -> None:
    assert signflip_p(effects) == pytest.approx(p)


def test_many_effects_are_drawn_instead_of_enumerated() -> None:
    effects = np.linspace(-1, 2, 24)
    assert signflip_p(effects) == pytest.approx(signflip_p(-effects))
    assert 1e-5 < signflip_p(effects) < 0.05


@pytest.mark.parametrize(("n", "p"), [(3, 0.25), (4, 0.125), (5, 0.0625), (6, 0.03125)])
def test_smallest_reachable_p(n: int, p: float) -> None:
    assert smallest_p(n) == p
