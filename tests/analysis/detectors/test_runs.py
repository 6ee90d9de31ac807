"""Detectors of runs: quiet on clean runs, loud on planted faults."""

import re

import numpy as np
import pytest

from reportgen.analysis.detector import Missing, Reading, load_detector
from reportgen.analysis.detectors import seed_gap
from reportgen.analysis.detectors.overfit_slope import _reading
from reportgen.analysis.evidence.results import Results
from reportgen.metrics.metric import Outputs
from reportgen.metrics.weighted import HWA
from reportgen.records import Array, GradientSummary, RunRecord
from tests.analysis.factory import (
    BEHAVIOURS,
    Bundle,
    make_bundle,
    make_results,
    make_study,
    with_record,
)
from tests.analysis.simulate import Behaviour


def read(name: str, results: Results) -> dict[str, Reading]:
    readings = load_detector(name).read(results)
    return {one.subject: one for one in readings if isinstance(one, Reading)}


def with_curves(record: RunRecord, dev: Array, train: Array) -> RunRecord:
    curves = {"dev.loss": tuple(dev.tolist()), "train.loss": tuple(train.tolist())}
    return record.model_copy(update={"curves": curves})


def test_a_rising_validation_loss_is_overfitting(results: Results) -> None:
    found = read("overfit_slope", results)
    assert set(found) == {"baseline", "bilstm", "dropout", "frozen"}
    assert all(one.flag for one in found.values())
    assert found["dropout"].n_used == 4
    told = (
        r"the gap of the losses grows by 0\.\d{3} \(95 % CI \+0\.\d{3} to \+0\.\d{3}\)"
    )
    assert all(re.search(told, one.note) for one in found.values())


def test_a_plateau_is_rarely_taken_for_overfitting(bundle: Bundle) -> None:
    """On a plateau with independent epochs the rule flags a few studies in 100."""
    rng = np.random.default_rng(5)
    record = bundle.runs[0].record
    flags = 0
    for _ in range(200):
        records = [
            with_curves(
                record,
                0.5 + 0.01 * rng.standard_normal(20),
                np.linspace(0.7, 0.2, 20) + 0.01 * rng.standard_normal(20),
            )
            for _ in range(3)
        ]
        found = _reading("a", records)
        assert "the gap of the losses grows by" in found.note
        flags += found.flag
    assert flags / 200 < 0.026 + 0.03


def test_a_drop_from_best_to_last_is_seen(results: Results) -> None:
    found = read("overfit_drop", results)
    assert found["baseline"].flag
    assert found["baseline"].statistic is not None
    assert found["baseline"].statistic > 0.02


def test_seeds_noisier_than_the_margin_are_told() -> None:
    wild = {**BEHAVIOURS, "bilstm": Behaviour(level=1.4, seed_sd=0.8)}
    found = read("seed_noise", make_results(make_bundle(behaviours=wild)))
    assert found["bilstm-helps"].flag
    assert found["bilstm-helps"].statistic is not None
    assert found["bilstm-helps"].statistic > 2
    assert re.search(r", IQR 0\.\d{3}\), more than", found["bilstm-helps"].note)
    assert "IQR" not in found["dropout-robust"].note  # four pairs
    calm = {name: Behaviour(seed_sd=0.0, row_sd=0.0) for name in BEHAVIOURS}
    quiet = read("seed_noise", make_results(make_bundle(behaviours=calm)))
    assert not quiet["dropout-robust"].flag


def test_failed_runs_are_named(results: Results) -> None:
    found = read("failed_seed", results)
    assert found["dropout"].flag
    assert "seeds 3" in found["dropout"].note
    assert not found["baseline"].flag


def test_a_seed_at_chance_among_learners_is_named() -> None:
    odd = {**BEHAVIOURS, "bilstm": Behaviour(level=2.0, seed_sd=3.0)}
    found = read("failed_seed", make_results(make_bundle(behaviours=odd, seed=8)))
    assert found["bilstm"].flag
    assert "at chance while most learnt" in found["bilstm"].note


def test_a_run_without_numbers_or_worse_than_guessing_diverged(bundle: Bundle) -> None:
    clean = read("diverged", make_results(bundle))
    assert clean["dropout"].flag  # its seed 3 met a NaN
    assert "seeds 3" in clean["dropout"].note
    assert not clean["baseline"].flag
    rising = tuple(float(x) for x in np.linspace(0.7, 1.8, 12))  # ln 2 + 1 = 1.69
    early = (2.5, *rising[:5], *rising[:6])  # high in the first tenth only
    for seed, curve in ((2, rising), (4, early)):
        bundle = with_record(bundle, "baseline", seed, curves={"train.loss": curve})
    found = read("diverged", make_results(bundle))["baseline"]
    assert found.flag
    assert found.statistic == pytest.approx(0.2)
    assert found.interval is not None
    assert found.interval.lower == pytest.approx(0.005051, abs=1e-6)  # Clopper-Pearson
    assert found.interval.upper == pytest.approx(0.716418, abs=1e-6)
    said = "above that of guessing after a tenth of the epochs: seeds 2; gradient norms"
    assert said in found.note


def norms(sustained: float | None, *, non_finite: int = 0) -> GradientSummary:
    """What a run of 120 steps kept of its gradients."""
    return GradientSummary(
        steps=120,
        non_finite=non_finite,
        median=0.4,
        largest=0.4 * (sustained or 1.0),
        sustained=sustained,
        sustained_epoch=None if sustained is None else 7,
    )


def with_norms(bundle: Bundle, kept: dict[int, GradientSummary | None]) -> Bundle:
    for seed, one in kept.items():
        bundle = with_record(bundle, "baseline", seed, gradients=one)
    return bundle


def test_gradients_that_explode_are_divergence(bundle: Bundle) -> None:
    kept = {seed: norms(20.0) for seed in range(5)}
    calm = read("diverged", make_results(with_norms(bundle, {**kept})))["baseline"]
    assert not calm.flag
    assert "; gradients steady; no late loss" in calm.note
    odd = {**kept, 1: norms(101.0), 3: norms(20.0, non_finite=1), 4: norms(100.0)}
    found = read("diverged", make_results(with_norms(bundle, {**odd})))["baseline"]
    assert found.flag
    assert found.statistic == pytest.approx(0.4)
    assert "for three steps: seeds 1" in found.note
    assert "stopped being finite: seeds 3" in found.note


def test_parts_of_divergence_that_were_not_checked_are_named(bundle: Bundle) -> None:
    kept = {0: norms(2.0), 1: norms(2.0), 2: norms(None), 3: None, 4: norms(2.0)}
    bundle = with_norms(bundle, {**kept})
    bundle = with_record(bundle, "baseline", 1, data={})
    found = read("diverged", make_results(bundle))["baseline"]
    assert found.note == (
        "every loss stayed finite; gradient norms not checked in 2 of 5 runs; losses "
        "against guessing not checked in 1 of 5 runs"
    )


def test_answers_not_kept_do_not_read_as_healthy(bundle: Bundle) -> None:
    found = read("failed_seed", make_results(with_record(bundle, "baseline", 1)))
    assert found["baseline"].note == "every run ended; none at chance unlike the rest"
    bare = with_record(bundle, "baseline", 1, arrays={})
    partly = read("failed_seed", make_results(bare))["baseline"]
    assert partly.note == (
        "every run ended; answers of 1 of 5 runs were not kept, so not checked"
    )


def test_runs_in_two_groups_are_told_apart() -> None:
    ends = [0.50, 0.51, 0.80, 0.81, 0.82, 0.83, 0.84]
    found = seed_gap._reading("a", dict(enumerate(ends)), 0.02)
    assert isinstance(found, Reading)
    assert found.flag
    assert "seeds 0, 1 below and seeds 2, 3, 4, 5, 6 above" in found.note
    assert found.statistic == pytest.approx(0.29)
    alone = seed_gap._reading("a", dict(enumerate([*ends[2:], 0.6])), 0.02)
    assert isinstance(alone, Reading)
    assert alone.note == "seed 5 stands 0.200 below all others"
    within = seed_gap._reading("a", dict(enumerate(ends)), 0.3)
    assert isinstance(within, Reading)
    assert not within.flag  # no gap that would matter
    assert isinstance(seed_gap._reading("a", {0: 0.5, 1: 0.9, 2: 0.9}, 0.02), Missing)


@pytest.mark.parametrize(("level", "flag"), [(0.8, False), (-0.25, True)])
def test_arms_at_chance_are_told(level: float, flag: bool) -> None:
    arms = {**BEHAVIOURS, "bilstm": Behaviour(level=level)}
    found = read("chance_level", make_results(make_bundle(behaviours=arms)))
    assert found["bilstm"].flag is flag
    assert not found["baseline"].flag


def with_weights(bundle: Bundle, weight: float) -> Bundle:
    """The bundle with test rows of class 0 weighing so much, the others 1."""
    first = bundle.runs[0].record.arrays
    labels = bundle.arrays[first["labels/test"]]
    columns = dict.fromkeys(HWA.columns, np.where(labels == 0, weight, 1.0))
    for name, values in columns.items():
        bundle.arrays[first[f"columns/test/{name}"]] = values
    for one in bundle.runs:
        for rule, checkpoint in one.record.checkpoints.items():
            logits = bundle.arrays[one.record.arrays[f"logits/test@{rule}"]]
            score = HWA.value(Outputs(logits, labels, columns))
            checkpoint.metrics["test.hwa"] = score
    return bundle


def test_the_first_metric_is_held_against_the_majority_classes_own() -> None:
    """Ahead in accuracy and above 1/2, yet behind: heavy rows are the majority's."""
    arms = {**BEHAVIOURS, "bilstm": Behaviour(level=0.5)}
    found = read("chance_level", make_results(make_bundle(behaviours=arms)))["bilstm"]
    assert not found.flag
    told = r"beats the majority class by 0\.\d{3} in harmonic weighted accuracy"
    assert re.search(told, found.note)
    assert found.note.endswith("; 5 of 5 runs do so in accuracy by themselves")
    # Of two classes as frequent the first, 0, is the majority.
    results = make_results(with_weights(make_bundle(behaviours=arms), 9.0))
    heavy = read("chance_level", results)["bilstm"]
    assert heavy.interval is not None
    assert heavy.interval.lower > 0  # in accuracy
    assert heavy.flag
    assert "in accuracy; not shown to beat the majority class in harm" in heavy.note
    score = results.score("bilstm", 0, "test.hwa", results.selected("bilstm"))
    assert score is not None
    assert score > 0.5


@pytest.mark.parametrize("metrics", [["accuracy", "hwa"], ["ece", "accuracy"]])
def test_a_first_metric_without_a_yardstick_of_its_own(metrics: list[str]) -> None:
    """Accuracy is told once, and calibration has no chance level."""
    found = read("chance_level", make_results(make_bundle(make_study(metrics=metrics))))
    assert found["baseline"].note.count("majority class") == 1
    assert "not checked" not in found["baseline"].note
