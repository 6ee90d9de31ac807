"""Simulated studies: what their arms learnt in, how the majority control judges out.

Rows are harder or easier for all runs of all arms: half of the variance of an answer is
its row's. The two labels are drawn evenly, so the most frequent one lies above half by
luck, and label noise lowers what is attainable.
"""

from itertools import product
from math import sqrt

import numpy as np
from numpy.random import Generator
from scipy import stats

from reportgen.analysis.controls.majority import LEVEL, Standing, standing
from reportgen.analysis.evidence.votes import Votes
from reportgen.analysis.measured.planted import Learners
from reportgen.records import Array

REPEATS = 400
LEARNT = (0.0, 0.25, 0.5, 1.0)
NOISES = (0.0, 0.2)
ROWS = (50, 200, 1000)
SIZES = ((1, 1), (2, 3), (10, 5))  # arms, seeds
ROW = sqrt(0.5)


def measure_learners() -> tuple[Learners, ...]:
    """Judge studies of every kind."""
    found = []
    for place, (learnt, noise, rows, size) in enumerate(
        product(LEARNT, NOISES, ROWS, SIZES)
    ):
        rng = np.random.default_rng((place, 7))
        states = [_judged(rng, learnt, noise, rows, *size) for _ in range(REPEATS)]
        arms, seeds = size
        found.append(
            Learners(
                learnt=learnt,
                noise=noise,
                rows=rows,
                arms=arms,
                seeds=seeds,
                repeats=REPEATS,
                passed=states.count(True) / REPEATS,
                failed=states.count(False) / REPEATS,
            )
        )
    return tuple(found)


def _judged(
    rng: Generator, learnt: float, noise: float, rows: int, arms: int, seeds: int
) -> bool | None:
    """What the control says of one study; None where it cannot tell."""
    labels = rng.integers(0, 2, rows)
    accuracy = 0.5 + learnt * (0.5 - noise)
    hard = rng.standard_normal(rows)
    level = LEVEL / arms
    found = [
        standing(str(arm), [_votes(rng, labels, accuracy, hard, seeds)], 1 - noise)
        for arm in range(arms)
    ]
    return _verdict(found, level)


def _verdict(found: list[Standing], level: float) -> bool | None:
    if any(one.beats_majority(level) for one in found):
        return True
    return False if any(one.could_show(level) for one in found) else None


def _votes(
    rng: Generator, labels: Array, accuracy: float, hard: Array, seeds: int
) -> Votes:
    own = rng.standard_normal((seeds, len(labels)))
    ease = ROW * hard + sqrt(1 - ROW**2) * own
    right = stats.norm.cdf(ease) < accuracy  # (R, N)
    said = np.where(right, labels, 1 - labels)
    shares = np.stack([(said == label).mean(axis=0) for label in (0, 1)], axis=1)
    return Votes(shares, labels, seeds)
