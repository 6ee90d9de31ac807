"""Clean rows: those that no training split holds, alike in all arms that share them."""

import numpy as np
import pytest

from reportgen.analysis.evidence.results import row_identity
from reportgen.analysis.rows.clean import unseen
from reportgen.spec.model import BASELINE
from tests.analysis.factory import Bundle, make_results
from tests.analysis.planted import copied, fed_rows, with_array


def test_rows_of_a_training_split_are_not_clean() -> None:
    train = np.arange(24).reshape(4, 3, 2)
    rows = np.concatenate([train[2:3], train[:1] + 100, train[1:2, ::-1]])
    assert unseen(rows, [train]).tolist() == [False, True, True]
    assert unseen(rows, [train[:2], train[3:]]).all()
    assert unseen(rows, [train[:, :2]]).all()


@pytest.mark.parametrize("dtype", [np.int8, np.int64])
def test_equal_codes_are_equal_whatever_their_width(dtype: type) -> None:
    train = np.arange(24).reshape(4, 3, 2)
    assert not unseen(train.astype(dtype), [train]).any()


def test_scores_and_outputs_leave_copied_rows_out(bundle: Bundle) -> None:
    results = make_results(copied(bundle, 40))
    whole = results.outputs("bilstm", 1, "test", "best")
    clean = results.outputs("bilstm", 1, "test-clean", "best")
    assert whole is not None
    assert clean is not None
    assert np.array_equal(clean.logits, whole.logits[40:])
    assert np.array_equal(clean.labels, whole.labels[40:])
    assert clean.columns.keys() == whole.columns.keys()
    for name, values in whole.columns.items():
        assert np.array_equal(clean.columns[name], values[40:])
    score = results.score("bilstm", 1, "test-clean.accuracy", "best")
    assert score == pytest.approx(float(whole.correct[40:].mean()))
    blank = results.unanswered("dropout", "test-clean")
    assert blank is not None
    assert len(blank.labels) == 360


def test_failed_runs_have_no_score_on_clean_rows(bundle: Bundle) -> None:
    results = make_results(copied(bundle, 40))
    assert results.score("dropout", 3, "test-clean.accuracy", "best") is None


def test_what_one_arm_was_fed_is_clean_for_none(bundle: Bundle) -> None:
    """An arm trained on test rows must not be compared on them with one that is not."""
    train = fed_rows(bundle, BASELINE, "train").copy()
    train[:30] = fed_rows(bundle, BASELINE, "test")[:30]
    results = make_results(with_array(bundle, "inputs/train", train, {"bilstm"}))
    for arm in (BASELINE, "bilstm"):
        mask = results.clean_mask(arm)
        assert mask is not None
        assert not mask[:30].any()
        assert mask[30:].all()


def test_an_arm_that_blurs_its_rows_costs_the_others_none(bundle: Bundle) -> None:
    """Rows that collide once a channel is hidden are no leak."""
    blurred = bundle
    for name in ("train", "test"):
        hidden = np.zeros_like(fed_rows(bundle, BASELINE, name))
        blurred = with_array(blurred, f"inputs/{name}", hidden, {"bilstm"})
    results = make_results(blurred)
    for arm in (BASELINE, "bilstm"):
        mask = results.clean_mask(arm)
        assert mask is not None
        assert mask.all()


def test_clean_rows_are_the_same_rows_where_test_rows_are(bundle: Bundle) -> None:
    ended = [one.record for one in bundle.runs if one.record.status == "completed"]
    first, second = ended[:2]
    assert row_identity(first, "test-clean") == row_identity(second, "test")


def test_no_clean_row_means_no_answer(bundle: Bundle) -> None:
    rows = len(fed_rows(bundle, BASELINE, "test"))
    train = np.concatenate(
        [fed_rows(bundle, BASELINE, "train"), fed_rows(bundle, BASELINE, "test")]
    )
    results = make_results(with_array(bundle, "inputs/train", train))
    mask = results.clean_mask(BASELINE)
    assert mask is not None
    assert mask.sum() == 0
    assert len(mask) == rows
    assert results.outputs(BASELINE, 1, "test-clean", "best") is None
    assert results.score(BASELINE, 1, "test-clean.accuracy", "best") is None
