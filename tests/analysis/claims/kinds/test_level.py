"""One arm against a number, chance and ceiling."""

from typing import Any

import numpy as np
import pytest

from reportgen.analysis.claims.kinds.level import pair_with_yardstick
from reportgen.analysis.evidence.pairs import Pairs, side_of
from reportgen.analysis.statistics.estimate import Sample, estimate
from reportgen.metrics.metric import Outputs, load_metric, majority_outputs
from reportgen.spec.claims import parse_claim
from tests.analysis.factory import BEHAVIOURS, make_bundle, make_results, make_study
from tests.analysis.simulate import Behaviour

ROUNDS, SEEDS, ROWS = 1500, 8, 80
NOMINAL = 0.025


def pairs_of(says: str, **changes: Any) -> Pairs:
    study = make_study(**changes)
    behaviours = {**BEHAVIOURS, "bilstm": Behaviour(level=1.4, failed_seeds=(2,))}
    results = make_results(make_bundle(study, behaviours))
    parts = parse_claim(says)
    metric, _ = side_of(results, parts.variant, parts.metric)
    return pair_with_yardstick(results, parts, metric)


def test_a_number_shifts_every_row() -> None:
    pairs = pairs_of("baseline beats 0.7 on test.hwa")
    assert pairs.sample is not None
    assert pairs.sample.rows is not None
    assert pairs.sample.rows.mean(axis=1) == pytest.approx(
        pairs.sample.effects, abs=1e-5
    )


@pytest.mark.parametrize("measure", ["accuracy", "hwa"])
def test_chance_is_the_majority_s_own_score_row_by_row(measure: str) -> None:
    results = make_results(make_bundle())
    parts = parse_claim(f"baseline beats chance on test.{measure}")
    metric = load_metric(measure)
    pairs = pair_with_yardstick(results, parts, metric)
    outputs = results.outputs("baseline", 0, "test", "best")
    assert outputs is not None
    assert pairs.sample is not None
    assert pairs.sample.rows is not None
    assert metric.rows is not None
    majority = majority_outputs(outputs)
    assert pairs.sample.effects[0] == pytest.approx(
        metric.value(outputs) - metric.value(majority), abs=1e-5
    )
    assert pairs.sample.rows[0] == pytest.approx(
        metric.rows(outputs) - metric.rows(majority)
    )


def test_a_loss_beats_chance_by_being_smaller() -> None:
    pairs = pairs_of("baseline beats chance on test.loss")
    assert pairs.sample is not None
    results = make_results(make_bundle())
    loss = results.score("baseline", 0, "test.loss", "best")
    assert loss is not None
    assert pairs.sample.effects[0] == pytest.approx(np.log(2) - loss)


def test_declared_label_noise_lowers_the_ceiling() -> None:
    data = make_study().data.model_dump(mode="json")
    data["params"]["label_noise"] = 0.2
    noisy = pairs_of("baseline reaches ceiling on test.accuracy", data=data)
    clean = pairs_of("baseline reaches ceiling on test.accuracy")
    assert noisy.sample is not None
    assert clean.sample is not None
    assert noisy.sample.effects - clean.sample.effects == pytest.approx(0.2)


def test_a_failed_run_scores_chance_and_no_more() -> None:
    pairs = pairs_of("bilstm beats chance on test.accuracy")
    assert pairs.failed == ((2,), ())
    assert pairs.sample is not None
    assert pairs.complete is not None
    assert pairs.sample.effects[pairs.seeds.index(2)] == 0
    assert pairs.complete.n == pairs.sample.n - 1


def test_nothing_is_imputed_where_failed_runs_are_left_out() -> None:
    pairs = pairs_of(
        "bilstm beats 0.5 on test.accuracy", analysis={"failures": "exclude"}
    )
    assert not pairs.imputed
    assert 2 not in pairs.seeds


def test_an_arm_at_chance_is_rarely_said_to_beat_it() -> None:
    """At the boundary: rows that are right half the time, by the arm and by chance."""
    rng = np.random.default_rng(5)
    metric = load_metric("accuracy")
    assert metric.rows is not None
    labels = np.arange(ROWS) % 2
    majority = majority_outputs(Outputs(np.zeros((ROWS, 2)), labels, {}))
    base = metric.rows(majority)
    found = {"above": 0, "below": 0}
    for _ in range(ROUNDS):
        taste = rng.standard_normal(ROWS)
        right = taste + 0.7 * rng.standard_normal((SEEDS, ROWS)) > 0
        labels_new = rng.permutation(base)  # new rows of the same law
        rows = right - labels_new
        lower, upper = estimate(Sample(rows.mean(axis=1), rows)).interval(0.95)
        found["above"] += lower > 0
        found["below"] += upper < 0
    error = (NOMINAL * (1 - NOMINAL) / ROUNDS) ** 0.5
    for side in found.values():
        assert side / ROUNDS < NOMINAL + 4 * error
    assert sum(found.values()) > 0
