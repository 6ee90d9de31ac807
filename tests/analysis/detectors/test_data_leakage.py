"""Leakage: every item of the checklist fires on its fault, or says why it cannot."""

import numpy as np
import pytest
from scipy import stats

from reportgen.analysis.detector import Missing, Reading, load_detector
from reportgen.analysis.rows.leaks import order_leak, single_feature_auc
from tests.analysis.factory import Bundle, make_bundle, make_results, make_study
from tests.analysis.planted import copied, fed_rows, with_array

BASELINE = "baseline"


def checklist(bundle: Bundle) -> dict[str, Reading | Missing]:
    found = load_detector("leakage_process").read(make_results(bundle))
    return {one.subject: one for one in found}


def fired(bundle: Bundle) -> list[str]:
    return [
        subject
        for subject, one in checklist(bundle).items()
        if isinstance(one, Reading) and one.flag
    ]


def test_a_clean_study_fires_nothing_and_says_what_it_cannot_see(
    bundle: Bundle,
) -> None:
    found = checklist(bundle)
    assert fired(bundle) == []
    unknown = [name for name, one in found.items() if isinstance(one, Missing)]
    assert unknown == ["L3.1 order in time", "L3.2 groups", "L3.3 population"]
    assert [name.split()[0] for name in found] == [
        *("L1.1", "L1.2", "L1.2", "L1.3", "L1.4"),
        *("L2", "L2", "L2", "L2", "L3.1", "L3.2", "L3.3"),
    ]


def test_test_rows_that_are_the_training_rows(bundle: Bundle) -> None:
    same = fed_rows(bundle, BASELINE, "dev")
    planted = with_array(bundle, "inputs/test", same, {"bilstm"})
    labels = np.arange(len(same)) % 2
    planted = with_array(planted, "labels/test", labels, {"bilstm"})
    found = checklist(planted)["L1.1 separate test rows"]
    assert isinstance(found, Reading)
    assert found.flag
    assert found.note.endswith("share rows in bilstm")


def test_symbols_that_training_never_shows(bundle: Bundle) -> None:
    test = fed_rows(bundle, BASELINE, "test").copy()
    test[3, 4, 1] = 4
    assert fired(with_array(bundle, "inputs/test", test)) == ["L1.2 vocabulary"]


def test_duplicates(bundle: Bundle) -> None:
    assert fired(copied(bundle, 5)) == ["L1.4 duplicates"]
    assert fired(copied(bundle, 4)) == []


def test_a_feature_that_is_the_label(bundle: Bundle) -> None:
    train = fed_rows(bundle, BASELINE, "train").copy()
    train[:, 7, 0] = np.arange(300) % 2
    assert fired(with_array(bundle, "inputs/train", train)) == [
        "L2 single feature, train"
    ]


def test_a_step_of_one_arm_that_writes_the_label_into_its_rows(bundle: Bundle) -> None:
    """Its labels and columns are the baseline's: such rows count as recoded."""
    train = fed_rows(bundle, BASELINE, "train").copy()
    train[:, 7, 0] = np.arange(300) % 2
    assert fired(with_array(bundle, "inputs/train", train, {"bilstm"})) == [
        "L2 single feature, bilstm: train"
    ]


def test_rows_sorted_by_label(bundle: Bundle) -> None:
    labels = np.sort(np.arange(300) % 2)
    assert fired(with_array(bundle, "labels/train", labels)) == [
        "L2 place in the file, train"
    ]


def test_code_of_the_author_is_not_vouched_for() -> None:
    data = {
        "use": "my.module:rows",
        "params": {},
        "transforms": [{"use": "my.steps:scale", "params": {}}],
        "shifts": {},
    }
    study = make_study(data=data, variants={}, claims={})
    found = checklist(make_bundle(study))
    for name in ("L1.2 steps fitted to rows", "L1.3 selected features"):
        one = found[name]
        assert isinstance(one, Missing)
        assert one.why == "what my.module:rows, my.steps:scale reads cannot be seen"


@pytest.mark.parametrize(
    ("column", "train", "test", "subject"),
    [
        ("time", 300, 500, "L3.1 order in time"),
        ("group", 0, 250, "L3.2 groups"),
    ],
)
def test_rows_that_carry_times_or_groups(
    bundle: Bundle, column: str, train: int, test: int, subject: str
) -> None:
    def planted(start: int) -> Reading | Missing:
        arrays = dict(bundle.arrays)
        runs = []
        for one in bundle.runs:
            digests = dict(one.record.arrays)
            for name, first in (("train", train), ("test", start)):
                if f"inputs/{name}" in digests:
                    key = f"columns/{name}/{column}"
                    arrays[key] = np.arange(first, first + 300)
                    digests[key] = key
            record = one.record.model_copy(update={"arrays": digests})
            runs.append(one.model_copy(update={"record": record}))
        return checklist(Bundle(bundle.study, tuple(runs), arrays))[subject]

    shared, apart = planted(test), planted(train + 300)
    assert isinstance(shared, Reading)
    assert shared.flag
    assert isinstance(apart, Reading)
    assert not apart.flag


def test_the_best_feature_counts_in_either_direction() -> None:
    labels = np.array([0, 0, 1, 1, 2, 2])
    features = np.column_stack([np.zeros(6), [5, 6, 3, 4, 1, 2], [1, 2, 3, 1, 2, 3]])
    assert single_feature_auc(features, labels) == 1.0
    assert single_feature_auc(features[:, :1], labels) == 0.5
    low_in_the_middle = np.array([[9, 8, 1, 2, 9, 8]]).T
    assert single_feature_auc(low_in_the_middle, labels) == 1.0
    auc = single_feature_auc(features[:, 2:], labels == 0)
    # Of the eight pairs five are ordered up, two tied and one ordered down.
    assert auc == pytest.approx((5 + 0.5 * 2) / 8)


def test_place_in_the_file_is_flagged_as_seldom_as_promised() -> None:
    rng = np.random.default_rng(9)
    repeats = 300
    flags = 0
    for _ in range(repeats):
        auc, p = order_leak(rng.integers(0, 3, 150))
        flags += p < 0.01 and abs(auc - 0.5) > 0.05
    assert flags <= stats.binom.ppf(0.999, repeats, 0.01)
    auc, p = order_leak(np.sort(rng.integers(0, 3, 150)))
    assert p < 1e-6
    assert abs(auc - 0.5) > 0.4
