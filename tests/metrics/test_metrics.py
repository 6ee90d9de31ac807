"""Known answers, and the contract that the verdicts rely on."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.errors import SettingError
from reportgen.metrics import METRICS
from reportgen.metrics.ece import ECE
from reportgen.metrics.metric import Metric, Outputs, load_metric, majority_outputs

ALL = [load_metric(name) for name in METRICS]
BY_ROWS = [metric for metric in ALL if metric.rows is not None]


def outputs(
    correct: list[int],
    shapes: list[int] | None = None,
    colours: list[int] | None = None,
    *,
    margin: float = 2.0,
) -> Outputs:
    """Rows of class 1, predicted right or wrong with one logit margin."""
    hits = np.array(correct, dtype=bool)
    logits = np.where(hits[:, None], [[0.0, margin]], [[margin, 0.0]])
    n = len(correct)
    columns = {
        "shape_variety": np.array(shapes or [1] * n),
        "colour_variety": np.array(colours or [1] * n),
    }
    return Outputs(logits, np.ones(n, dtype=np.int64), columns)


@st.composite
def some_outputs(draw: st.DrawFn) -> Outputs:
    n = draw(st.integers(2, 30))
    classes = draw(st.integers(2, 4))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    return Outputs(
        rng.normal(0, 3, (n, classes)),
        rng.integers(0, classes, n),
        {
            "shape_variety": rng.integers(1, 5, n),
            "colour_variety": rng.integers(1, 5, n),
        },
    )


def test_weighted_accuracies_of_a_worked_example() -> None:
    example = outputs([1, 1, 0, 1], [2, 1, 3, 2], [1, 2, 2, 3])
    values = {one.name: one.value(example) for one in ALL}
    assert values["accuracy"] == 0.75
    assert values["swa"] == 0.625
    assert values["cwa"] == 0.75
    assert values["hwa"] == pytest.approx(0.681818, abs=1e-6)


def test_harmonic_mean_of_nothing_right_is_zero() -> None:
    wrong = outputs([0, 0, 0])
    hwa = load_metric("hwa")
    assert hwa.value(wrong) == 0.0
    assert hwa.rows is not None
    assert hwa.rows(wrong).tolist() == [0.0, 0.0, 0.0]


def test_loss_is_minus_the_mean_log_probability() -> None:
    found = load_metric("loss").value(outputs([1, 0], margin=2.0))
    right, wrong = math.log(1 + math.exp(-2)), math.log(1 + math.exp(2))
    assert found == pytest.approx((right + wrong) / 2)


def test_loss_of_huge_logits_stays_finite() -> None:
    assert load_metric("loss").value(outputs([0], margin=1e5)) == pytest.approx(1e5)


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    sure = 1 / (1 + math.exp(-2.0))
    assert ECE.value(outputs([1, 1, 1, 0])) == pytest.approx(abs(0.75 - sure))
    assert ECE.value(outputs([1, 1], margin=50.0)) == pytest.approx(0.0)


def test_calibration_error_weighs_bins_by_their_rows() -> None:
    logits = np.log([[0.9, 0.1]] * 3 + [[0.4, 0.6]])
    labels = np.array([0, 0, 1, 0])
    expected = 3 / 4 * abs(2 / 3 - 0.9) + 1 / 4 * abs(0 - 0.6)
    assert ECE.value(Outputs(logits, labels, {})) == pytest.approx(expected)


@settings(deadline=None)
@given(some_outputs())
def test_values_lie_within_their_range(found: Outputs) -> None:
    for metric in ALL:
        value = metric.value(found)
        assert math.isfinite(value)
        assert metric.lower <= value
        assert metric.upper is None or value <= metric.upper + 1e-12


@settings(deadline=None)
@given(some_outputs())
def test_rows_average_to_the_score(found: Outputs) -> None:
    for metric in BY_ROWS:
        assert metric.rows is not None
        rows = metric.rows(found)
        assert rows.shape == (len(found.labels),)
        assert rows.mean() == pytest.approx(metric.value(found), abs=1e-9)


@settings(deadline=None)
@given(some_outputs())
def test_order_of_rows_does_not_matter(found: Outputs) -> None:
    order = np.random.default_rng(0).permutation(len(found.labels))
    moved = Outputs(
        found.logits[order],
        found.labels[order],
        {name: column[order] for name, column in found.columns.items()},
    )
    for metric in ALL:
        assert metric.value(moved) == pytest.approx(metric.value(found), abs=1e-12)


@pytest.mark.parametrize("name", ["swa", "cwa", "hwa"])
def test_influence_predicts_what_a_bootstrap_finds(name: str) -> None:
    """The delta method's standard error against 4,000 resamples, within 5 %."""
    rng = np.random.default_rng(1)
    n = 400
    metric = load_metric(name)
    assert metric.rows is not None
    found = outputs(
        list((rng.random(n) < 0.8).astype(int)),
        list(rng.integers(1, 5, n)),
        list(rng.integers(1, 5, n)),
    )
    linear = metric.rows(found).std() / math.sqrt(n)
    resampled = []
    for _ in range(4000):
        rows = rng.integers(0, n, n)
        part = Outputs(
            found.logits[rows],
            found.labels[rows],
            {key: column[rows] for key, column in found.columns.items()},
        )
        resampled.append(metric.value(part))
    assert linear == pytest.approx(np.std(resampled), rel=0.05)


@pytest.mark.parametrize("name", ["swa", "cwa", "hwa"])
def test_influence_is_the_effect_of_a_little_more_of_a_row(name: str) -> None:
    """Infinitesimal jackknife: repeat a row in a thousand copies of the data."""
    base = outputs([1, 0, 1, 1, 0], [4, 1, 4, 4, 1], [1, 4, 1, 2, 3])
    metric = load_metric(name)
    assert metric.rows is not None
    score, copies = metric.value(base), 1000
    for row, influence in enumerate(metric.rows(base) - score):
        rows = np.append(np.tile(np.arange(5), copies), row)
        more = Outputs(
            base.logits[rows],
            base.labels[rows],
            {key: column[rows] for key, column in base.columns.items()},
        )
        effect = (metric.value(more) - score) * len(rows)
        assert effect == pytest.approx(influence, abs=2e-3)


def test_fallback_is_the_majority_class_or_ignorance() -> None:
    labels = np.array([0, 0, 0, 1])
    columns = {"shape_variety": np.ones(4), "colour_variety": np.ones(4)}
    found = Outputs(np.zeros((4, 2)), labels, columns)
    expected = {"accuracy": 0.75, "swa": 0.75, "cwa": 0.75, "hwa": 0.75}
    for metric in ALL:
        if metric.name == "ece":
            assert metric.fallback is None
            continue
        assert metric.fallback is not None
        value = metric.fallback(found)
        assert value == pytest.approx(expected.get(metric.name, math.log(2)))
    assert majority_outputs(found).predictions.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("metric", ALL, ids=list(METRICS))
def test_metric_says_what_it_is(metric: Metric) -> None:
    assert metric.name in METRICS
    assert metric.title
    assert metric.formula
    assert len(metric.meaning) > 10
    assert metric.unit in ("fraction", "nats")
    assert (metric.upper is None) == (metric.unit == "nats")


def test_unknown_metric_is_named_with_what_there_is() -> None:
    with pytest.raises(SettingError, match="no metric 'f1'") as caught:
        load_metric("f1")
    assert "accuracy, swa" in caught.value.fix
    with pytest.raises(SettingError, match="is no Metric"):
        load_metric("math:pi")
