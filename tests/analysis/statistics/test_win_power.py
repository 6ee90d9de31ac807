"""Power of the probability of improvement, against what is decided on drawn runs."""

from math import ceil, sqrt

import numpy as np
import pytest
from scipy import special, stats

from reportgen.analysis.claims.methods.poi import decide_poi
from reportgen.analysis.claims.rule import Margins
from reportgen.analysis.findings.digits import as_told, at_least_about
from reportgen.analysis.statistics.estimate import Sample
from reportgen.analysis.statistics.win_chance import estimate_poi
from reportgen.analysis.statistics.win_power import (
    DRAWN_UP_TO,
    detectable_chance,
    rank_power,
    runs_for_chance,
)
from reportgen.spec.claims import Kind

ROUNDS, ERRORS = 300, 4
MARGINS = Margins(0.0, 0.0)


def share_supported(kind: Kind, gamma: float, n: int) -> float:
    """How often the method supports a claim that holds by the chance worth having."""
    rng = np.random.default_rng([n, len(kind)])
    chance = 0.5 if kind in ("noninferior", "equivalent") else gamma
    shift = sqrt(2) * special.ndtri(chance) * (-1 if kind == "worse" else 1)
    hits = 0
    for _ in range(ROUNDS):
        own, other = rng.standard_normal((2, n))
        own = own + shift
        found = estimate_poi(Sample(own - other, scores=(own, other)), over_rows=False)
        decision = decide_poi(kind, MARGINS, found, alpha=0.05, gamma=gamma)
        hits += decision.verdict == "supported"
    return hits / ROUNDS


@pytest.mark.parametrize(
    ("kind", "gamma", "n"),
    [
        ("improves", 0.75, 5),
        ("improves", 0.9, 5),
        ("worse", 0.75, 12),
        ("differs", 0.68, 32),
        ("noninferior", 0.75, 8),
        ("equivalent", 0.8, 14),
        ("equivalent", 0.7, 36),
    ],
)
def test_power_is_what_the_method_decides(kind: Kind, gamma: float, n: int) -> None:
    told = rank_power(kind, gamma, n, alpha=0.05)
    error = sqrt(max(told * (1 - told), 0.01) / ROUNDS)
    assert share_supported(kind, gamma, n) == pytest.approx(told, abs=ERRORS * error)


def test_drawn_and_normal_power_join() -> None:
    for gamma in (0.65, 0.75):
        last, first = (
            rank_power("differs", gamma, n, alpha=0.05)
            for n in (DRAWN_UP_TO, DRAWN_UP_TO + 1)
        )
        assert 0 < first - last < 0.04


def test_noether_s_normal_law_is_right_of_many_runs_only() -> None:
    """28.86 runs for .75 at one-sided 5 % and 95 % power; 5 runs have .12, not .28."""

    def noether(gamma: float, power: float, alpha: float) -> int:
        distance = stats.norm.isf(alpha / 2) + stats.norm.ppf(power)
        return ceil(float((distance / (gamma - 0.5)) ** 2 / 6))

    assert noether(0.75, 0.95, 0.10) == 29
    assert noether(0.75, 0.80, 0.10) == 17
    assert rank_power("differs", 0.75, 5, alpha=0.05) == pytest.approx(0.12, abs=0.02)
    told = stats.norm.sf(stats.norm.isf(0.025) - 0.25 * sqrt(6 * 5))
    assert told == pytest.approx(0.28, abs=0.005)
    many = runs_for_chance("differs", 0.55, alpha=0.05)
    assert many == pytest.approx(noether(0.55, 0.80, 0.05), rel=0.02)


@pytest.mark.parametrize("kind", ["improves", "noninferior", "equivalent"])
def test_the_chance_resolved_has_the_power(kind: Kind) -> None:
    found = detectable_chance(kind, 12)
    asked: Kind = "differs" if kind == "improves" else kind
    assert rank_power(asked, found, 12, alpha=0.05) >= 0.8
    assert rank_power(asked, found - 0.01, 12, alpha=0.05) < 0.8


def test_too_few_runs_tell_no_chance_from_an_even_one() -> None:
    assert detectable_chance("improves", 3) == 1.0


def test_no_number_of_runs_tells_almost_even_chances_apart() -> None:
    assert runs_for_chance("improves", 0.5001) is None


@pytest.mark.parametrize(
    ("need", "told"),
    [(3, 3), (83, 83), (99, 99), (100, 100), (101, 110), (718, 720), (2593, 2600)],
)
def test_needs_are_told_with_two_digits_and_never_too_small(
    need: int, told: int
) -> None:
    assert at_least_about(need) == as_told(need) == told
    assert as_told(None) is None
