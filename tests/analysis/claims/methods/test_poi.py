"""The criterion of the probability of improvement, case by case."""

import pytest

from reportgen.analysis.claims.methods.poi import decide_poi, poi_p
from reportgen.analysis.claims.rule import Decision, Margins
from reportgen.analysis.statistics.estimate import Spread
from reportgen.analysis.statistics.win_chance import PoiEstimate, chance_p
from reportgen.spec.claims import Kind

MARGINS = Margins(0.01, 0.01)
SPREAD = Spread(0.01, 9)


def seen(chance: float, n: int, exact: tuple[float, float] = (0.0, 0.0)) -> PoiEstimate:
    """An estimate with a chance; exact p-values of 0 leave the score test alone."""
    return PoiEstimate(
        0.01, n, 0.03, (SPREAD,), SPREAD, None, 0.0, None, "", chance, exact
    )


def decided(kind: Kind, chance: float, n: int, gamma: float = 0.75) -> Decision:
    return decide_poi(kind, MARGINS, seen(chance, n), alpha=0.05, gamma=gamma)


@pytest.mark.parametrize(
    ("kind", "chance", "n", "verdict", "finding"),
    [
        ("improves", 0.90, 20, "supported", "better_by_margin"),
        ("improves", 0.60, 20, "inconclusive", "unresolved"),
        ("improves", 0.61, 200, "equivalent", "better_below_margin"),
        ("improves", 0.50, 200, "equivalent", "equivalent"),
        ("improves", 0.40, 200, "equivalent", "worse_below_margin"),
        ("improves", 0.10, 20, "refuted", "worse"),
        ("improves", 0.35, 20, "refuted", "not_better_by_margin"),
        ("worse", 0.10, 20, "supported", "worse_by_margin"),
        ("worse", 0.90, 20, "refuted", "better"),
        ("noninferior", 0.55, 20, "supported", "noninferior"),
        ("noninferior", 0.05, 20, "refuted", "worse_by_margin"),
        ("noninferior", 0.32, 60, "inconclusive", "worse"),
        ("equivalent", 0.50, 60, "supported", "equivalent"),
        ("equivalent", 0.95, 20, "refuted", "better_by_margin"),
        ("equivalent", 0.05, 20, "refuted", "worse_by_margin"),
        ("equivalent", 0.60, 10, "inconclusive", "unresolved"),
        ("differs", 0.90, 20, "supported", "better_by_margin"),
        ("differs", 0.10, 20, "supported", "worse_by_margin"),
        ("differs", 0.50, 200, "equivalent", "equivalent"),
        ("differs", 0.50, 6, "inconclusive", "unresolved"),
    ],
)
def test_criterion(
    kind: Kind, chance: float, n: int, verdict: str, finding: str
) -> None:
    found = decided(kind, chance, n)
    assert (found.verdict, found.finding) == (verdict, finding)


def test_a_gain_that_is_not_worth_having_is_not_supported() -> None:
    """One half is excluded, and so is the chance declared worth having."""
    one = seen(0.61, 200)
    lower, upper = one.chance_interval(0.95)
    assert 0.5 < lower < upper < 0.75
    assert decided("improves", 0.61, 200).verdict != "supported"
    assert decided("improves", 0.61, 200, gamma=0.6).verdict == "supported"


def test_the_exact_test_can_hold_a_gain_back() -> None:
    assert chance_p((0.8, 0.2), (10, 10), 0.5) == 0.2
    assert chance_p((0.8, 0.2), (10, 10), 0.6) > 0.02
    assert chance_p((0.8, 0.2), (10, 10), 0.4) < 0.01  # below one half it says nothing
    held, free = seen(0.9, 20, (0.2, 1.0)), seen(0.9, 20)
    assert held.chance_interval(0.95)[0] == 0.5
    assert free.chance_interval(0.95)[0] > 0.5
    decision = decide_poi("improves", MARGINS, held, alpha=0.05, gamma=0.75)
    assert decision.verdict == "inconclusive"
    assert poi_p("improves", MARGINS, held, gamma=0.75) == 0.4
