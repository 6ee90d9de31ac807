"""Controls that look at answers alone, on answers made for them."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.random import Generator

from reportgen.analysis.control import load_control
from reportgen.analysis.controls.majority import LEVEL, Standing, standing
from reportgen.analysis.controls.own_rows import SURPRISE, Fit
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.evidence.votes import Votes
from reportgen.analysis.findings.study import ControlResult
from tests.analysis.factory import Bundle, make_bundle, make_results, make_study


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return make_bundle(make_study())


def own_rows(results: Results) -> ControlResult:
    control = load_control("own-rows")
    return control.judge(control, results)


def test_labels_in_their_rows_are_told_from_those_beside(bundle: Bundle) -> None:
    found = own_rows(make_results(bundle))
    assert found.passed is True
    own, beside = (one.value for one in found.measures)
    assert own > beside + 0.2


@pytest.mark.parametrize("by", [1, -1, 2, -3])
@pytest.mark.parametrize(("rows", "right"), [(200, 0.9), (600, 0.75)])
def test_answers_that_slipped_fit_the_rows_they_slipped_from(
    by: int, rows: int, right: float
) -> None:
    votes = guessed(np.random.default_rng(abs(by)), rows, right)
    level = SURPRISE / 60
    sound = Fit("baseline", "test", votes)
    assert sound.keeps(level)
    assert not sound.slipped(level)
    late = Votes(np.roll(votes.shares, by, axis=0), votes.labels, runs=1)
    wrong = Fit("baseline", "test", late)
    assert wrong.slipped(level)
    assert wrong.nearest == -by
    assert not wrong.keeps(level)


def test_alternating_labels_that_slipped_are_told() -> None:
    labels = np.arange(100) % 2
    wrong = Fit("baseline", "test", Votes(np.eye(2)[1 - labels], labels, runs=1))
    assert wrong.slipped(1e-6)
    assert wrong.nearest in (1, -1, 3, -3)


def test_the_set_and_the_arm_are_named(bundle: Bundle) -> None:
    results = make_results(bundle)
    arrays = dict(results.arrays)
    for seed in results.seeds("dropout"):
        record = results.record("dropout", seed)
        digest = record and record.arrays.get("logits/test@best")
        if digest:  # one of its runs failed
            arrays[digest] = np.roll(arrays[digest], 1, axis=0)  # labels alternate
    found = own_rows(replace(results, arrays=arrays))
    assert found.passed is False
    assert found.note == "labels do not stand in their rows: test of dropout"
    assert "of the labels of test fit the answers of dropout, " in found.observed


def test_nothing_is_said_of_rows_that_no_arm_answers() -> None:
    study = make_study(variants={}, claims={})
    results = make_results(make_bundle(study))
    rng = np.random.default_rng(3)
    arrays = {
        digest: rng.standard_normal(array.shape).astype(np.float32)
        if array.ndim == 2 and array.dtype == np.float32
        else array
        for digest, array in results.arrays.items()
    }
    found = own_rows(replace(results, arrays=arrays))
    assert found.passed is None
    assert found.note.startswith("no arm answers the test rows well enough")


@pytest.mark.parametrize(("rows", "right"), [(200, 0.9), (600, 0.75)])
def test_answers_in_another_order_are_told_from_a_model_that_learnt_nothing(
    rows: int, right: float
) -> None:
    rng, level = np.random.default_rng(4), SURPRISE / 6
    dev = Fit("baseline", "dev", guessed(rng, rows // 2, right))
    sound = guessed(rng, rows, right)
    order = rng.permutation(rows)
    shuffled = Votes(sound.shares[order], sound.labels, runs=1)
    assert Fit("baseline", "test", shuffled).lost(dev, level)
    assert not Fit("baseline", "test", sound).lost(dev, level)
    harder = guessed(rng, rows, (right + 0.6) / 2)
    assert not Fit("baseline", "test", harder).lost(dev, level), "a shift is no slip"
    nothing = Fit("baseline", "dev", guessed(rng, rows // 2, 0.5))
    assert not Fit("baseline", "test", shuffled).lost(nothing, level)


def guessed(rng: Generator, rows: int, right: float) -> Votes:
    labels = rng.integers(0, 2, rows)
    said = np.where(rng.random(rows) < right, labels, 1 - labels)
    return Votes(np.eye(2)[said], labels, runs=1)


def judged(found: Standing) -> bool | None:
    if found.beats_majority(LEVEL):
        return True
    return False if found.could_show(LEVEL) else None


@pytest.mark.parametrize(
    ("rows", "right", "noise", "states"),
    [
        (600, 0.5, 0.2, {False}),  # nothing learnt, and enough rows to know
        (200, 0.5, 0.2, {None}),  # nothing learnt, or too few rows
        (200, 0.5, 0.0, {False}),
        (200, 0.62, 0.2, {True, None}),  # the noisy study of old: no alarm
        (200, 0.8, 0.2, {True}),
    ],
)
def test_few_rows_and_noisy_labels_are_no_alarm(
    rows: int, right: float, noise: float, states: set[bool | None]
) -> None:
    rng = np.random.default_rng(7)
    found = [
        judged(standing("baseline", [guessed(rng, rows, right)], 1 - noise))
        for _ in range(100)
    ]
    rare = [one for one in found if one not in states]
    assert len(rare) <= 4, "at most what a level of 0.01 lets through"


def test_one_answer_to_all_rows_beats_no_majority() -> None:
    labels = np.arange(400) % 4 == 0
    same = Votes(np.tile([1.0, 0.0], (400, 1)), labels.astype(int), runs=1)
    found = standing("baseline", [same], 1.0)
    assert found.right == found.majority == 0.75
    assert judged(found) is False


def test_seeds_with_rows_of_their_own_are_luckier_apart_than_together() -> None:
    rng = np.random.default_rng(1)
    one, other = guessed(rng, 300, 0.5), guessed(rng, 300, 0.5)
    both = standing("baseline", [one, other], 1.0)
    assert both.right == pytest.approx((one.right().mean() + other.right().mean()) / 2)
    assert both.luck == pytest.approx(np.hypot(one.luck, other.luck) / 2)
