"""Intervals of detectors: they hold the truth as often as they say, or say why not."""

from math import erfc, exp, pi, sqrt

import numpy as np
import pytest
from numpy.random import Generator

from reportgen.analysis.detector import load_detector, run_detectors
from reportgen.analysis.detectors.feature_ks import label_gap, two_sample_ks
from reportgen.analysis.detectors.label_shift import largest_weight_gap
from reportgen.analysis.detectors.miscalibrated import _reading as calibration
from reportgen.analysis.detectors.mmd import (
    discrepancies,
    gaussian_kernel,
    jackknife_error,
)
from reportgen.analysis.detectors.selection_on_test import optimism_interval
from reportgen.analysis.detectors.token_shift import permuted_tables
from reportgen.analysis.evidence.fed import fed_sets
from reportgen.analysis.rows.features import RowFeatures
from reportgen.analysis.rows.leaks import single_feature_auc
from reportgen.analysis.statistics.spans import (
    auc_interval,
    clustered_variance,
    gap_half_width,
)
from reportgen.metrics.metric import Outputs
from reportgen.records import Array
from tests.analysis.factory import make_bundle, make_results

NOMINAL, ERRORS = 0.95, 3


def holds(hits: list[bool]) -> bool:
    """Whether a share of hits is no less than it should be, but for chance."""
    error = (NOMINAL * (1 - NOMINAL) / len(hits)) ** 0.5
    return bool(np.mean(hits) >= NOMINAL - ERRORS * error)


def tokens(rng: Generator, rows: int, first: float) -> Array:
    """Rows of six tokens that go together, the first symbol with a share of its own."""
    favourite = rng.integers(0, 4, (rows, 1))
    alone = rng.integers(0, 4, (rows, 6))
    drawn = np.where(rng.random((rows, 6)) < 0.4, favourite, alone)
    found: Array = np.where(rng.random((rows, 6)) < first, 0, drawn)
    return found


@pytest.mark.parametrize("first", [0.0, 0.15])
@pytest.mark.parametrize("name", ["mmd", "token_shift"])
def test_intervals_hold_what_the_statistic_is_on_average(
    name: str, first: float
) -> None:
    rng, sizes = np.random.default_rng(4), (60, 50)
    own = (np.arange(sizes[0]), np.arange(sizes[1]))
    found = []
    for _ in range(90):
        rows = np.concatenate([tokens(rng, 60, 0.0), tokens(rng, 50, first)])
        features = RowFeatures(rows[:, :, None])
        if name == "mmd":
            kernel = gaussian_kernel(features.places)
            value = float(discrepancies(kernel, sizes[0])[0])
            found.append((value, jackknife_error(kernel, own)))
        else:
            table = dict(permuted_tables(features, own))["tokens"]
            found.append((table.ratio, table.error))
    truth = float(np.mean([value for value, _ in found]))
    assert holds([abs(value - truth) < 1.96 * error for value, error in found])
    if first:  # nor is it so wide that it says nothing
        spread = float(np.std([value for value, _ in found]))
        assert np.median([error for _, error in found]) < 1.3 * spread


def test_the_jackknife_leaves_out_one_row_after_the_other() -> None:
    rng = np.random.default_rng(5)
    kernel = gaussian_kernel(rng.integers(0, 3, (30, 4)).astype(np.float64))
    parts = []
    for group, split in ((range(16), 15), (range(16, 30), 16)):
        left = [
            discrepancies(np.delete(np.delete(kernel, i, 0), i, 1), split)[0]
            for i in group
        ]
        parts.append(len(left) ** 2 / (len(left) - 1) * np.var(left))
    own = (np.arange(16), np.arange(14))
    assert jackknife_error(kernel, own) ** 2 == pytest.approx(sum(parts))


def test_copies_of_one_row_vary_together() -> None:
    rng = np.random.default_rng(6)
    values = rng.standard_normal(400)
    once = clustered_variance(values, np.arange(400))
    assert once == pytest.approx(400 * values.var(ddof=1))
    five = clustered_variance(np.tile(values, 5), np.tile(np.arange(400), 5))
    assert five == pytest.approx(25 * once)


def test_copies_of_test_rows_are_known_as_such() -> None:
    results = make_results(make_bundle())
    for one in fed_sets(results):
        assert len(np.unique(one.sources)) == len(one.labels)


@pytest.mark.parametrize("gap", [0.0, 0.2])
def test_the_largest_gap_lies_within_its_span(gap: float) -> None:
    rng, sizes = np.random.default_rng(7), (150, 100)
    wide = gap_half_width(sizes, error=0.05)
    several = gap_half_width(sizes, error=0.05, classes=4)
    shares = np.array([0.25 + gap, 0.25, 0.25, 0.25 - gap])
    numbers, labels = [], []
    for _ in range(300):
        first = rng.integers(0, 4, sizes[0])
        second = rng.choice(4, sizes[1], p=shares)
        both = np.concatenate([first, second])
        seen = two_sample_ks(both[:, None], sizes[0])[0][0]
        numbers.append(bool(abs(seen - gap) < wide))
        labels.append(abs(label_gap(both, sizes[0], sizes).size - gap) < several)
    assert holds(numbers)
    assert holds(labels)
    assert several > wide


def test_labels_are_tested_as_classes_without_an_order() -> None:
    """Two middle classes change places: no distribution function tells it well."""
    first = np.repeat([0, 1, 2, 3], [100, 100, 50, 100])
    second = np.repeat([0, 1, 2, 3], [100, 50, 100, 100])
    found = label_gap(np.concatenate([first, second]), 350, (350, 350))
    table = np.array([[100, 100, 50, 100], [100, 50, 100, 100]])
    expected = table.sum(axis=0) / 2
    assert found.size == pytest.approx(50 / 350)
    chi2 = ((table - expected) ** 2 / expected).sum()
    assert chi2 == pytest.approx(100 / 3)
    tail = erfc(sqrt(chi2 / 2)) + sqrt(2 * chi2 / pi) * exp(-chi2 / 2)  # 3 df
    assert found.p == pytest.approx(tail)
    relabelled = label_gap(3 - np.concatenate([first, second]), 350, (350, 350))
    assert relabelled.p == pytest.approx(found.p)
    ks = two_sample_ks(np.concatenate([first, second])[:, None], 350)
    assert ks[1][0] > 100 * found.p


@pytest.mark.parametrize("excess", [0.0, 0.1])
def test_the_true_calibration_error_lies_within(excess: float) -> None:
    rng, hits = np.random.default_rng(8), []
    for _ in range(25):
        sure = rng.choice([0.63, 0.77, 0.9], 400)
        right = rng.random(400) < sure - excess
        odds = np.log(sure / (1 - sure))
        logits = np.stack([odds, np.zeros(400)], axis=1)
        one = calibration("a", [Outputs(logits, (~right).astype(np.int64), {})])
        assert one.interval is not None
        hits.append(one.interval.lower <= excess <= one.interval.upper)
    assert holds(hits)


@pytest.mark.parametrize("first", [0.5, 0.7])
def test_the_true_weight_of_a_class_lies_within(first: float) -> None:
    rng, hits = np.random.default_rng(9), []
    for _ in range(300):
        dev, test = (
            answers(rng, (rng.random(300) > share).astype(np.int64))
            for share in (0.5, first)
        )
        found = largest_weight_gap(dev, test)
        assert found is not None
        hits.append(found.lower <= abs(first / 0.5 - 1) <= found.upper)
    assert holds(hits)


def answers(rng: Generator, labels: Array) -> Outputs:
    right = rng.random(len(labels)) < np.where(labels, 0.8, 0.9)
    return Outputs(np.eye(2)[np.where(right, labels, 1 - labels)], labels, {})


@pytest.mark.parametrize(("seeds", "never"), [(3, 0.0), (5, 0.2), (10, 0.0), (10, 0.5)])
@pytest.mark.parametrize("mean", [0.0, -1.0, 1.0])
def test_the_mean_optimism_lies_within(seeds: int, never: float, mean: float) -> None:
    """Epochs that are one in half of the runs, or one of which is the better."""
    rng = np.random.default_rng(10)

    def gaps(size: int) -> Array:
        values = rng.normal(mean, 1, size)
        values[rng.random(size) < never] = 0
        return values

    truth = float(np.maximum(0, gaps(200_000)).mean())
    found = [optimism_interval(own) for own in (gaps(seeds) for _ in range(400))]
    assert holds([one.lower <= truth <= one.upper for one in found])


@pytest.mark.parametrize("distance", [0.0, 1.5])
def test_the_true_auc_lies_within(distance: float) -> None:
    rng, hits = np.random.default_rng(11), []
    truth = 0.8555778 if distance else 0.5  # Phi(distance / sqrt 2)
    labels = np.repeat([0, 1], [60, 90])
    for _ in range(300):
        values = rng.standard_normal(150) + distance * labels
        auc = single_feature_auc(values[:, None], labels)
        lower, upper = auc_interval(auc, 60)
        hits.append(lower <= truth <= upper)
    assert holds(hits)


def test_every_check_has_an_interval_or_says_why_not() -> None:
    results = make_results(make_bundle())
    for one in run_detectors(results):
        assert (one.interval is None) == bool(one.no_interval or not one.applicable)
        if one.interval is not None and one.statistic is not None:
            assert one.interval.lower <= one.statistic <= one.interval.upper


@pytest.mark.parametrize("name", ["outlier_seed", "seed_gap"])
def test_extremes_of_runs_say_that_they_have_none(name: str) -> None:
    assert "not of the arm" in load_detector(name).no_interval
