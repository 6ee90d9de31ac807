"""Summaries beside the mean: known answers, and arms of a study."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from reportgen.analysis.complements.summaries import (
    expected_maximum,
    improvement,
    improvement_paired,
    interquartile_mean,
    summarise_arms,
)
from reportgen.analysis.evidence.results import Results
from reportgen.records import Array


@pytest.mark.parametrize(
    ("n", "iqm"), [(3, 4.666667), (4, 6.5), (5, 9.666667), (8, 21.5), (10, 33.166667)]
)
def test_interquartile_mean_of_squares(n: int, iqm: float) -> None:
    assert interquartile_mean(np.arange(1, n + 1) ** 2) == pytest.approx(iqm, abs=1e-6)


def test_the_unit_test_of_rliable() -> None:
    x = np.array([[1, 2], [2, 2], [1, 1], [2, 1]])
    y = np.array([[1, 1], [2, 2], [3, 3]])
    assert interquartile_mean(x.ravel()) == 1.5
    assert interquartile_mean(y.ravel()) == 2
    tasks = [improvement(x[:, task], y[:, task]) for task in range(2)]
    assert np.mean(tasks) == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("values", "others", "share"),
    [
        ((0.81, 0.82, 0.85), (0.80, 0.82, 0.83), 0.611111),
        ((19, 22, 16, 29, 24), (20, 11, 17, 12), 0.85),
    ],
)
def test_probability_of_improvement(
    values: tuple[float, ...], others: tuple[float, ...], share: float
) -> None:
    own, other = np.array(values), np.array(others)
    assert improvement(own, other) == pytest.approx(share, abs=1e-6)
    u = stats.mannwhitneyu(own, other).statistic
    assert improvement(own, other) == pytest.approx(u / (len(own) * len(other)))
    assert improvement(other, own) == pytest.approx(1 - share, abs=1e-6)


def test_paired_ties_count_half() -> None:
    assert improvement_paired(np.array([0.1, 0.0, -0.2, 0.3])) == 0.625


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((1, 2, 3), (2, 2.666667, 3)),
        ((1, 2, 3, 4, 5), (3, 4, 4.5, 4.8, 5)),
        ((0.70, 0.72, 0.75, 0.80), (0.7425, 0.77, 0.7875, 0.8)),
    ],
)
def test_expected_maximum(
    values: tuple[float, ...], expected: tuple[float, ...]
) -> None:
    found = expected_maximum(values[::-1])
    assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("k", "truth"), [(2, 0.56419), (3, 0.84628), (5, 1.16296), (10, 1.53875)]
)
def test_expected_maximum_is_unbiased(k: int, truth: float) -> None:
    rng = np.random.default_rng(8)
    draws: list[Array] = list(rng.standard_normal((4000, max(6, k))))
    found = np.array([expected_maximum(draw)[k - 1] for draw in draws])
    assert found.mean() == pytest.approx(truth, abs=4 * found.std() / 4000**0.5)


def test_arms_are_summed_up_over_completed_runs(results: Results) -> None:
    found = summarise_arms(results)
    assert found.metric == "test.hwa"
    arms = {one.arm: one for one in found.arms}
    assert list(arms) == ["baseline", "bilstm", "dropout", "frozen"]
    assert arms["dropout"].n == 4
    assert arms["baseline"].improvement is None
    assert arms["bilstm"].improvement == arms["bilstm"].improvement_paired == 1
    for one in arms.values():
        assert one.expected_best[0] == pytest.approx(one.mean)
        assert one.expected_best[-1] == pytest.approx(one.best)
        assert one.median <= one.best


def test_of_a_loss_the_best_is_the_smallest(results: Results) -> None:
    metrics = ["loss", "hwa"]
    study = results.study.model_copy(update={"metrics": tuple(metrics)})
    found = summarise_arms(replace(results, study=study))
    assert found.metric == "test.loss"
    for one in found.arms:
        assert one.best <= one.median
        assert one.expected_best[1] <= one.mean
    arms = {one.arm: one for one in found.arms}
    assert arms["bilstm"].improvement is not None
    assert arms["bilstm"].improvement > 0.8
