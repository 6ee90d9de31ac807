"""The rule: vectors of the protocol, and its laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.analysis.claims.rule import (
    Margins,
    claim_p,
    decide,
    equivalence_p,
    margins_of,
    mirror,
)
from reportgen.analysis.statistics.estimate import Estimate, Sample, Spread, estimate
from reportgen.spec.claims import Kind

KINDS: tuple[Kind, ...] = (
    "improves",
    "worse",
    "noninferior",
    "equivalent",
    "differs",
)
VECTORS: list[tuple[str, Kind, float, str, str]] = [
    (".021 .034 .027 .018 .030", "improves", 0.01, "supported", "better_by_margin"),
    (".012 -.004 .020", "improves", 0.01, "inconclusive", "unresolved"),
    (".002 -.001 .003 0 .001", "improves", 0.01, "equivalent", "equivalent"),
    (
        ".004 .005 .0045 .0055 .005",
        "improves",
        0.01,
        "equivalent",
        "better_below_margin",
    ),
    ("-.03 -.04 -.035", "improves", 0.01, "refuted", "worse"),
    ("-.03 -.04 -.035", "worse", 0.01, "supported", "worse_by_margin"),
    (".030 .032 .031", "improves", 0.01, "supported", "better_by_margin"),
    (".030 .032 .031", "equivalent", 0.02, "refuted", "better_by_margin"),
    (".004 -.006 .001", "equivalent", 0.02, "supported", "equivalent"),
    (".004 -.012 .010", "equivalent", 0.02, "supported", "equivalent"),
    ("-.004 .001 -.002", "noninferior", 0.01, "supported", "noninferior"),
    (".06 .02 .03 .05 .04", "improves", 0.03, "inconclusive", "better_size_unresolved"),
    (".05 .04 .06 .045 -.40", "improves", 0.01, "inconclusive", "unresolved"),
    (".05 .052", "improves", 0.01, "inconclusive", "too_few_seeds"),
    ("-.003 .007 .002 .004 -.001", "improves", 0.0, "inconclusive", "unresolved"),
]


def read(text: str) -> Estimate:
    return estimate(Sample(np.array([float(value) for value in text.split()])))


def made(mean: float, error: float, n: int = 5) -> Estimate:
    spread = Spread(error, n - 1)
    return Estimate(mean, n, error * n**0.5, (spread,), spread, None)


@pytest.mark.parametrize(("text", "kind", "margin", "verdict", "finding"), VECTORS)
def test_vectors_of_the_protocol(
    text: str, kind: Kind, margin: float, verdict: str, finding: str
) -> None:
    decision = decide(kind, margins_of(kind, margin, None), read(text))
    assert (decision.verdict, decision.finding) == (verdict, finding)


def test_p_values_of_the_protocol() -> None:
    first = read(".021 .034 .027 .018 .030")
    assert claim_p("improves", Margins(0.01, 0.01), first) == pytest.approx(
        0.005370, abs=1e-6
    )
    for text, p in ((".004 -.006 .001", 0.010975), (".004 -.012 .010", 0.049289)):
        found = claim_p("equivalent", Margins(0.02, 0.02), read(text))
        assert found == pytest.approx(p, abs=1e-6)


def test_a_difference_needs_no_direction() -> None:
    margins = margins_of("differs", 0.02, None)
    assert margins == Margins(0.0, 0.02)
    assert decide("differs", margins, made(-0.05, 0.005)).verdict == "supported"
    assert decide("differs", margins, made(-0.05, 0.005)).finding == "worse_by_margin"
    assert decide("differs", margins, made(0.05, 0.005)).finding == "better_by_margin"
    assert decide("differs", margins, made(0.001, 0.002)).verdict == "equivalent"
    assert decide("differs", margins, made(0.001, 0.02)).verdict == "inconclusive"


def test_without_a_margin_nothing_is_too_small_to_matter() -> None:
    found = made(0.0001, 0.001)
    assert decide("improves", Margins(0.0, 0.0), found).verdict == "inconclusive"
    assert decide("improves", Margins(0.0, 0.01), found).verdict == "equivalent"
    assert equivalence_p(Margins(0.0, 0.0), found) == 1.0


@pytest.mark.parametrize("kind", KINDS)
def test_fewer_than_three_pairs_never_decide(kind: Kind) -> None:
    found = read(".5 .5001")
    assert decide(kind, Margins(0.01, 0.01), found).verdict == "inconclusive"
    assert claim_p(kind, Margins(0.01, 0.01), found) == 1.0


@pytest.mark.parametrize("kind", KINDS)
def test_effects_without_spread_are_degenerate(kind: Kind) -> None:
    decision = decide(kind, Margins(0.01, 0.01), estimate(Sample(np.full(4, 0.02))))
    assert (decision.verdict, decision.finding) == ("inconclusive", "degenerate")


numbers = st.floats(-0.2, 0.2)
errors = st.floats(0.001, 0.1)
margin = st.floats(0.001, 0.1)


@settings(max_examples=200, deadline=None)
@given(numbers, errors, margin, st.integers(3, 12))
def test_exchanging_the_arms_exchanges_better_and_worse(
    mean: float, error: float, size: float, n: int
) -> None:
    margins = Margins(size, size)
    one = decide("improves", margins, made(mean, error, n))
    other = decide("worse", margins, made(-mean, error, n))
    assert one.verdict == other.verdict
    assert one.finding == mirror(other.finding)


@settings(max_examples=200, deadline=None)
@given(numbers, errors, margin, st.integers(3, 12), st.sampled_from(KINDS))
def test_the_p_value_and_the_interval_agree(
    mean: float, error: float, size: float, n: int, kind: Kind
) -> None:
    """Without a fall-back, a claim is decided exactly where its p is below .05."""
    margins = Margins(0.0 if kind == "differs" else size, 0.0)
    found = made(mean, error, n)
    p = claim_p(kind, margins, found)
    if abs(p - 0.05) > 1e-9:
        decided = decide(kind, margins, found).verdict != "inconclusive"
        assert decided == (p < 0.05)


@settings(max_examples=200, deadline=None)
@given(numbers, errors, margin, margin, st.integers(3, 12))
def test_a_larger_margin_never_makes_support(
    mean: float, error: float, first: float, second: float, n: int
) -> None:
    small, large = sorted((first, second))
    found = made(mean, error, n)
    if decide("improves", Margins(small, small), found).verdict != "supported":
        assert decide("improves", Margins(large, large), found).verdict != "supported"


@settings(max_examples=100, deadline=None)
@given(numbers, errors, margin, st.floats(0.1, 10), st.sampled_from(KINDS))
def test_the_unit_of_scores_and_margin_does_not_matter(
    mean: float, error: float, size: float, scale: float, kind: Kind
) -> None:
    here = decide(kind, Margins(size, size), made(mean, error))
    there = decide(
        kind, Margins(scale * size, scale * size), made(scale * mean, scale * error)
    )
    assert here == there


@settings(max_examples=200, deadline=None)
@given(numbers, errors, margin, st.floats(-0.5, 0.5), st.integers(3, 12))
def test_a_constant_added_to_effects_and_margin_changes_nothing(
    mean: float, error: float, size: float, constant: float, n: int
) -> None:
    here = decide("improves", Margins(size, 0.0), made(mean, error, n))
    moved = made(mean + constant, error, n)
    there = decide("improves", Margins(size + constant, 0.0), moved)
    assert here.verdict == there.verdict


@settings(max_examples=200, deadline=None)
@given(numbers, errors, margin, st.integers(3, 12), st.sampled_from(KINDS))
def test_a_claim_is_never_supported_and_refuted(
    mean: float, error: float, size: float, n: int, kind: Kind
) -> None:
    """Support and refutation need p-values that cannot both be small."""
    found = made(mean, error, n)
    size = 0.0 if kind == "differs" else size
    sides = {
        "improves": (found.p_greater(size), found.p_less(size)),
        "worse": (found.p_less(-size), found.p_greater(-size)),
        "noninferior": (found.p_greater(-size), found.p_less(-size)),
        "differs": (found.p_greater(0), found.p_less(0)),
        "equivalent": (
            max(found.p_greater(-size), found.p_less(size)),
            min(found.p_greater(size), found.p_less(-size)),
        ),
    }
    support, against = sides[kind]
    assert support + against >= 1 - 1e-9
