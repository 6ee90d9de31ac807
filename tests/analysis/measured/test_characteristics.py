"""The error rates that a report quotes, measured again and against the protocol's."""

import numpy as np
import pytest

from benchmarks.verdict_errors import (
    FAMILIES,
    NOISES,
    SEEDS,
    SETTINGS,
    measure_family,
    measure_method,
    measure_noise,
    measure_rows,
    student_limits,
)
from reportgen.analysis.measured.characteristics import read_characteristics
from reportgen.analysis.statistics.estimate import Sample, estimate

OTHER = 7  # a seed that the file was not measured with


def agree(kept: float, again: float, repeats: tuple[int, int]) -> None:
    """Two shares of as many repeats differ by chance only."""
    share = (kept * repeats[0] + again * repeats[1]) / sum(repeats)
    error = (share * (1 - share) * (1 / repeats[0] + 1 / repeats[1])) ** 0.5
    assert abs(kept - again) <= 4 * error + 1e-3


def test_every_setting_was_measured() -> None:
    found = read_characteristics()
    assert [(one.noise, one.n) for one in found.noise] == [
        (name, n) for name in NOISES for n in SEEDS
    ]
    assert [(one.n, (one.luck, one.taste, one.rest)) for one in found.rows] == [
        (n, setting) for n in SEEDS for setting in SETTINGS
    ]
    assert [(one.variants, one.n) for one in found.families] == list(FAMILIES)


@pytest.mark.parametrize("place", [0, 1, 6, 9, 12, 16])
def test_noise_measured_again_agrees(place: int) -> None:
    kept = read_characteristics().noise[place]
    again = measure_noise(kept.noise, kept.n, seed=OTHER, repeats=4000)
    repeats = (kept.repeats, again.repeats)
    agree(kept.student, again.student, repeats)
    agree(kept.student_low, again.student_low, repeats)
    agree(kept.two_arms_low, again.two_arms_low, repeats)
    agree(kept.percentile, again.percentile, (repeats[0] // 4, repeats[1] // 4))


@pytest.mark.parametrize("place", [2, 5])
def test_rows_measured_again_agree(place: int) -> None:
    kept = read_characteristics().rows[place]
    setting = (kept.luck, kept.taste, kept.rest)
    again = measure_rows(setting, kept.n, seed=OTHER, repeats=300)
    for name in ("seeds", "crossed", "wider"):
        repeats = (kept.repeats, again.repeats)
        agree(getattr(kept, name), getattr(again, name), repeats)


def test_a_family_measured_again_agrees() -> None:
    kept = read_characteristics().families[1]
    again = measure_family(kept.variants, kept.n, seed=OTHER, repeats=2000)
    agree(kept.holm, again.holm, (kept.repeats, again.repeats))
    agree(kept.uncorrected, again.uncorrected, (kept.repeats, again.repeats))


@pytest.mark.parametrize("method", ["paired", "welch", "pooled", "rope", "poi"])
def test_a_method_measured_again_agrees(method: str) -> None:
    kept = next(
        one
        for one in read_characteristics().methods
        if one.method == method and one.n == 10
    )
    again = measure_method(method, 10, seed=OTHER, repeats=400)
    agree(kept.refused, again.refused, (kept.repeats, again.repeats))
    agree(kept.false_gain, again.false_gain, (kept.repeats, again.repeats))


def test_no_method_calls_more_gains_than_it_says() -> None:
    for one in read_characteristics().methods:
        nominal = 0.05 if one.method == "rope" else 0.025
        judged = max(1.0, one.repeats * (1 - one.refused))
        error = 4 * (nominal * (1 - nominal) / judged) ** 0.5
        assert one.false_gain <= nominal + error


@pytest.mark.parametrize(
    ("variants", "n", "plain", "holm"),
    [(3, 3, 0.136, 0.049), (6, 5, 0.229, 0.043), (10, 3, 0.354, 0.047),
     (10, 10, 0.302, 0.042)],
)  # fmt: skip
def test_families_agree_with_the_protocol(
    variants: int, n: int, plain: float, holm: float
) -> None:
    (kept,) = (
        one
        for one in read_characteristics().families
        if (one.variants, one.n) == (variants, n)
    )
    agree(kept.uncorrected, plain, (kept.repeats, 20_000))
    agree(kept.holm, holm, (kept.repeats, 20_000))


@pytest.mark.parametrize(
    ("noise", "coverage", "false_gain", "percentile"),
    [
        ("normal", (0.949, 0.952, 0.952, 0.948), (0.026, 0.023, 0.025, 0.025),
         (0.668, 0.843, 0.898, 0.925)),
        ("heavy tails (t, 3 df)", (0.965, 0.967, 0.961, 0.955),
         (0.018, 0.017, 0.018, 0.024), (0.659, 0.835, 0.893, 0.918)),
        ("left-skewed (exponential)", (0.886, 0.884, 0.897, 0.922),
         (0.107, 0.113, 0.099, 0.073), (0.629, 0.792, 0.857, 0.903)),
        ("right-skewed (lognormal)", (0.841, 0.823, 0.835, 0.870),
         (0.003, 0.001, 0.001, 0.002), (0.577, 0.729, 0.798, 0.858)),
        ("one run in ten fails", (0.869, 0.770, 0.721, 0.872),
         (0.129, 0.229, 0.277, 0.123), (0.461, 0.583, 0.680, 0.864)),
    ],
)  # fmt: skip
def test_noise_agrees_with_the_protocol(
    noise: str,
    coverage: tuple[float, ...],
    false_gain: tuple[float, ...],
    percentile: tuple[float, ...],
) -> None:
    found = [one for one in read_characteristics().noise if one.noise == noise]
    for one, *theirs in zip(found, coverage, false_gain, percentile, strict=True):
        repeats = (one.repeats, 10_000)
        agree(one.student, theirs[0], repeats)
        agree(one.student_low, theirs[1], repeats)
        # Resamples are drawn at n = 10 and 20, and quantiles are interpolated.
        assert one.percentile == pytest.approx(theirs[2], abs=0.025)


@pytest.mark.parametrize(
    ("noise", "shares"),
    [
        ("left-skewed (exponential)", (0.016, 0.017, 0.021, 0.024)),
        ("one run in ten fails", (0.015, 0.010, 0.011, 0.021)),
    ],
)
def test_two_arms_of_one_shape_are_judged_with_caution(
    noise: str, shares: tuple[float, ...]
) -> None:
    found = [one for one in read_characteristics().noise if one.noise == noise]
    for one, theirs in zip(found, shares, strict=True):
        agree(one.two_arms_low, theirs, (one.repeats, 100_000))


@pytest.mark.parametrize(
    ("n", "seeds", "crossed"),
    [
        (3, (0.946, 0.916, 0.858, 0.950), (0.926, 0.917, 0.958, 0.928)),
        (5, (0.944, 0.905, 0.736, 0.943), (0.941, 0.943, 0.960, 0.941)),
        (10, (0.940, 0.865, 0.495, 0.922), (0.949, 0.952, 0.945, 0.935)),
        (20, (0.942, 0.755, 0.422, 0.932), (0.958, 0.962, 0.942, 0.948)),
    ],
)
def test_each_interval_covers_as_in_the_protocol(
    n: int, seeds: tuple[float, ...], crossed: tuple[float, ...]
) -> None:
    found = [one for one in read_characteristics().rows if one.n == n]
    for one, *theirs in zip(found, seeds, crossed, strict=True):
        agree(one.seeds, theirs[0], (one.repeats, one.repeats))
        agree(one.crossed, theirs[1], (one.repeats, one.repeats))


@pytest.mark.parametrize(
    ("n", "wider"),
    [(3, (0.956, 0.941, 0.963, 0.953)), (5, (0.945, 0.943, 0.960, 0.944)),
     (10, (0.949, 0.952, 0.945, 0.935)), (20, (0.958, 0.962, 0.942, 0.948))],
)  # fmt: skip
def test_the_wider_interval_covers_as_in_the_protocol(
    n: int, wider: tuple[float, ...]
) -> None:
    found = [one for one in read_characteristics().rows if one.n == n]
    for one, theirs in zip(found, wider, strict=True):
        agree(one.wider, theirs, (one.repeats, one.repeats))
        assert one.wider >= max(one.seeds, one.crossed)
        assert one.wider > 0.92


def test_seeds_alone_cover_too_little_where_arms_differ_by_rows() -> None:
    found = read_characteristics().rows
    assert min(one.seeds for one in found) < 0.6


def test_limits_measured_are_those_of_the_rule() -> None:
    values = np.random.default_rng(1).standard_normal((3, 5))
    low, high = student_limits(values)
    for row, lower, upper in zip(values, low, high, strict=True):
        assert estimate(Sample(row)).interval(0.95) == pytest.approx((lower, upper))
