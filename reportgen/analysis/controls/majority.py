"""Majority: some arm must beat the most frequent class, or nothing could be seen.

An arm beats it where its runs together are right more often than always naming that
class, and more often than chance allows: by chance, every order of the test labels is
as likely as theirs. The level is shared among the arms. Where no arm does, the study
fails only if its test rows could have shown it: an arm halfway from the most frequent
class to what label noise leaves attainable would nearly always have passed. Otherwise
nothing is known, and the control says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import scipy

from reportgen.analysis.control import Control, share
from reportgen.analysis.evidence.noise import label_noise
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.evidence.votes import Votes, count_votes
from reportgen.analysis.findings.controls import ControlResult

LEVEL = 0.01  # of all arms together
POWER = 0.99  # of an arm halfway to the attainable


@dataclass(frozen=True)
class Standing:
    """Where an arm stands on the test rows; all but `rows` are shares."""

    arm: str
    right: float
    majority: float
    chance: float
    luck: float  # standard deviation of `right` by chance
    attainable: float
    rows: int

    def beats_majority(self, level: float) -> bool:
        """Whether it is right more often than the class, and not by chance."""
        if self.right <= self.majority or self.luck == 0:
            return False
        z = (self.right - self.chance) / self.luck
        return float(scipy.stats.norm.sf(z)) < level

    def could_show(self, level: float) -> bool:
        """Whether these rows would show an arm halfway to the attainable."""
        middle = (self.majority + self.attainable) / 2
        by_chance = sqrt(self.majority * (1 - self.majority) / self.rows)
        there = sqrt(middle * (1 - middle) / self.rows)
        reach = (
            scipy.stats.norm.isf(level) * by_chance
            + scipy.stats.norm.ppf(POWER) * there
        )
        return bool(middle - self.majority >= reach)


def _judge(control: Control, results: Results) -> ControlResult:
    found = list(_standings(results))
    if not found:
        return control.unchecked("no predictions were kept")
    level = LEVEL / len(found)
    leader = max(found, key=lambda one: one.right - one.majority)
    arms = tuple(one.arm for one in found)
    measures = (
        share("majority", leader.majority, "most frequent test label", leader.arm),
        share("best", leader.right, "mean test accuracy of the best arm", *arms),
        share("chance", leader.chance, "mean over all orders of labels", leader.arm),
        share("luck", leader.luck, "SD over all orders of the labels", leader.arm),
    )
    observed = f"majority class {{majority}}, best arm {{best}} ({leader.arm})"
    chance = "by chance it would be right in {chance}, give or take {luck}"
    if any(one.beats_majority(level) for one in found):
        return control.result(
            passed=True, observed=observed, note=chance, measures=measures
        )
    if not any(one.could_show(level) for one in found):
        why = f"{chance}; these rows are too few to tell halfway learnt from that"
        return control.unchecked(why, observed, measures)
    note = f"{chance}; a null result means nothing where no arm learnt anything"
    return control.result(passed=False, observed=observed, note=note, measures=measures)


def _standings(results: Results) -> Iterator[Standing]:
    for arm in results.study_arms:
        votes = count_votes(results, arm, "test")
        if votes:
            yield standing(arm, votes, 1 - label_noise(results.study, arm))


def standing(arm: str, votes: Sequence[Votes], attainable: float) -> Standing:
    """Where an arm stands; seeds with rows of their own count by their number.

    Args:
        arm: its name.
        votes: on its test rows, at least one.
        attainable: the share right that label noise leaves.
    """
    weights = np.array([one.runs for one in votes]) / sum(one.runs for one in votes)

    def mean(values: Sequence[float]) -> float:
        return float(weights @ np.array(values))

    lucks = np.array([one.luck for one in votes])
    return Standing(
        arm=arm,
        right=mean([float(one.right().mean()) for one in votes]),
        majority=mean([one.majority for one in votes]),
        chance=mean([one.chance for one in votes]),
        luck=sqrt(float(((weights * lucks) ** 2).sum())),
        attainable=attainable,
        rows=len(votes[0].labels),
    )


MAJORITY = Control(
    name="majority",
    title="majority class",
    expected="at least one arm beats the most frequent class on the test rows",
    arm=None,
    judge=_judge,
)
