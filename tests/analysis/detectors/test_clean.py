"""Detectors of runs on clean studies: flags no more frequent than promised."""

from math import sqrt

import pytest

from benchmarks.detectors import OF_RUNS, Counts, count
from reportgen.analysis.detector import load_detector

pytestmark = pytest.mark.slow

STUDIES, SEEDS = 24, 10
# Of a clean reading by its own rule; measured by `benchmarks.detectors`.
RATES = {
    "overfit_slope": 0.011,
    "outlier_seed": 0.041,
    "seed_gap": 0.005,
    "unstable_vs_baseline": 0.029,
    "miscalibrated": 0.007,
    "shift_drop": 0.044,
    "ablation_insensitive": 0.079,
    "order_insensitive": 0.041,
}  # upper ends of the measured intervals; others flagged nothing
ERRORS = 3  # standard errors of the simulation


@pytest.fixture(scope="module")
def counts() -> Counts:
    return count(STUDIES, SEEDS)


@pytest.mark.parametrize("name", OF_RUNS)
def test_clean_runs_are_rarely_flagged(counts: Counts, name: str) -> None:
    rate, readings = RATES.get(name, 0.0), counts.readings[name]
    assert readings >= STUDIES
    allowed = rate * readings + ERRORS * sqrt(rate * (1 - rate) * readings)
    assert counts.flags[name] <= allowed
    assert counts.shown[name] <= counts.flags[name]


def test_every_detector_says_how_often_it_errs() -> None:
    for name in OF_RUNS:
        said = load_detector(name).false_positives
        assert said
        assert not said.endswith(".")
