"""Near duplicates: planted ones are found, rows drawn alike are not."""

import numpy as np
import pytest
from scipy import stats

from reportgen.analysis.detector import Missing, Reading, load_detector
from reportgen.analysis.detectors.dup_near import (
    Repeats,
    compare,
)
from reportgen.analysis.rows.near import near_rows, reordered_rows
from reportgen.records import Array
from tests.analysis.factory import Bundle, make_results
from tests.analysis.planted import fed_rows, with_array


def read(bundle: Bundle) -> dict[str, Reading | Missing]:
    found = load_detector("dup_near").read(make_results(bundle))
    return {one.subject: one for one in found}


def near(train: Array, rows: Array) -> Repeats:
    return Repeats(near_rows(rows, train).found(), near_rows(train, train).found())


def reordered(train: Array, rows: Array) -> Repeats:
    return Repeats(reordered_rows(rows, train), reordered_rows(train, train))


def test_clean_rows_are_quiet(bundle: Bundle) -> None:
    found = read(bundle)
    assert list(found) == [
        *("dev", "dev, reordered", "test", "test, reordered"),
        *("ordering", "ordering, reordered"),
    ]
    assert not any(isinstance(one, Reading) and one.flag for one in found.values())


@pytest.mark.parametrize("change", ["one token", "turned", "reordered", "identical"])
def test_planted_copies_are_found(bundle: Bundle, change: str) -> None:
    test = fed_rows(bundle, "baseline", "test").copy()
    copies = fed_rows(bundle, "baseline", "train")[:60].copy()
    if change == "one token":
        copies[:, 5, 0] = (copies[:, 5, 0] + 1) % 4
    elif change == "turned":
        copies = np.roll(copies, 1, axis=1)
    elif change == "reordered":
        copies = copies[:, np.random.default_rng(1).permutation(12)]
    test[:60] = copies
    found = read(with_array(bundle, "inputs/test", test))
    nearly, moved = found["test"], found["test, reordered"]
    assert isinstance(nearly, Reading)
    assert isinstance(moved, Reading)
    # 12 tokens allow one edit; a turn by one place keeps nine of eleven runs.
    assert nearly.flag == (change in ("one token", "turned"))
    assert moved.flag == (change in ("turned", "reordered"))
    if nearly.flag:
        assert nearly.statistic == pytest.approx(60 / 400, abs=0.01)
        assert nearly.expected == pytest.approx(0, abs=0.01)


def test_what_is_as_common_within_training_is_no_surprise() -> None:
    """Half of all rows are variants of few patterns, in training and in test alike."""
    rng = np.random.default_rng(2)
    patterns = rng.integers(0, 8, (30, 12))

    def draw(rows: int) -> Array:
        drawn = rng.integers(0, 8, (rows, 12))
        held = rng.random(rows) < 0.5
        drawn[held] = patterns[rng.integers(0, 30, held.sum())]
        drawn[np.arange(rows), rng.integers(0, 12, rows)] = rng.integers(0, 8, rows)
        return drawn

    found = compare("test", near(draw(300), draw(400)), "are near")
    assert not found.flag
    assert found.statistic is not None
    assert found.statistic > 0.2
    assert found.expected == pytest.approx(found.statistic, abs=0.1)


def test_rows_drawn_alike_are_flagged_as_seldom_as_promised() -> None:
    """Rows so short that chance makes near and reordered ones common."""
    rng = np.random.default_rng(6)
    sets, flags = 40, 0
    for _ in range(sets):
        train, rows = rng.integers(0, 3, (300, 10)), rng.integers(0, 3, (300, 10))
        for repeats in (near(train, rows), reordered(train, rows)):
            found = compare("test", repeats, "")
            assert found.statistic
            flags += found.flag
    assert flags <= stats.binom.ppf(0.999, 2 * sets, 0.01)


def test_what_cannot_be_near_is_not_checked(bundle: Bundle) -> None:
    planted = bundle
    for name in ("train", "dev", "test", "ordering"):
        rows = fed_rows(bundle, "baseline", name)[:, :2]
        planted = with_array(planted, f"inputs/{name}", rows)
    found = read(planted)
    assert isinstance(found["test"], Missing)
    assert isinstance(found["test, reordered"], Reading)
    tiny = with_array(bundle, "inputs/train", fed_rows(bundle, "baseline", "train")[:1])
    assert all(isinstance(one, Missing) for one in read(tiny).values())
