"""Detectors of scores: spread, outliers, luck, disagreement, drops under shift."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest

from reportgen.analysis.detector import Missing, Reading, load_detector
from reportgen.analysis.detectors import outlier_seed, shift_drop, undertrained
from reportgen.analysis.detectors.metric_disagreement import _reading as disagreement
from reportgen.analysis.detectors.selection_on_test import expected_normal_maximum
from reportgen.analysis.detectors.unstable_vs_baseline import _reading as stability
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.statistics.estimate import Estimate, Sample, estimate
from reportgen.records import Array
from tests.analysis.factory import BEHAVIOURS, make_bundle, make_results, make_study
from tests.analysis.simulate import Behaviour

# Allowed above a rate, in standard errors of the simulation.
ERRORS = 4


def band(rate: float, repeats: int) -> float:
    return rate + ERRORS * sqrt(rate * (1 - rate) / repeats)


def read(name: str, results: Results) -> dict[str, Reading]:
    readings = load_detector(name).read(results)
    return {one.subject: one for one in readings if isinstance(one, Reading)}


def curves(rng: np.random.Generator, *, climb: float) -> list[Array]:
    return [
        0.8 + climb * np.arange(20) + 0.01 * rng.standard_normal(20) for _ in range(3)
    ]


def test_a_plateau_is_rarely_called_undertrained() -> None:
    rng = np.random.default_rng(5)
    flags = [
        undertrained._reading("a", curves(rng, climb=0), 0.0).flag for _ in range(400)
    ]
    assert np.mean(flags) < band(0.027, 400)


def test_a_climb_to_the_end_is_called_undertrained() -> None:
    rng = np.random.default_rng(5)
    found = undertrained._reading("a", curves(rng, climb=0.02), 0.02)
    assert found.flag
    assert found.statistic == pytest.approx(0.08, abs=0.03)
    assert "of 3 runs had their best epoch last, 0.2 by chance" in found.note


def test_a_loss_that_still_falls_is_a_climb() -> None:
    """The selecting metric decides the direction."""
    training = {
        "epochs": 12,
        "batch_size": 32,
        "optimizer": {"use": "torch.optim:Adam", "params": {"lr": 0.001}},
        "select": {"metric": "dev.loss", "rule": "best"},
    }
    study = make_study(training=training)
    steady = {name: Behaviour(overfits=False) for name in BEHAVIOURS}
    quiet = read("undertrained", make_results(make_bundle(study, steady)))
    assert not any(one.flag for one in quiet.values())
    bundle = make_bundle(study, steady)
    falling = tuple(float(x) for x in np.linspace(0.9, 0.3, 12))
    for place, one in enumerate(bundle.runs):
        noisy = tuple(x + 1e-4 * place for x in falling)
        one.record.curves["dev.loss"] = noisy
    found = read("undertrained", make_results(bundle))
    assert all(one.flag for one in found.values())


@pytest.mark.parametrize(("n", "rate"), [(7, 0.10), (10, 0.074), (20, 0.058)])
def test_clean_seeds_are_rarely_outliers(n: int, rate: float) -> None:
    rng = np.random.default_rng(5)
    found = [
        outlier_seed._reading("a", dict(enumerate(rng.standard_normal(n))), 0.0)
        for _ in range(500)
    ]
    flags = [isinstance(one, Reading) and one.flag for one in found]
    assert np.mean(flags) < band(rate, 500)


def test_a_seed_far_below_is_an_outlier() -> None:
    scores = dict(enumerate([0.80, 0.81, 0.82, 0.80, 0.83, 0.81, 0.55]))
    found = outlier_seed._reading("a", scores, 0.02)
    assert isinstance(found, Reading)
    assert found.flag
    assert "seeds 6;" in found.note
    near = dict(enumerate([0.80, 0.801, 0.802, 0.80, 0.803, 0.801, 0.79]))
    within = outlier_seed._reading("a", near, 0.02)
    assert isinstance(within, Reading)
    assert within.statistic is not None
    assert within.statistic < -3.5
    assert not within.flag
    lucky = {**scores, 6: 0.99}
    above = outlier_seed._reading("a", lucky, 0.02)
    assert isinstance(above, Reading)
    assert not above.flag
    assert isinstance(outlier_seed._reading("a", {0: 0.5, 1: 0.6}, 0.02), Missing)


def test_a_wild_arm_is_less_stable() -> None:
    rng = np.random.default_rng(5)
    calm = [stability("a", *rng.standard_normal((2, 10))) for _ in range(400)]
    flags = [isinstance(one, Reading) and one.flag for one in calm]
    assert np.mean(flags) < band(0.021, 400)
    wild = stability("a", 3 * rng.standard_normal(20), rng.standard_normal(20))
    assert isinstance(wild, Reading)
    assert wild.flag
    assert wild.interval is not None
    assert wild.statistic is not None
    assert wild.interval.lower < wild.statistic < wild.interval.upper
    calmer = stability("a", rng.standard_normal(20), 3 * rng.standard_normal(20))
    assert isinstance(calmer, Reading)
    assert calmer.p is not None
    assert calmer.p < 0.05
    assert not calmer.flag
    few = stability("a", rng.standard_normal(5), rng.standard_normal(5))
    assert isinstance(few, Missing)
    assert "the SD ratio is" in few.why


def test_the_expected_maximum_of_normal_values() -> None:
    known = {2: 0.56419, 3: 0.84628, 5: 1.16296, 10: 1.53875, 20: 1.86748, 30: 2.04276}
    for k, value in known.items():
        assert expected_normal_maximum(k) == pytest.approx(value, abs=1e-5)


def test_an_epoch_chosen_on_test_is_told(results: Results) -> None:
    found = read("selection_on_test", results)
    assert not any(one.flag for one in found.values())
    assert found["best of all arms"].statistic is not None
    assert found["best of all arms"].statistic > 0
    gaps = [
        (results.score("bilstm", seed, "test.hwa", "last") or 0.0)
        - (results.score("bilstm", seed, "test.hwa", "best") or 0.0)
        for seed in results.seeds("bilstm")
    ]
    told = found["bilstm"]
    assert told.statistic == pytest.approx(np.maximum(0, gaps).mean())
    assert told.interval is not None
    luck = np.std(gaps, ddof=1) / 2**0.5 * np.array([0.56419, 1.6292])  # of 2 and of 12
    assert f"two equal epochs luck alone gives {luck[0]:.3f}, of 12" in told.note
    assert told.note.endswith(f"independent ones {luck[1]:.3f}")
    training = {**results.study.training.model_dump(mode="json")}
    training["select"] = {"metric": "test.hwa", "rule": "best"}
    planted = make_results(make_bundle(make_study(training=training)))
    flags = {name: one.flag for name, one in read("selection_on_test", planted).items()}
    assert flags.pop("best of all arms") is False
    assert all(flags.values())
    none = Results(results.study, results.cells, (), {}, results.ledger)
    unknown = load_detector("selection_on_test").read(none)
    assert all(isinstance(one, Missing) for one in unknown)


def difference(rng: np.random.Generator, mean: float, n: int = 5) -> Estimate:
    return estimate(Sample(mean + 0.01 * rng.standard_normal(n)))


def test_metrics_disagree_only_where_both_are_sure() -> None:
    rng = np.random.default_rng(5)
    flags = [
        disagreement("a", difference(rng, 0), difference(rng, 0)).flag
        for _ in range(1000)
    ]
    assert np.mean(flags) < band(0.0014, 1000)
    found = disagreement("a", difference(rng, 0.05), difference(rng, -0.05))
    assert found.flag
    assert found.statistic is not None
    assert found.statistic < -0.03
    assert found.interval is not None
    assert found.interval.lower < found.statistic < found.interval.upper < 0
    same = disagreement("a", difference(rng, -0.08), difference(rng, -0.05))
    assert same.interval is not None
    assert same.statistic == pytest.approx(0.05, abs=0.02)
    assert 0 < same.interval.lower < 0.05 < same.interval.upper


def test_a_study_of_one_metric_has_none_to_disagree() -> None:
    study = make_study(metrics=["hwa", "loss"])
    (reading,) = load_detector("metric_disagreement").read(
        make_results(make_bundle(study))
    )
    assert isinstance(reading, Missing)


def test_a_shift_that_costs_is_told_and_shared_cost_is_not(results: Results) -> None:
    found = read("shift_drop", results)
    assert found["baseline: ordering"].flag
    assert "of what lies above chance" in found["baseline: ordering"].note
    others = [one for name, one in found.items() if not name.startswith("baseline")]
    assert len(others) == 3
    assert not any(one.flag for one in others)


@pytest.mark.parametrize(("extra", "more"), [(0.2, "more"), (-0.2, "less")])
def test_an_arm_that_loses_more_or_less_is_told(
    results: Results, extra: float, more: str
) -> None:
    usual = shift_drop._drops(results, "baseline", "ordering")
    own = shift_drop._drops(results, "frozen", "ordering")
    assert usual is not None
    assert own is not None
    sample = own.sample
    assert sample.rows is not None
    moved = Sample(sample.effects + extra, sample.rows + extra, sample.other)
    found = shift_drop._reading("a", replace(own, sample=moved), usual)
    assert isinstance(found, Reading)
    assert found.flag
    assert found.statistic == pytest.approx(extra, abs=0.05)
    assert f"{more} than the baseline" in found.note
    drop = own.sample.effects.mean() + extra
    assert found.note.startswith("falls by" if drop > 0 else "rises by")


def test_drops_are_told_against_what_arms_score_without_shift() -> None:
    rng = np.random.default_rng(6)
    level = rng.uniform(0.6, 0.9, 40)
    slope, ends = shift_drop.slope_of(level, 0.4 * level + 0.01 * rng.normal(size=40))
    assert ends.lower < 0.4 < ends.upper
    assert slope == pytest.approx(0.4, abs=0.05)
    hits = 0
    for _ in range(400):
        x, y = rng.standard_normal((2, 5))
        _, found = shift_drop.slope_of(x, y)
        hits += found.lower < 0 < found.upper
    assert hits / 400 == pytest.approx(0.95, abs=0.044)


def test_a_line_needs_five_arms(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = load_detector("shift_drop").read(results)
    last = found[-1]
    assert isinstance(last, Missing)
    assert last.subject == "all arms: ordering"
    drops = {arm: shift_drop._drops(results, arm, "ordering") for arm in BEHAVIOURS}
    monkeypatch.setattr(shift_drop, "FEWEST_ARMS", 4)
    line = shift_drop._line(results, "all", drops)
    assert isinstance(line, Reading)
    assert not line.flag
    assert line.n_used == 4
    assert "one whose harmonic weighted accuracy is 0.1 better on dev" in line.note


def test_a_study_without_shifts_is_not_checked() -> None:
    data = {
        "use": "spr",
        "params": {"rows": {"train": 300, "dev": 200, "test": 400}, "seed": 11},
    }
    claims = {
        "a": {
            "says": "bilstm improves test.hwa over baseline",
            "margin": 0.02,
            "why_expected": {"text": "Because."},
        }
    }
    study = make_study(data=data, claims=claims)
    (reading,) = load_detector("shift_drop").read(make_results(make_bundle(study)))
    assert isinstance(reading, Missing)
