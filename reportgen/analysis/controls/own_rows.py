"""Own rows: answers must fit the labels of their rows, not those of the rows beside.

Labels that slipped by a row, in the data or on the way to the scores, are found again
there: the answers fit the row before or after better than their own. Labels in any
other order fit nothing. That is told from a model that learnt nothing by the dev rows:
answers that fit the labels of those, and of the test rows hardly more than chance does,
stand in a wrong order. A model that fits neither says nothing of its rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import hypot, sqrt
from typing import Self

import numpy as np
import scipy

from reportgen.analysis.control import Control, share
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.evidence.votes import Votes, count_votes
from reportgen.analysis.findings.controls import ControlResult, Measure
from reportgen.records import Array

FAR = 3  # rows
LAGS = tuple(lag for lag in range(-FAR, FAR + 1) if lag)
SURPRISE = 1e-3  # of all arms, sets and lags together
LEFT = 0.5  # of what the dev rows show: less than that is nearly nothing
NEARLY = 0.01  # the level at which it is less


@dataclass(frozen=True)
class Fit:
    """How well an arm's answers fit its labels on a set, and those of other rows."""

    arm: str
    name: str
    votes: Votes

    @property
    def nearest(self) -> int:
        """Of the rows beside, the ones whose labels fit best."""
        return max(LAGS, key=lambda lag: float(self.votes.right(lag).mean()))

    def slipped(self, level: float) -> bool:
        """Whether the labels of rows beside fit better than those of its own."""
        right = self.votes.right()
        return any(
            _p(self.votes.right(lag) - right) < level / len(LAGS) for lag in LAGS
        )

    def keeps(self, level: float) -> bool:
        """Whether those of its own fit better than those of the rows beside."""
        return _p(self.gains) < level

    def lost(self, dev: Self, level: float) -> bool:
        """Whether nearly nothing is left here of how the answers fit the dev rows."""
        here, there = float(self.gains.mean()), float(dev.gains.mean())
        apart = hypot(_error(self.gains), _error(dev.gains))
        return (
            dev.keeps(level)
            and there - here > float(scipy.stats.norm.isf(level)) * apart
            and here + float(scipy.stats.norm.isf(NEARLY)) * _error(self.gains)
            < LEFT * there
        )

    @cached_property
    def gains(self) -> Array:
        """How much better each row's own label fits than those beside; (N,)."""
        beside = np.mean([self.votes.right(lag) for lag in LAGS], axis=0)
        gains: Array = self.votes.right() - beside
        return gains


def _judge(control: Control, results: Results) -> ControlResult:
    fits = list(_fits(results))
    if not fits:
        return control.unchecked("no predictions were kept")
    level = SURPRISE / len(fits)
    wrong = [one for one in fits if one.slipped(level)]
    if wrong:
        worst = max(wrong, key=lambda one: float(one.votes.right(one.nearest).mean()))
        which = ", ".join(dict.fromkeys(f"{one.name} of {one.arm}" for one in wrong))
        lag = abs(worst.nearest)
        way = "later" if worst.nearest > 0 else "earlier"
        return control.result(
            passed=False,
            observed=f"{{own}} of the labels of {worst.name} fit the answers of "
            f"{worst.arm}, {{beside}} of those {{lag}} row{'s' * (lag > 1)} {way}",
            note=f"labels do not stand in their rows: {which}",
            measures=(*_measures(worst, (worst.nearest,)), _slip(worst, lag)),
        )
    tests = [one for one in fits if one.name == "test"]
    best = max(tests or fits, key=lambda one: float(one.votes.right().mean()))
    observed = (
        f"{{own}} of the labels of {best.name} fit the answers of {best.arm}, "
        "{beside} on average of those up to "
        f"{FAR} rows away"
    )
    if not any(one.keeps(SURPRISE / len(tests)) for one in tests):
        lost = _lost(fits)
        if lost is not None:
            return _in_no_order(control, *lost)
        why = "no arm answers the test rows well enough to tell one from the next"
        return control.unchecked(why, observed, _measures(best, LAGS))
    measures = _measures(best, LAGS)
    return control.result(passed=True, observed=observed, measures=measures)


def _lost(fits: Sequence[Fit]) -> tuple[Fit, Fit] | None:
    """An arm's dev and test rows, of which it answers the first only."""
    level = SURPRISE / len(fits)
    return next(
        (
            (dev, test)
            for dev in fits
            for test in fits
            if (dev.name, test.name) == ("dev", "test")
            if dev.arm == test.arm and test.lost(dev, level)
        ),
        None,
    )


def _in_no_order(control: Control, dev: Fit, test: Fit) -> ControlResult:
    seen = [
        one.model_copy(update={"name": f"dev_{one.name}"})
        for one in _measures(dev, LAGS)
    ]
    return control.result(
        passed=False,
        observed=f"{{dev_own}} of the labels of dev fit the answers of {dev.arm}, "
        f"{{dev_beside}} on average of those up to {FAR} rows away; of test {{own}} "
        "and {beside}",
        note="labels and answers of the test rows fit hardly more than by chance, as "
        "if they stood in another order",
        measures=(*seen, *_measures(test, LAGS)),
    )


def _slip(fit: Fit, lag: int) -> Measure:
    return Measure(
        name="lag",
        value=lag,
        unit="rows",
        text=str(lag),
        formula="rows from an answer to the labels that it fits best",
        arms=(fit.arm,),
    )


def _measures(fit: Fit, lags: Sequence[int]) -> tuple[Measure, Measure]:
    own = float(fit.votes.right().mean())
    beside = float(np.mean([fit.votes.right(lag) for lag in lags]))
    where = ", ".join(f"{lag:+d}" for lag in lags)
    return (
        share("own", own, "mean share of runs right", fit.arm),
        share("beside", beside, f"the same, against labels {where} rows on", fit.arm),
    )


def _fits(results: Results) -> Iterator[Fit]:
    for arm in results.study_arms:
        for name in results.sets(arm):
            for votes in count_votes(results, arm, name):
                yield Fit(arm, name, votes)


def _error(gains: Array) -> float:
    """Standard error of the mean; 0 of a single row."""
    return float(gains.std(ddof=1)) / sqrt(len(gains)) if len(gains) > 1 else 0.0


def _p(gains: Array) -> float:
    """Of a mean above 0, one-sided, by Student's t over rows; (N,)."""
    error = _error(gains)
    mean = float(gains.mean())
    if error == 0:
        return 0.5 ** len(gains) if mean > 0 else 1.0  # all rows one way
    return float(scipy.stats.t.sf(mean / error, len(gains) - 1))


OWN_ROWS = Control(
    name="own-rows",
    title="labels in their rows",
    expected="answers fit the labels of their own rows, not those of rows beside",
    arm=None,
    judge=_judge,
)
