"""Known answers and laws of paired and crossed estimates."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from statsmodels.stats import weightstats

from reportgen.analysis.statistics.effect_size import standardised
from reportgen.analysis.statistics.estimate import Sample, crossed_se, estimate
from reportgen.records import Array

FIRST = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
SECOND = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
SLEEP = FIRST - SECOND
MAIZE = np.array([49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48.0])

effects = arrays(
    np.float64, st.integers(3, 12), elements=st.floats(-1, 1, width=32)
).filter(lambda values: np.ptp(values) > 1e-3)


def example_rows() -> Array:
    """Three seeds by ten rows, the worked example of the protocol."""
    rows = np.zeros((3, 10))
    rows[:, :3] = 1
    rows[0, 3], rows[1, 4], rows[2, 5], rows[2, 6] = 1, -1, 1, 1
    return rows


def test_paired_t_of_students_sleep_data() -> None:
    found = estimate(Sample(SLEEP))
    assert found.mean == pytest.approx(-1.58)
    assert found.sd == pytest.approx(1.229995483)
    assert found.interval(0.95) == pytest.approx((-2.459886, -0.700114), abs=1e-6)
    assert found.interval(0.90) == pytest.approx((-2.293005, -0.866995), abs=1e-6)
    assert 2 * found.p_less(0) == pytest.approx(0.002832890, abs=1e-9)
    assert standardised(SLEEP) == pytest.approx(-1.173925, abs=1e-6)


def test_paired_t_of_darwins_maize() -> None:
    found = estimate(Sample(MAIZE))
    assert found.interval(0.95) == pytest.approx((0.031193, 41.835473), abs=1e-6)
    assert 2 * found.p_greater(0) == pytest.approx(0.049702944, abs=1e-9)


@pytest.mark.parametrize(
    ("margin", "p"),
    [(0.5, 0.98924076), (1, 0.91494411), (2, 0.15415724), (3, 0.00265557)],
)
def test_two_one_sided_tests_of_students_sleep_data(margin: float, p: float) -> None:
    found = estimate(Sample(SLEEP))
    larger = max(found.p_greater(-margin), found.p_less(margin))
    assert larger == pytest.approx(p, abs=1e-8)


def test_two_one_sided_tests_agree_with_statsmodels() -> None:
    found = estimate(Sample(SLEEP))
    for margin in (0.5, 1.5, 2.5):
        p = weightstats.ttost_paired(FIRST, SECOND, -margin, margin)[0]
        assert max(found.p_greater(-margin), found.p_less(margin)) == pytest.approx(p)


def test_crossed_analysis_of_the_worked_example() -> None:
    rows = example_rows()
    found = estimate(Sample(rows.mean(axis=1), rows))
    crossed = crossed_se(rows)
    assert found.seeds is not None
    assert found.seeds.error == pytest.approx(0.08819171, abs=1e-8)
    assert crossed.spread.error == pytest.approx(0.16442943, abs=1e-8)
    assert crossed.spread.df == pytest.approx(7.97489, abs=1e-5)
    assert crossed.row_variance == pytest.approx(0.01925926, abs=1e-8)
    assert found.interval(0.95) == pytest.approx((-0.012792, 0.746125), abs=1e-6)


def test_the_wider_interval_is_that_of_the_seeds_in_the_worked_example() -> None:
    rows = example_rows()
    seeds = estimate(Sample(rows.mean(axis=1), rows), over_rows=False)
    low, high = seeds.interval(0.95)
    assert (high - low) / 2 == pytest.approx(0.379458, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(
    arrays(
        np.float64,
        st.tuples(st.integers(2, 6), st.integers(2, 30)),
        elements=st.sampled_from([-1.0, 0.0, 1.0]),
    )
)
def test_a_population_interval_holds_that_of_the_test_set(rows: Array) -> None:
    sample = Sample(rows.mean(axis=1), rows)
    narrow, wide = estimate(sample, over_rows=False), estimate(sample)
    if not narrow.determined:
        return
    low, high = wide.interval(0.95)
    inner = narrow.interval(0.95)
    assert low <= inner[0] + 1e-12
    assert inner[1] <= high + 1e-12


@settings(max_examples=40, deadline=None)
@given(
    arrays(np.float64, (4, 12), elements=st.sampled_from([-1.0, 0.0, 1.0])),
    st.integers(0, 99),
)
def test_the_order_of_seeds_and_rows_changes_nothing(rows: Array, seed: int) -> None:
    rng = np.random.default_rng(seed)
    moved = rows[rng.permutation(4)][:, rng.permutation(12)]
    here, there = crossed_se(rows), crossed_se(moved)
    assert there.spread.error == pytest.approx(here.spread.error, abs=1e-9)
    assert there.row_variance == pytest.approx(here.row_variance, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(effects, st.floats(-1, 1), st.floats(0.1, 10))
def test_shifting_and_scaling_effects_moves_the_interval_along(
    values: Array, shift: float, scale: float
) -> None:
    low, high = estimate(Sample(values)).interval(0.95)
    moved = estimate(Sample(scale * values + shift)).interval(0.95)
    assert moved == pytest.approx((scale * low + shift, scale * high + shift), abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(effects)
def test_exchanging_the_arms_flips_the_sign(values: Array) -> None:
    found = estimate(Sample(values))
    low, high = found.interval(0.9)
    assert found.negated().interval(0.9) == pytest.approx((-high, -low))
    assert found.negated().p_greater(0.1) == pytest.approx(found.p_less(-0.1))


def test_effects_that_do_not_vary_leave_no_interval() -> None:
    found = estimate(Sample(np.full(5, 0.02)))
    assert not found.determined
    assert found.sd == 0.0
    assert found.mean == pytest.approx(0.02)


def test_rounding_is_not_taken_for_spread() -> None:
    values = np.array([0.1 + 0.2, 0.3, 0.3])
    assert not estimate(Sample(values)).determined


def test_rows_decide_where_seeds_do_not_vary() -> None:
    rows = np.tile(np.array([1.0, 0, 0, 1, 0, -1, 0, 0]), (4, 1))
    found = estimate(Sample(rows.mean(axis=1), rows))
    assert found.determined
    assert found.seeds is not None
    assert found.seeds.error == 0.0
    low, high = found.interval(0.95)
    assert low < found.mean < high


def test_one_pair_gives_a_mean_and_nothing_else() -> None:
    found = estimate(Sample(np.array([0.3])))
    assert (found.mean, found.n, found.determined) == (0.3, 1, False)


def test_arms_on_other_rows_add_both_row_variances() -> None:
    rng = np.random.default_rng(3)
    own = (rng.random((5, 400)) < 0.8).astype(float)
    other = -(rng.random((5, 300)) < 0.7).astype(float)
    own[:] = own[0]  # all of its variance is between rows
    other[:] = other[0]
    sample = Sample(own.mean(axis=1) + other.mean(axis=1), own, other)
    found = estimate(sample)
    expected = own[0].var(ddof=1) / 400 + other[0].var(ddof=1) / 300
    assert found.crossed is not None
    assert found.crossed.error**2 == pytest.approx(expected, rel=1e-6)
    # Each part has its rows as degrees of freedom; seeds do not vary.
    parts = (own[0].var(ddof=1) / 400, other[0].var(ddof=1) / 300)
    share = parts[0] ** 2 / 399 + parts[1] ** 2 / 299
    assert found.crossed.df == pytest.approx(expected**2 / share, rel=1e-6)


def test_arms_that_always_agree_are_bounded_by_the_rule_of_three() -> None:
    still = estimate(Sample(np.zeros(5)))
    found = replace(still, agreeing_rows=1000)
    low, high = found.interval(0.90)
    assert high == pytest.approx(0.00299, abs=1e-5)
    assert low == -high
    assert found.p_greater(-0.002991) == pytest.approx(0.05, abs=1e-4)
    assert found.p_greater(0.0) == 1.0


def test_coverage_of_the_wider_interval_under_crossed_noise() -> None:
    """Seed, row and residual noise: close to nominal, and far above seeds alone."""
    rng = np.random.default_rng(21)
    hits = {True: 0, False: 0}
    repeats = 400
    for _ in range(repeats):
        rows = (
            0.01 * rng.standard_normal((10, 1))
            + 0.4 * rng.standard_normal((1, 200))
            + 0.2 * rng.standard_normal((10, 200))
        )
        sample = Sample(rows.mean(axis=1), rows)
        for over_rows in hits:
            low, high = estimate(sample, over_rows=over_rows).interval(0.95)
            hits[over_rows] += low < 0 < high
    tolerance = 4 * np.sqrt(0.95 * 0.05 / repeats)
    assert hits[True] / repeats > 0.95 - tolerance
    assert hits[False] / repeats < 0.7


def test_t_quantiles_of_the_protocol() -> None:
    assert stats.t.isf(0.025, [1, 2, 4, 9]) == pytest.approx(
        [12.706205, 4.302653, 2.776445, 2.262157], abs=1e-6
    )
