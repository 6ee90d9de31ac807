"""Holm and Benjamini-Hochberg against published and worked examples."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats import multitest

from reportgen.analysis.statistics.family import (
    CORRECTIONS,
    bh_adjusted,
    holm_adjusted,
    holm_levels,
    share,
)

PUBLISHED = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
    0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip
p_values = st.lists(st.floats(1e-6, 1), min_size=1, max_size=12)


def test_holm_of_the_published_example() -> None:
    adjusted = holm_adjusted(PUBLISHED)
    expected = [0.0015, 0.0056, 0.0247, 0.1140, 0.2211, 0.278, 0.278, 0.278, 0.3213, 1]
    assert adjusted[:10] == pytest.approx(expected, abs=1e-6)
    assert sum(p <= 0.05 for p in adjusted) == 3


def test_bh_of_the_published_example() -> None:
    adjusted = bh_adjusted(PUBLISHED)
    expected = [0.0015, 0.0030, 0.0095, 0.035625, 0.0603, 0.06386, 0.06386, 0.0645]
    assert adjusted[:8] == pytest.approx(expected, abs=1e-5)
    assert sum(p <= 0.05 for p in adjusted) == 4


@pytest.mark.parametrize(
    ("given_p", "holm", "bh"),
    [
        ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02], [0.02, 0.04, 0.04, 0.02]),
        (
            [0.01, 0.02, 0.03, 0.04, 0.05],
            [0.05, 0.08, 0.09, 0.09, 0.09],
            [0.05] * 5,
        ),
    ],
)
def test_small_examples(
    given_p: list[float], holm: list[float], bh: list[float]
) -> None:
    assert holm_adjusted(given_p) == pytest.approx(holm)
    assert bh_adjusted(given_p) == pytest.approx(bh)


def test_levels_of_the_worked_example() -> None:
    levels = holm_levels([0.004, 0.03, 0.02, 0.6])
    assert levels == pytest.approx([0.0125, 0.05 / 3, 0.05 / 3, 0.05 / 3])


@settings(max_examples=200, deadline=None)
@given(p_values)
def test_levels_and_adjusted_p_reject_the_same(given_p: list[float]) -> None:
    adjusted, levels = holm_adjusted(given_p), holm_levels(given_p)
    for p, whole, level in zip(given_p, adjusted, levels, strict=True):
        if abs(whole - 0.05) > 1e-9:
            assert (p < level) == (whole < 0.05)


@pytest.mark.parametrize("name", sorted(CORRECTIONS))
@settings(max_examples=150, deadline=None)
@given(p_values, st.integers(1, 4))
def test_every_correction_gives_levels_that_agree_with_its_adjusted_p(
    name: str, given_p: list[float], looks: int
) -> None:
    shares = share(given_p, CORRECTIONS[name], looks=looks)
    for p, whole, level in zip(given_p, shares.adjusted, shares.levels, strict=True):
        if abs(whole - 0.05) > 1e-9 and abs(p - level) > 1e-9:
            assert (p < level) == (whole < 0.05)


@settings(max_examples=100, deadline=None)
@given(p_values, st.integers(0, 99))
def test_the_order_of_claims_does_not_matter(given_p: list[float], seed: int) -> None:
    places = [int(one) for one in np.random.default_rng(seed).permutation(len(given_p))]
    moved = [given_p[place] for place in places]
    there = holm_adjusted(moved)
    here = holm_adjusted(given_p)
    assert [here[place] for place in places] == pytest.approx(there)


def test_statsmodels_agrees() -> None:
    p = np.random.default_rng(2).random(9)
    assert holm_adjusted(list(p)) == pytest.approx(
        multitest.multipletests(p, 0.05, "holm")[1]
    )


def test_an_empty_family_is_empty() -> None:
    assert (holm_adjusted([]), holm_levels([]), bh_adjusted([])) == ([], [], [])
