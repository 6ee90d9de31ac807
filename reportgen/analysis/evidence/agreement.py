"""How alike two models answer: answers on the same rows in, agreement out.

Source: Cohen (1960), Educ. Psychol. Meas. 20:37 (kappa).
"""

from collections.abc import Sequence

import numpy as np

from reportgen.analysis.evidence.arm_values import majority_gains
from reportgen.analysis.evidence.pairs import Side
from reportgen.analysis.evidence.results import Results, row_identity
from reportgen.analysis.statistics.estimate import Sample, estimate
from reportgen.records import Array

Pair = tuple[Array, Array]


def answer_pairs(results: Results, one: Side, other: Side) -> list[Pair]:
    """Classes that two arms name on the same rows, one pair for each seed of both."""
    found = []
    for seed in results.seeds(one.arm):
        records = [results.record(side.arm, seed) for side in (one, other)]
        answers = [
            results.outputs(side.arm, seed, side.evaluation_set, side.rule)
            for side in (one, other)
        ]
        identities = {
            row_identity(record, side.evaluation_set)
            for record, side in zip(records, (one, other), strict=True)
            if record is not None
        }
        first, second = answers
        if first is not None and second is not None and len(identities) == 1:
            found.append((first.predictions, second.predictions))
    return found


def agreement(pairs: Sequence[Pair]) -> float:
    """Share of rows with one answer, averaged over pairs of runs."""
    return float(np.mean([np.mean(first == second) for first, second in pairs]))


def kappa(pairs: Sequence[Pair]) -> float | None:
    """Agreement beyond chance, averaged over pairs; None where answers never vary."""
    found = []
    for first, second in pairs:
        classes = int(max(first.max(), second.max())) + 1
        shares = [
            np.bincount(one, minlength=classes) / len(one) for one in (first, second)
        ]
        chance = float(shares[0] @ shares[1])
        if chance < 1:
            found.append((float(np.mean(first == second)) - chance) / (1 - chance))
    return float(np.mean(found)) if found else None


def beats_majority(results: Results, arm: str, evaluation_set: str) -> bool:
    """Whether an arm's accuracy is shown to exceed that of the most frequent class."""
    rows = majority_gains(results, arm, evaluation_set)
    if len(rows) < 2 or len({len(one) for one in rows}) > 1:
        return False
    gains = np.stack(rows)
    found = estimate(Sample(gains.mean(axis=1), gains))
    return found.interval(0.95)[0] > 0 if found.determined else found.mean > 0
