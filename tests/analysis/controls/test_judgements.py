"""Each control on records made for it: what passes, what fails, what stays open."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from reportgen.analysis.control import load_control
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import ControlResult
from reportgen.records import Array, BundledRun, Failure, ModuleRow, digest_array
from tests.analysis.controls.small import lone_study, trained

RUN = "control-"


@pytest.fixture(scope="module")
def clean() -> Results:
    """The small study without variants, trained once."""
    study = lone_study(None, "repeated-seed", "blank-inputs", "evaluation-mode")
    return trained(study)


def judge(results: Results, name: str) -> ControlResult:
    control = load_control(name)
    return control.judge(control, results)


def changed(results: Results, arm: str, **update: Any) -> Results:
    """The results with some of the records of an arm's runs replaced."""

    def one(run: BundledRun) -> BundledRun:
        if run.variant != arm:
            return run
        record = run.record.model_copy(update=update)
        return run.model_copy(update={"record": record})

    return replace(results, bundled=tuple(map(one, results.bundled)))


def answering(results: Results, arm: str, name: str, logits: Array) -> Results:
    """The results with other answers of an arm."""
    digest = digest_array(logits)
    record = results.record(arm, 0)
    assert record is not None
    found = changed(results, arm, arrays={**record.arrays, name: digest})
    return replace(found, arrays={**results.arrays, digest: logits})


def with_loss(results: Results, use: str, **params: Any) -> Results:
    """The results of runs that were told another loss."""
    arm = f"{RUN}blank-inputs"
    record = results.record(arm, 0)
    assert record is not None
    settings = record.config.model_dump()
    settings["training"]["loss"] = {"use": use, "params": params}
    config = type(record.config).model_validate(settings, strict=False)
    return changed(results, arm, config=config)


@pytest.mark.parametrize(
    ("told", "passed", "note"),
    [
        ({"test": 1.0, "dev": 1.0}, True, "no rule is told for train"),
        ({"test": 0.52, "dev": 1.0}, False, "labels and rule disagree on test 0.520"),
        ({"dev": 1.0}, None, "no rule is told for train, test"),
        ({"dev": 0.9}, False, "labels and rule disagree on dev 0.900"),
    ],
)
def test_the_rule_is_judged_on_test_rows_whatever_other_sets_say(
    clean: Results, told: dict[str, float], passed: bool | None, note: str
) -> None:
    record = clean.record("baseline", 0)
    assert record is not None
    data = {
        name: record.data[name].model_copy(update={"oracle_accuracy": told.get(name)})
        for name in ("train", "dev", "test")
    }
    found = judge(changed(clean, "baseline", data=data), "oracle")
    assert found.passed is passed
    assert note in found.note


def test_another_result_of_the_same_seed_is_the_noise_floor(clean: Results) -> None:
    arm = f"{RUN}repeated-seed"
    record = clean.record(arm, 0)
    assert record is not None
    best = record.checkpoints["best"]
    score = best.metrics["test.loss"]
    assert score is not None
    metrics = {**best.metrics, "test.loss": score + 0.25}
    other = best.model_copy(update={"metrics": metrics, "weights": "else"})
    checkpoints = {**record.checkpoints, "best": other}
    noisy = changed(clean, arm, checkpoints=checkpoints, result="else")
    found = judge(noisy, "repeated-seed")
    assert found.passed is False
    assert found.observed == (
        "largest difference of any score 0.25, weights differ, predictions the same, "
        "curves the same"
    )
    assert judge(clean, "repeated-seed").passed is True


def test_two_classes_or_one_execution_prove_nothing(clean: Results) -> None:
    arm = f"{RUN}repeated-seed"
    record = clean.record(arm, 0)
    assert record is not None
    elsewhere = record.environment.model_copy(update={"digest": "another"})
    moved = judge(changed(clean, arm, environment=elsewhere), "repeated-seed")
    assert moved.passed is None
    assert "different environment classes" in moved.note
    runs = tuple(one for one in clean.bundled if one.variant != arm)
    assert judge(replace(clean, bundled=runs), "repeated-seed").passed is None


def test_a_run_that_fails_the_second_time_fails_the_control(clean: Results) -> None:
    broken = changed(
        clean,
        f"{RUN}repeated-seed",
        status="failed",
        failure=Failure(kind="exception", message="once only"),
        result="else",
    )
    found = judge(broken, "repeated-seed")
    assert found.passed is False
    assert found.observed == "seed 0: completed, then failed"


def test_answers_to_blank_rows_must_be_one(clean: Results) -> None:
    logits = np.zeros((128, 2), dtype=np.float32)
    logits[3, 1] = 0.5
    arm = f"{RUN}blank-inputs"
    found = judge(answering(clean, arm, "logits/train@last", logits), "blank-inputs")
    assert found.passed is False
    assert found.observed == "answers to identical rows differ by 0.5 of a logit"


def lopsided(results: Results) -> Results:
    """Blank rows answered with odds of 5 to 1."""
    logits = np.tile(np.log(np.array([1, 5], dtype=np.float32)), (128, 1))
    return answering(results, f"{RUN}blank-inputs", "logits/train@last", logits)


@pytest.mark.parametrize(
    ("use", "params", "passed"),
    [
        ("torch.nn:CrossEntropyLoss", {}, False),
        ("mine:weighted", {"class_weights": [1, 5]}, True),
        ("mine:weighted", {"class_weights": [5, 1]}, False),
        ("torch.nn:CrossEntropyLoss", {"label_smoothing": 0.1}, False),
    ],
)
def test_declared_class_weights_are_allowed_for(
    clean: Results, use: str, params: dict[str, Any], passed: bool
) -> None:
    found = judge(with_loss(lopsided(clean), use, **params), "blank-inputs")
    assert found.passed is passed


def test_an_unknown_loss_is_not_judged_where_labels_are_unbalanced(
    clean: Results,
) -> None:
    labels = (np.arange(128) < 32).astype(np.int64)
    uneven = answering(lopsided(clean), f"{RUN}blank-inputs", "labels/train", labels)
    assert judge(with_loss(uneven, "mine:focal"), "blank-inputs").passed is None
    assert judge(with_loss(lopsided(clean), "mine:focal"), "blank-inputs").passed is (
        False
    )


def test_a_run_that_still_learns_is_not_judged(clean: Results) -> None:
    falling = {"train.objective": tuple(1 - 0.01 * epoch for epoch in range(60))}
    moving = changed(lopsided(clean), f"{RUN}blank-inputs", curves=falling)
    found = judge(moving, "blank-inputs")
    assert found.passed is None
    assert found.note == "the run was still far from its end"


def test_two_answers_to_one_row_fail_evaluation(clean: Results) -> None:
    arm = f"{RUN}evaluation-mode"
    outputs = clean.outputs(arm, 0, "test", "last")
    assert outputs is not None
    logits = outputs.logits.copy()
    logits[-1] += 0.5 * np.abs(logits).max()
    found = judge(answering(clean, arm, "logits/test@last", logits), "evaluation-mode")
    assert found.passed is False
    assert judge(clean, "evaluation-mode").passed is True


@pytest.mark.parametrize(
    ("kind", "arguments", "told"),
    [("Linear", "8, 2", True), ("Dropout", "p=0.1", False), ("LSTM", "dropout=0.2", 0)],
)
def test_a_model_without_modes_is_told(
    clean: Results, kind: str, arguments: str, told: bool
) -> None:
    row = ModuleRow(
        path="one",
        type=kind,
        arguments=arguments,
        parameters=0,
        input_shape=None,
        output_shape=None,
    )
    found = judge(
        changed(clean, f"{RUN}evaluation-mode", architecture=(row,)), "evaluation-mode"
    )
    assert ("no layer acts differently" in found.note) is bool(told)


def test_few_tokens_lift_what_shuffled_labels_may_reach() -> None:
    study = lone_study({"data": {"params": {"length": 2}}}, "shuffled-labels")
    results = trained(study)
    train = results.bundled[-1].record.data["train"]
    assert train.duplicates > 30, "rows of two tokens must meet again"
    found = judge(results, "shuffled-labels")
    assert found.passed is True
    accuracy = float(found.observed.split("accuracy ")[1].split(" (last")[0][-5:])
    assert accuracy > 0.61, "beyond the luck of rows that never meet again"
