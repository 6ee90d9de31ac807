"""What each transform changes and what it keeps, measured on the rows."""

from collections import Counter
from typing import Any

import numpy as np
import pytest

from reportgen.errors import SettingError
from reportgen.training.components import load_target
from reportgen.training.data import Dataset, Split
from reportgen.training.datasets.spr import spr
from reportgen.training.transforms import TRANSFORMS

SETTINGS: dict[str, dict[str, Any]] = {
    "hide_channel": {"channel": "shape"},
    "shuffle_tokens": {},
    "reweight_symbols": {"weights": {"▲": 4.0}},
    "sort_blocks": {"size": 3},
    "tokenize": {"scheme": "joint"},
    "shuffle_labels": {},
    "keep_rows": {"rows": 20},
    "repeat_rows": {"rows": 3, "times": 2},
    "blank_tokens": {},
}
DATASET: Dataset = spr(
    rows={"train": 120, "dev": 20, "test": 20},
    length=9,
    rule=["count(▲) >= 2", "first(▲) < first(●)"],
    seed=2,
    label_noise=0.1,
)
TRAIN = DATASET.splits["train"]


def apply(name: str, split: Split = TRAIN, *, seed: int = 0, **changes: Any) -> Split:
    transform = load_target(TRANSFORMS[name])(**{**SETTINGS[name], **changes})
    changed = transform(split, source=DATASET.source, rng=np.random.default_rng(seed))
    assert isinstance(changed, Split)
    return changed


@pytest.mark.parametrize("name", TRANSFORMS)
def test_contract(name: str) -> None:
    before = TRAIN.inputs.copy(), TRAIN.labels.copy()
    once, again = apply(name), apply(name)
    assert np.array_equal(TRAIN.inputs, before[0]), "it changed the split it was given"
    assert np.array_equal(TRAIN.labels, before[1]), "it changed the split it was given"
    assert np.array_equal(once.inputs, again.inputs), "same rng, other rows"
    assert np.array_equal(once.labels, again.labels), "same rng, other labels"
    assert once.inputs.dtype == np.int64
    assert len(once.channels) == once.inputs.shape[2]
    assert set(once.columns) == set(TRAIN.columns)
    assert all(len(column) == len(once) for column in once.columns.values())
    transform = load_target(TRANSFORMS[name])(**SETTINGS[name])
    assert transform.changes
    assert transform.keeps


def test_hidden_channel_shows_one_symbol() -> None:
    hidden = apply("hide_channel")
    assert hidden.channels[0].symbols == ("·",)
    assert not hidden.inputs[:, :, 0].any()
    assert np.array_equal(hidden.inputs[:, :, 1], TRAIN.inputs[:, :, 1])
    with pytest.raises(SettingError, match="there is no channel 'form'"):
        apply("hide_channel", channel="form")


def test_shuffled_rows_keep_their_tokens() -> None:
    shuffled = apply("shuffle_tokens")
    assert not np.array_equal(shuffled.inputs, TRAIN.inputs)
    for before, after in zip(TRAIN.inputs, shuffled.inputs, strict=True):
        tokens = [Counter(map(tuple, row.tolist())) for row in (before, after)]
        assert tokens[0] == tokens[1]
    assert np.array_equal(shuffled.labels, TRAIN.labels)


def test_rows_are_shuffled_each_in_its_own_way() -> None:
    position = np.arange(9) * np.ones((120, 1), dtype=int)
    marked = Split(position[:, :, None], TRAIN.labels, TRAIN.channels[:1])
    order = apply("shuffle_tokens", marked).inputs[:, :, 0]
    assert len({tuple(row) for row in order.tolist()}) > 100


def test_reweighted_rows_are_new_balanced_and_labelled_by_the_rule() -> None:
    moved = apply("reweight_symbols")
    share = [(one.inputs[:, :, 0] == 0).mean() for one in (TRAIN, moved)]
    assert share[1] > share[0] + 0.1
    assert np.bincount(moved.labels).tolist() == [60, 60]
    assert DATASET.source is not None
    assert moved.oracle is not None
    assert np.array_equal(DATASET.source.label(moved.inputs), moved.oracle)
    assert (moved.oracle != moved.labels).sum() == 12
    with pytest.raises(SettingError, match="there is no symbol") as caught:
        apply("reweight_symbols", weights={"△": 1.0})
    assert caught.value.path == "weights.△"


def test_blocks_are_sorted_and_labelled_by_the_rule() -> None:
    moved = apply("sort_blocks")
    rank = moved.inputs[:, :, 0] * 4 + moved.inputs[:, :, 1]
    blocks = rank.reshape(120, 3, 3)
    assert (np.diff(blocks, axis=2) >= 0).all()
    assert (np.diff(rank, axis=1) < 0).any()
    assert np.bincount(moved.labels).tolist() == [60, 60]
    assert DATASET.source is not None
    assert moved.oracle is not None
    assert np.array_equal(DATASET.source.label(moved.inputs), moved.oracle)
    with pytest.raises(SettingError, match="a block of 1 has nothing to sort"):
        apply("sort_blocks", size=1)


def test_short_last_block_is_sorted_too() -> None:
    rank = (lambda i: i[:, :, 0] * 4 + i[:, :, 1])(apply("sort_blocks", size=7).inputs)
    assert (np.diff(rank[:, :7], axis=1) >= 0).all()
    assert (np.diff(rank[:, 7:], axis=1) >= 0).all()


@pytest.mark.parametrize("name", ["reweight_symbols", "sort_blocks"])
def test_redrawing_needs_a_source(name: str) -> None:
    transform = load_target(TRANSFORMS[name])(**SETTINGS[name])
    with pytest.raises(SettingError, match=f"{name} draws new rows"):
        transform(TRAIN, source=None, rng=np.random.default_rng(0))


def test_joint_tokens_can_be_taken_apart() -> None:
    joint = apply("tokenize", scheme="joint")
    symbols = joint.channels[0].symbols
    assert symbols[:5] == ("▲r", "▲g", "▲b", "▲y", "■r")
    for row, codes in zip(TRAIN.inputs, joint.inputs[:, :, 0], strict=True):
        spelt = [
            TRAIN.channels[0].symbols[shape] + TRAIN.channels[1].symbols[colour]
            for shape, colour in row
        ]
        assert [symbols[code] for code in codes] == spelt


def test_split_tokens_alternate_between_channels() -> None:
    split = apply("tokenize", scheme="split")
    assert split.inputs.shape == (120, 18, 1)
    assert np.array_equal(split.inputs[:, 0::2, 0], TRAIN.inputs[:, :, 0])
    assert np.array_equal(split.inputs[:, 1::2, 0], TRAIN.inputs[:, :, 1] + 4)
    assert split.channels[0].symbols[4:] == TRAIN.channels[1].symbols


def test_factored_tokens_are_as_drawn() -> None:
    assert np.array_equal(apply("tokenize", scheme="factored").inputs, TRAIN.inputs)
    with pytest.raises(SettingError, match="there is no scheme 'bytes'"):
        apply("tokenize", scheme="bytes")


def test_shuffled_labels_leave_inputs_and_counts() -> None:
    shuffled = apply("shuffle_labels")
    assert np.array_equal(shuffled.inputs, TRAIN.inputs)
    assert np.bincount(shuffled.labels).tolist() == np.bincount(TRAIN.labels).tolist()
    assert not np.array_equal(shuffled.labels, TRAIN.labels)
    assert 0.3 < (shuffled.labels == TRAIN.labels).mean() < 0.7


def test_a_row_in_two_splits_gets_one_shuffled_label() -> None:
    rng = np.random.default_rng(8)
    other = TRAIN.take(rng.permutation(len(TRAIN))[:100])
    here, there = apply("shuffle_labels"), apply("shuffle_labels", other, seed=1)
    known = {
        row.tobytes(): label
        for row, label in zip(here.inputs, here.labels, strict=True)
    }
    told = [known[row.tobytes()] for row in there.inputs]
    # The border between the labels moves a little with the rows drawn.
    assert np.mean(there.labels == told) > 0.9


def test_repeated_rows_follow_the_split() -> None:
    longer = apply("repeat_rows")
    assert np.array_equal(longer.inputs[:120], TRAIN.inputs)
    assert np.array_equal(longer.inputs[120:], TRAIN.inputs[[0, 0, 1, 1, 2, 2]])
    assert np.array_equal(longer.labels[120:], TRAIN.labels[[0, 0, 1, 1, 2, 2]])
    assert len(apply("repeat_rows", TRAIN.take(np.arange(2)))) == 6
    with pytest.raises(SettingError, match="cannot repeat with times at 0"):
        apply("repeat_rows", times=0)


def test_blank_rows_are_all_alike() -> None:
    blank = apply("blank_tokens")
    assert not blank.inputs.any()
    assert blank.channels == TRAIN.channels
    assert np.array_equal(blank.labels, TRAIN.labels)


def test_kept_rows_are_the_first() -> None:
    kept = apply("keep_rows")
    assert np.array_equal(kept.inputs, TRAIN.inputs[:20])
    assert np.array_equal(
        kept.columns["shape_variety"], TRAIN.columns["shape_variety"][:20]
    )
    with pytest.raises(SettingError, match="cannot keep 121 of 120 rows"):
        apply("keep_rows", rows=121)
    assert len(apply("keep_rows", rows=121, or_all=True)) == 120
    assert len(apply("keep_rows", rows=20, or_all=True)) == 20
