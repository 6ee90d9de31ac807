"""What chance allows, against all orders of the labels written out."""

from itertools import permutations

import numpy as np
import pytest

from reportgen.analysis.evidence.votes import Votes

LABELS = np.array([0, 1, 1, 0, 2, 1])
SHARES = np.array(
    [[1, 0, 0], [0.5, 0.5, 0], [0, 1, 0], [0.5, 0, 0.5], [0, 0, 1], [0.5, 0.5, 0]]
)
VOTES = Votes(SHARES, LABELS, runs=2)


def test_chance_and_luck_are_those_of_all_orders_of_the_labels() -> None:
    scores = [
        SHARES[np.arange(6), np.array(order)].mean() for order in permutations(LABELS)
    ]
    assert VOTES.chance == pytest.approx(np.mean(scores))
    assert VOTES.luck == pytest.approx(np.std(scores))


def test_answers_that_never_change_have_no_luck() -> None:
    same = Votes(np.tile([0.0, 1.0, 0.0], (6, 1)), LABELS, runs=1)
    assert same.luck == 0
    assert same.chance == same.majority == 0.5


def test_a_lag_looks_at_the_rows_further_on() -> None:
    shown = np.eye(3)[np.roll(LABELS, -1)]  # each row has the answer to the next
    assert Votes(shown, LABELS, runs=1).right(1).tolist() == [1.0] * 6
    assert VOTES.right().tolist() == [1, 0.5, 1, 0.5, 1, 0.5]
