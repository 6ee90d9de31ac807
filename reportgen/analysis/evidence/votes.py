"""Votes: an arm's answers on a set in, by row the share of runs naming each class out.

With them, chance is known without a model of the answers: where they tell nothing of
the labels, every order of the labels is as likely as theirs.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from reportgen.analysis.evidence.results import Results
from reportgen.records import Array


@dataclass(frozen=True)
class Votes:
    """The answers of runs that were asked of the same rows.

    Attributes:
        shares: (N, K), of the runs that name each class.
        labels: (N,).
        runs: how many there are.
    """

    shares: Array
    labels: Array
    runs: int

    def right(self, lag: int = 0) -> Array:
        """Share of runs that name the label of the row `lag` further on; (N,)."""
        rows = np.arange(len(self.labels))
        found: Array = self.shares[rows, np.roll(self.labels, -lag)]
        return found

    @property
    def majority(self) -> float:
        """Share of the most frequent label."""
        return float(np.bincount(self.labels).max() / len(self.labels))

    @property
    def chance(self) -> float:
        """Mean share right over all orders of the labels."""
        return float(self.shares.mean(axis=0) @ self._frequencies)

    @property
    def luck(self) -> float:
        """Standard deviation of the share right over all orders of the labels.

        Source: Hoeffding (1951), A combinatorial central limit theorem.
        """
        rows, shares, of = len(self.labels), self.shares, self._frequencies
        if rows < 2:
            return 0.0
        apart = shares - (shares @ of)[:, None] - shares.mean(axis=0) + self.chance
        return sqrt(float((apart**2 @ of).sum()) / (rows - 1) / rows)

    @property
    def _frequencies(self) -> Array:
        """Share of each class among the labels; (K,)."""
        counts = np.bincount(self.labels, minlength=self.shares.shape[1])
        frequencies: Array = counts / len(self.labels)
        return frequencies


def count_votes(results: Results, arm: str, name: str) -> tuple[Votes, ...]:
    """The votes of an arm's runs on an evaluation set, by the rows they were asked of.

    Seeds that draw their own rows give votes of one run each; runs without answers
    give none.
    """
    groups: dict[bytes, list[Array]] = {}
    labels: dict[bytes, Array] = {}
    for seed in results.seeds(arm):
        outputs = results.outputs(arm, seed, name, results.selected(arm))
        if outputs is None:
            continue
        rows = outputs.labels.tobytes()
        labels[rows] = outputs.labels
        classes = np.arange(outputs.logits.shape[1])
        groups.setdefault(rows, []).append(outputs.predictions[:, None] == classes)
    return tuple(
        Votes(np.mean(found, axis=0), labels[rows], len(found))
        for rows, found in groups.items()
    )
