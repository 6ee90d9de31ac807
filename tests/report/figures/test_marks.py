import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.report.figures.labels import DOT, place_labels
from reportgen.report.figures.marks import (
    fold_label,
    mean_curve,
    spread_labels,
    stack_seeds,
    stagger,
)
from reportgen.report.figures.style import SMALL, text_width

points = st.floats(0, 100)


def test_runs_of_unequal_length_are_stacked() -> None:
    series = {0: np.array([1.0, 2.0, 3.0]), 4: np.array([3.0, np.nan, np.nan])}
    stacked = stack_seeds(series)
    assert stacked.shape == (2, 3)
    assert mean_curve(stacked).tolist() == [2.0, 2.0, 3.0]


def test_epochs_that_no_run_reached_are_left_out() -> None:
    assert stack_seeds({0: np.array([1.0, np.nan])}).shape == (1, 1)
    assert stack_seeds({0: np.array([np.nan])}).shape == (1, 0)


@given(st.lists(points, min_size=1, max_size=6))
def test_labels_are_spread_in_order(places: list[float]) -> None:
    moved = spread_labels(places, 5.0)
    order = np.argsort(places, kind="stable")
    gaps = np.diff(np.array(moved)[order])
    assert np.all(gaps > 4.5)


def test_labels_far_apart_stay() -> None:
    assert spread_labels([0.0, 50.0, 20.0], 5.0) == [0.0, 50.0, 20.0]


@given(st.lists(st.tuples(points, points), min_size=1, max_size=12))
def test_placed_labels_cover_nothing(dots: list[tuple[float, float]]) -> None:
    sizes = [(20.0, 6.0)] * len(dots)
    placed = place_labels(dots, sizes, room=(100.0, 100.0))
    boxes = [(x, y - 3, x + 20, y + 3) for x, y in filter(None, placed)]
    for number, (left, low, right, high) in enumerate(boxes):
        assert left >= 0
        assert right <= 100
        for other in boxes[number + 1 :]:
            assert (
                right <= other[0]
                or other[2] <= left
                or (high <= other[1] or other[3] <= low)
            )
        for x, y in dots:
            inside = left < x + DOT and x - DOT < right
            near = low < y + DOT and y - DOT < high
            own = placed[dots.index((x, y))]
            assert not (inside and near) or own == (left, low + 3)


def test_a_lone_label_stands_right_of_its_dot() -> None:
    assert place_labels([(10.0, 10.0)], [(20.0, 6.0)], room=(100, 100)) == [(14, 10)]
    assert place_labels([(95.0, 10.0)], [(20.0, 6.0)], room=(100, 100)) == [(71, 10)]
    assert place_labels([(5.0, 5.0)], [(120.0, 6.0)], room=(100, 100)) == [None]


def test_dots_of_near_values_are_staggered() -> None:
    offsets = stagger([0.5, 0.501, 0.502], 1.0)
    assert len(set(offsets.tolist())) == 3
    assert np.abs(offsets).max() <= 1.0


def test_long_labels_fold_once() -> None:
    label = "embedding-frozen does not worsen test.hwa against baseline"
    assert fold_label(label, SMALL, room=9.0) == label
    first, second = fold_label(label, SMALL, room=1.0).split("\n")
    assert f"{first} {second}" == label
    assert fold_label("unbreakable-name", SMALL, room=0.1) == "unbreakable-name"


def test_text_width_grows_with_text_and_size() -> None:
    assert text_width("") == 0
    assert text_width("mm") == pytest.approx(2 * text_width("m"), rel=0.02)
    assert text_width("m", 15.0) == pytest.approx(2 * text_width("m", 7.5), rel=0.02)
