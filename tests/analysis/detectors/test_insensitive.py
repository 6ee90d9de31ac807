"""Detectors of inputs that do not matter: ablations and orders without effect."""

from typing import Any

import numpy as np
import pytest

from reportgen.analysis.detector import Missing, Reading, load_detector
from reportgen.analysis.detectors import order_insensitive
from reportgen.analysis.detectors.order_insensitive import Answered
from reportgen.analysis.evidence.agreement import agreement, kappa
from reportgen.analysis.evidence.results import Results
from reportgen.metrics.metric import Outputs, load_metric
from reportgen.records import Array
from reportgen.spec.model import StudySpec
from tests.analysis.factory import make_bundle, make_results, make_study
from tests.analysis.simulate import Behaviour

HIDE = {"use": "hide_channel", "params": {"channel": "colour"}}


def ablated_study(says: str = "blind matches test.hwa of baseline") -> StudySpec:
    claim: dict[str, Any] = {
        "says": says,
        "margin": 0.05,
        "why_expected": {"text": "Shape is enough."},
    }
    variant = {"why": "A check.", "change": {"data": {"transforms": [HIDE]}}}
    return make_study(variants={"blind": variant}, claims={"blind-same": claim})


def ablated(level: float, usual: float, study: StudySpec | None = None) -> Results:
    arms = {
        "baseline": Behaviour(usual, seed_sd=0.02, row_sd=0.02),
        "blind": Behaviour(level, seed_sd=0.02, row_sd=0.02),
    }
    return make_results(make_bundle(study or ablated_study(), arms))


def read_one(name: str, results: Results) -> Reading | Missing:
    (found,) = load_detector(name).read(results)
    return found


def test_an_ablation_that_costs_nothing_tells_of_a_shortcut() -> None:
    found = read_one("ablation_insensitive", ablated(1.0, 1.0))
    assert isinstance(found, Reading)
    assert found.subject == "blind-same"
    assert found.flag
    assert "may rest on a shortcut" in found.note
    assert "give one answer (kappa 0." in found.note


def test_an_ablation_that_costs_or_learns_nothing_tells_nothing() -> None:
    costly = read_one("ablation_insensitive", ablated(0.2, 1.0))
    assert isinstance(costly, Reading)
    assert not costly.flag
    assert "not shown to be equivalent" in costly.note
    guess = read_one("ablation_insensitive", ablated(-0.2, -0.2))
    assert isinstance(guess, Reading)
    assert not guess.flag
    assert "not shown to beat guessing" in guess.note


def test_only_an_ablation_that_was_claimed_to_match_is_judged() -> None:
    study = ablated_study("blind worsens test.hwa against baseline")
    found = read_one("ablation_insensitive", ablated(1.0, 1.0, study))
    assert isinstance(found, Missing)
    assert found.subject == "blind"
    whole = read_one("ablation_insensitive", make_results())
    assert isinstance(whole, Missing)
    assert whole.subject == "every arm"


def test_agreement_and_kappa_of_known_answers() -> None:
    """Cohen's kappa by hand: 0.7 observed, 0.5 by chance."""
    first = np.array([0] * 10 + [1] * 10)
    second = np.array([0] * 7 + [1] * 3 + [1] * 7 + [0] * 3)
    assert agreement([(first, second)]) == pytest.approx(0.7)
    assert kappa([(first, second)]) == pytest.approx(0.4)
    assert kappa([(first * 0, first * 0)]) is None


def answered(
    rng: np.random.Generator, *, loss: float, rows: int = 400, copies: int = 5
) -> Answered:
    """Answers that are right on 9 of 10 rows, and on `loss` fewer once shuffled."""
    labels = rng.integers(0, 2, rows)
    hard = rng.random(rows)

    def outputs(share: float, times: int) -> Outputs:
        right = np.tile(hard, times) + 0.02 * rng.random(rows * times) < share
        named = np.where(right, np.tile(labels, times), 1 - np.tile(labels, times))
        return Outputs(np.eye(2)[named], np.tile(labels, times), {})

    return Answered(outputs(0.9, 1), outputs(0.9 - loss, copies))


def judge(runs: list[Answered]) -> Reading:
    metric = load_metric("accuracy")
    found = order_insensitive._reading("a", runs, metric, 0.05)
    assert isinstance(found, Reading)
    return found


def test_an_order_that_matters_is_told_from_one_that_does_not() -> None:
    rng = np.random.default_rng(5)
    still = judge([answered(rng, loss=0.0) for _ in range(5)])
    assert still.flag
    assert "order-insensitive" in still.note
    moved = judge([answered(rng, loss=0.3) for _ in range(5)])
    assert not moved.flag
    assert moved.statistic == pytest.approx(0.3, abs=0.05)
    assert "order-sensitive" in moved.note
    between = judge([answered(rng, loss=0.05) for _ in range(5)])
    assert not between.flag
    assert "nor none is shown" in between.note


def test_answers_that_never_change_need_no_test() -> None:
    rng = np.random.default_rng(5)
    run = answered(rng, loss=0.2)
    tiled = Outputs(np.tile(run.usual.logits, (5, 1)), np.tile(run.usual.labels, 5), {})
    found = judge([Answered(run.usual, tiled)] * 3)
    assert found.flag
    assert "no answer changes" in found.note


def shuffled_results(copies: int) -> Results:
    """A study whose shift shuffles; the simulated rows hold one order each."""
    data = {
        "use": "spr",
        "params": {"rows": {"train": 300, "dev": 200, "test": 400}, "seed": 11},
        "shifts": {"ordering": {"use": "shuffle_tokens", "params": {"copies": copies}}},
    }
    return make_results(make_bundle(make_study(data=data)))


def test_few_orders_and_no_orders_are_not_checked(results: Results) -> None:
    few = load_detector("order_insensitive").read(shuffled_results(1))
    assert len(few) == 4
    assert all(isinstance(one, Missing) and "5 orders" in one.why for one in few)
    none = read_one("order_insensitive", results)
    assert isinstance(none, Missing)
    assert none.subject == "every arm"


def test_rows_that_look_alike_in_any_order_are_left_out() -> None:
    results = shuffled_results(5)
    record = results.record("baseline", 0)
    assert record is not None
    inputs: Array = results.arrays[record.arrays["inputs/test"]]
    inputs[:7] = inputs[:7, :1]
    found = order_insensitive._answered(results, "baseline", 0, "ordering")
    assert found is not None
    assert len(found.usual.labels) == 393
    readings = load_detector("order_insensitive").read(results)
    assert all(isinstance(one, Reading) for one in readings)


def test_a_loss_on_shuffled_rows_is_no_drop_under_shift() -> None:
    (reading,) = load_detector("shift_drop").read(shuffled_results(5))
    assert isinstance(reading, Missing)
