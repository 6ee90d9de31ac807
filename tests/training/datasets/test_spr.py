from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.errors import SettingError
from reportgen.training.data import Dataset, Split
from reportgen.training.datasets.spr import spr, variety

RULE = ["parity(■) == even", "first(▲) < first(●)"]


def make(**changes: Any) -> Dataset:
    given: dict[str, Any] = {
        "rows": {"train": 200, "dev": 61, "test": 80},
        "length": 12,
        "rule": RULE,
        "seed": 5,
    }
    return spr(**{**given, **changes})


def same(one: Split, other: Split) -> bool:
    return np.array_equal(one.inputs, other.inputs) and np.array_equal(
        one.labels, other.labels
    )


def test_classes_are_balanced_in_every_split() -> None:
    for split, expected in (("train", [100, 100]), ("dev", [31, 30])):
        assert np.bincount(make().splits[split].labels).tolist() == expected


def test_rows_come_shuffled() -> None:
    labels = make().splits["train"].labels
    assert 60 < (labels[1:] != labels[:-1]).sum() < 140


def test_labels_are_the_rules_answers() -> None:
    dataset = make()
    assert dataset.source is not None
    for split in dataset.splits.values():
        assert np.array_equal(dataset.source.label(split.inputs), split.labels)


def test_label_noise_flips_an_exact_share_of_both_classes() -> None:
    dataset = make(label_noise=0.2)
    train = dataset.splits["train"]
    assert train.oracle is not None
    assert dataset.source is not None
    assert np.array_equal(dataset.source.label(train.inputs), train.oracle)
    flipped = train.labels != train.oracle
    assert [flipped[train.oracle == label].sum() for label in (0, 1)] == [20, 20]
    assert np.bincount(train.labels).tolist() == [100, 100]


def test_seed_decides_the_rows() -> None:
    assert same(make().splits["train"], make().splits["train"])
    assert not same(make().splits["train"], make(seed=6).splits["train"])
    assert not same(
        make(rows={"train": 80, "dev": 80, "test": 80}).splits["train"],
        make(rows={"train": 80, "dev": 80, "test": 80}).splits["test"],
    )


def test_resizing_one_split_leaves_the_others() -> None:
    smaller = make(rows={"train": 50, "dev": 61, "test": 80})
    assert same(smaller.splits["test"], make().splits["test"])


def test_symbol_weights_shift_frequencies() -> None:
    inputs = make(weights={"◆": 5.0, "r": 0.0}).splits["train"].inputs
    shares = np.bincount(inputs[:, :, 0].ravel(), minlength=4) / inputs[:, :, 0].size
    assert shares[3] > 0.5
    assert not (inputs[:, :, 1] == 0).any()


def test_columns_count_distinct_symbols() -> None:
    train = make().splits["train"]
    for position, name in enumerate(("shape_variety", "colour_variety")):
        expected = [len(set(row)) for row in train.inputs[:, :, position].tolist()]
        assert train.columns[name].tolist() == expected


@given(st.lists(st.lists(st.integers(0, 3), min_size=5, max_size=5), min_size=1))
@settings(max_examples=50, deadline=None)
def test_variety_counts_distinct_codes(rows: list[list[int]]) -> None:
    assert variety(np.array(rows)).tolist() == [len(set(row)) for row in rows]


@pytest.mark.parametrize(
    ("changes", "path", "what"),
    [
        ({"rows": {"train": 10, "dev": 10}}, "rows", "test is missing"),
        (
            {"rows": {"train": 10, "dev": 10, "tset": 10, "test": 4}},
            "rows.tset",
            "there is no split 'tset'",
        ),
        ({"rows": {"train": 1, "dev": 9, "test": 9}}, "rows.train", "cannot hold"),
        ({"length": 0}, "length", "0 tokens make no row"),
        ({"label_noise": 0.5}, "label_noise", "no share of flips"),
        ({"weights": {"x": 1.0}}, "weights.x", "there is no symbol 'x'"),
        ({"weights": {"▲": -1.0}}, "weights.▲", "no relative frequency"),
        (
            {"weights": {"r": 0.0, "g": 0.0, "b": 0.0, "y": 0.0}},
            "weights",
            "no symbol of colour can be drawn",
        ),
        ({"rule": ["count(▲) >= 12"]}, "", "class 1 is too rare"),
        ({"rule": ["count(▲) <= 12"]}, "", "class 0 is too rare"),
    ],
)
def test_bad_setting_is_named(changes: dict[str, Any], path: str, what: str) -> None:
    small = {"rows": {"train": 10, "dev": 10, "test": 10}}
    with pytest.raises(SettingError, match=what) as caught:
        make(**{**small, **changes})
    assert caught.value.path == path
    assert caught.value.fix
