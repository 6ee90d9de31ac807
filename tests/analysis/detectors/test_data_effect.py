"""Effect of duplicates: seen where repeated rows are answered better, else not."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from reportgen.analysis.detector import Missing, Reading, load_detector
from reportgen.analysis.detectors.dup_effect import repeated_against_clean
from reportgen.analysis.statistics.estimate import estimate
from reportgen.metrics.metric import Outputs, load_metric
from reportgen.records import Array
from tests.analysis.factory import Bundle, make_results
from tests.analysis.planted import copied


def answers(rng: np.random.Generator, seeds: int, gain: Array) -> list[Outputs]:
    """Runs that share what is hard about each row."""
    rows = len(gain)
    difficulty = rng.normal(0.8, 1.0, rows)
    found = []
    for _ in range(seeds):
        right = difficulty + gain + rng.normal(0, 0.1) + rng.normal(0, 0.5, rows) > 0
        labels = rng.integers(0, 2, rows)
        logits = np.eye(2)[np.where(right, labels, 1 - labels)]
        found.append(Outputs(logits, labels, {}))
    return found


def test_effect_is_the_difference_of_the_two_scores() -> None:
    rng = np.random.default_rng(1)
    clean = np.arange(200) >= 50
    outputs = answers(rng, 4, np.where(clean, 0, 3.0))
    for name, sign in (("accuracy", 1), ("loss", -1)):
        metric = load_metric(name)
        sample = repeated_against_clean(metric, outputs, clean)
        own = [
            metric.value(Outputs(one.logits[~clean], one.labels[~clean], {}))
            - metric.value(Outputs(one.logits[clean], one.labels[clean], {}))
            for one in outputs
        ]
        assert sample.effects == pytest.approx(sign * np.array(own))
        assert estimate(sample).interval(0.95)[0] > 0


def test_rows_that_gain_nothing_are_flagged_as_seldom_as_promised() -> None:
    rng = np.random.default_rng(2)
    metric, repeats = load_metric("accuracy"), 100
    clean = np.arange(300) >= 40
    flags = 0
    for _ in range(repeats):
        outputs = answers(rng, 5, np.zeros(300))
        lower, _ = estimate(repeated_against_clean(metric, outputs, clean)).interval(
            0.95
        )
        flags += lower > 0
    assert flags <= stats.binom.ppf(0.999, repeats, 0.03)


def test_too_few_repeated_rows_are_not_checked(bundle: Bundle) -> None:
    (found,) = load_detector("dup_effect").read(make_results(copied(bundle, 29)))
    assert isinstance(found, Missing)
    assert found.why.endswith("there are 29")


def test_repeated_rows_answered_no_better_are_quiet(bundle: Bundle) -> None:
    found = load_detector("dup_effect").read(make_results(copied(bundle, 60)))
    assert [one.subject for one in found] == [
        *("baseline", "bilstm", "dropout", "frozen"),
    ]
    for one in found:
        assert isinstance(one, Reading)
        assert one.n_used == 60
        assert not one.flag


def test_repeated_rows_answered_better_are_flagged(bundle: Bundle) -> None:
    """The baseline has learnt by heart what training shows again in test."""
    planted = copied(bundle, 60)
    usual = make_results(planted)
    mask = usual.clean_mask("baseline")
    assert mask is not None
    arrays = dict(planted.arrays)
    for one in planted.runs:
        stored = one.record.arrays
        if one.variant == "baseline":
            labels = arrays[stored["labels/test"]]
            known = 8 * np.eye(2)[labels]
            logits = arrays[stored["logits/test@best"]]
            arrays[stored["logits/test@best"]] = np.where(mask[:, None], logits, known)
    results = make_results(replace(planted, arrays=arrays))
    found = {one.subject: one for one in load_detector("dup_effect").read(results)}
    heart, other = found["baseline"], found["frozen"]
    assert isinstance(heart, Reading)
    assert heart.flag
    assert heart.p is not None
    assert heart.p < 0.05
    assert heart.statistic == pytest.approx(0.3, abs=0.15)
    assert "only verdicts on the other rows speak of new data" in heart.note
    assert isinstance(other, Reading)
    assert not other.flag
