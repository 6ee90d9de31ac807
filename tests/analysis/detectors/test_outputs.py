"""Detectors of answers: calibration against chance, and shares of classes."""

from dataclasses import replace

import numpy as np
import pytest

from reportgen.analysis.detector import Missing, Reading, load_detector
from reportgen.analysis.detectors.label_shift import largest_weight_gap, prediction_p
from reportgen.analysis.detectors.miscalibrated import (
    _reading,
    brier_rows,
    decimals,
    loss_rows,
    resampled,
    standard_error,
)
from reportgen.analysis.evidence.arm_values import twice_median
from reportgen.analysis.evidence.results import Results
from reportgen.metrics.loss import LOSS
from reportgen.metrics.metric import Outputs
from reportgen.records import Array
from reportgen.report.numbers import decimals_for
from tests.analysis.factory import Bundle, make_results


def read_arms(name: str, results: Results) -> dict[str, Reading]:
    found = load_detector(name).read(results)
    return {one.subject: one for one in found if isinstance(one, Reading)}


def answers(rng: np.random.Generator, labels: Array, *, right: float) -> Outputs:
    """A model of two classes that is right on a share of the rows."""
    named = np.where(rng.random(len(labels)) < right, labels, 1 - labels)
    return Outputs(np.eye(2)[named], labels, {})


def sureness(
    rng: np.random.Generator, rows: int, *, excess: float = 0.0
) -> tuple[Array, Array]:
    """Confidences, and answers that are right that often, less an excess."""
    sure = 0.5 + 0.5 * rng.beta(8, 2, rows)
    return sure, (rng.random(rows) < sure - excess).astype(np.float64)


def outputs_of(pair: tuple[Array, Array]) -> Outputs:
    """Two classes, with these confidences and these answers right."""
    sure, correct = pair
    logits = np.stack([np.log1p(-sure), np.log(sure)], axis=1)
    return Outputs(logits, correct.astype(np.int64), {})


def runs_of(rng: np.random.Generator, *, excess: float) -> list[Outputs]:
    """Three runs of a model on a thousand rows."""
    return [outputs_of(sureness(rng, 1000, excess=excess)) for _ in range(3)]


def both_ways(rng: np.random.Generator) -> list[tuple[Array, Array]]:
    """Rows where a model is too sure, and rows where it is not sure enough."""
    return [
        (np.full(500, sure), (rng.random(500) < right).astype(np.float64))
        for sure, right in ((0.9, 0.7), (0.6, 0.8))
    ]


@pytest.mark.parametrize(("rows", "mean"), [(250, 0.0312), (1000, 0.0160)])
def test_a_perfect_model_has_the_known_error(rows: int, mean: float) -> None:
    rng = np.random.default_rng(5)
    usual = [resampled(*sureness(rng, rows))[1] for _ in range(20)]
    assert np.mean(usual) == pytest.approx(mean, rel=0.03)


def test_calibrated_runs_are_rarely_flagged() -> None:
    rng = np.random.default_rng(6)
    p = [resampled(*sureness(rng, 500))[2] for _ in range(300)]
    assert np.mean(np.array(p) < 0.05) < 0.05 + 4 * (0.05 * 0.95 / 300) ** 0.5


def test_overconfidence_is_found_and_named() -> None:
    rng = np.random.default_rng(7)
    found = _reading("a", runs_of(rng, excess=0.08))
    assert found.flag
    assert "too confident by 0.0" in found.note
    assert found.statistic is not None
    assert 0.03 < found.statistic < 0.1
    timid = _reading("a", runs_of(rng, excess=-0.08))
    assert timid.flag
    assert "not confident enough by" in timid.note
    mixed = [np.concatenate(pair) for pair in zip(*both_ways(rng), strict=True)]
    both = _reading("a", [outputs_of((mixed[0], mixed[1]))])
    assert "too confident in some bins and not enough in others" in both.note


def test_proper_scores_and_the_debiased_error_are_told() -> None:
    """Confidence 0.9, right on 80 %: Brier 2 (0.8 0.1² + 0.2 0.9²), known NLL."""
    right = np.array([1.0] * 800 + [0.0] * 200)
    off = outputs_of((np.full(1000, 0.9), right))
    assert brier_rows(off).mean() == pytest.approx(0.34)
    loss = -(0.8 * np.log(0.9) + 0.2 * np.log(0.1))
    assert loss_rows(off).mean() == pytest.approx(loss)
    assert LOSS.value(off) == pytest.approx(loss)
    found = _reading("a", [off])
    usual = resampled(np.full(1000, 0.9), right)[1]
    assert found.statistic == pytest.approx(0.1 - usual, abs=1e-6)
    assert f"error 0.100, debiased {0.1 - usual:.3f}: {usual:.3f} is" in found.note
    assert f"; Brier score 0.340, NLL {loss:.3f}; on average too" in found.note
    exact = np.array([1.0] * 900 + [0.0] * 100)
    perfect = _reading("a", [outputs_of((np.full(1000, 0.9), exact))])
    assert perfect.statistic == 0
    assert "calibration error 0.000, debiased 0.000: " in perfect.note


def test_digits_follow_the_larger_standard_error() -> None:
    """As a report writes them; few rows, or runs that differ, have fewer digits."""
    for error in np.geomspace(1e-5, 0.9, 200):
        assert decimals(error, most=3) == decimals_for(error, unit="fraction")
    assert decimals(0.0, most=3) == 3
    rows = np.array([0.0, 1.0] * 50)
    assert standard_error([rows, rows]) == pytest.approx(0.5 / 99**0.5)
    assert standard_error([rows, rows + 1]) == pytest.approx(0.5)


def test_like_shares_are_rarely_flagged() -> None:
    rng = np.random.default_rng(8)
    found = []
    for _ in range(300):
        sides = [answers(rng, rng.integers(0, 2, 400), right=0.85) for _ in range(2)]
        found.append(prediction_p(sides[0], sides[1]))
    below = np.mean([p is not None and p < 0.05 for p in found])
    assert below < 0.05 + 4 * (0.05 * 0.95 / 300) ** 0.5


def test_a_shift_of_labels_is_found_and_sized() -> None:
    rng = np.random.default_rng(9)
    dev = answers(rng, rng.integers(0, 2, 2000), right=0.85)
    test = answers(rng, (rng.random(2000) < 0.7).astype(np.int64), right=0.85)
    p = prediction_p(dev, test)
    assert p is not None
    assert p < 1e-6
    found = largest_weight_gap(dev, test)
    assert found is not None
    assert found.value == pytest.approx(0.4, abs=0.08)
    assert found.lower < 0.4 < found.upper


def test_an_arm_that_answers_test_rows_otherwise_is_flagged(bundle: Bundle) -> None:
    arrays = dict(bundle.arrays)
    usual = read_arms("label_shift", make_results(bundle))
    assert not usual["frozen"].flag
    for one in bundle.runs:
        digest = one.record.arrays.get("logits/test@best")
        if one.variant == "frozen" and digest:
            arrays[digest] = arrays[digest] + np.array([0.0, 1.5])
    found = read_arms("label_shift", make_results(replace(bundle, arrays=arrays)))
    assert found["frozen"].flag
    assert found["frozen"].p is not None
    assert found["frozen"].p < 0.001
    assert not found["baseline"].flag


def test_one_run_has_its_own_p_and_several_twice_the_median() -> None:
    assert twice_median([0.03]) == 0.03
    assert twice_median([0.01, 0.03, 0.9]) == 0.06
    rng = np.random.default_rng(8)
    flags = [twice_median(list(rng.random(5))) < 0.05 for _ in range(2000)]
    assert np.mean(flags) < 0.05


def test_rare_classes_are_put_together_and_one_class_is_no_test() -> None:
    labels = np.array([0] * 300 + [1] * 4)
    first = Outputs(np.eye(4)[labels], labels, {})
    second = Outputs(np.eye(4)[2 * labels], labels, {})
    assert prediction_p(first, second) == 1.0
    one = Outputs(np.eye(2)[np.zeros(300, dtype=int)], labels[:300], {})
    assert prediction_p(one, one) is None


def test_weights_need_answers_that_tell_classes_apart() -> None:
    labels = np.array([0, 1, 0, 1] * 100)
    guess = Outputs(np.eye(2)[np.array([0, 0, 1, 1] * 100)], labels, {})
    assert largest_weight_gap(guess, guess) is None


def test_arms_of_a_study_are_read(results: Results) -> None:
    for name in ("miscalibrated", "label_shift"):
        readings = load_detector(name).read(results)
        assert [one.subject for one in readings] == list(results.study_arms)
        assert all(isinstance(one, Reading) for one in readings)


def test_outputs_not_kept_are_not_checked(results: Results) -> None:
    bare = Results(results.study, results.cells, results.bundled, {}, results.ledger)
    for name in ("miscalibrated", "label_shift"):
        readings = load_detector(name).read(bare)
        assert readings
        assert all(isinstance(one, Missing) for one in readings)
