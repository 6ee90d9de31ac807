"""Detectors: results in, exploratory flags out; none of them is a verdict.

To add a detector, write one file in `detectors/` that defines a `Detector` and add one
line to its catalogue.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module

from reportgen.analysis.detectors import DETECTORS
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import DetectorResult, Interval
from reportgen.analysis.statistics.family import FALSE_DISCOVERY_RATE, bh_adjusted

# What a note says that was written for a flag that the correction then took back.
TAKEN_BACK = "no flag: among this many checks it may be chance"


@dataclass(frozen=True)
class Reading:
    """What a detector saw on one subject.

    Attributes:
        flag: its own rule; one with a p-value must also pass the false discovery rate.
        note: one sentence a reader can act on.
        interval: of what the statistic estimates; None where there can be none.
        no_interval: why there is none here, where the detector's own reason is not it.
        settled: the flag stands whatever the p-value says (a rule beside it fired).
        expected: the statistic that clean data would give, where that is known.
        declared: a spec makes this difference on purpose. What is sure to differ would
            raise the rate at which everything else is let through, so its p-value
            belongs to a family of its own.
    """

    subject: str
    flag: bool
    note: str
    statistic: float | None = None
    interval: Interval | None = None
    p: float | None = None
    n_used: int = 0
    settled: bool = False
    expected: float | None = None
    declared: bool = False
    no_interval: str = ""


@dataclass(frozen=True)
class Missing:
    """A subject that could not be checked, and why."""

    subject: str
    why: str


@dataclass(frozen=True)
class Detector:
    """One exploratory check, with its threshold and where that comes from.

    Attributes:
        false_positives: rate measured on clean data, in words.
        read: gives one reading or one reason per subject.
        no_interval: why its statistic has no interval; "" where it has one.
    """

    name: str
    title: str
    statistic_name: str
    threshold: str
    source: str
    false_positives: str
    read: Callable[[Results], Sequence[Reading | Missing]]
    no_interval: str = ""


def load_detector(name: str) -> Detector:
    """Load one detector of the catalogue."""
    module, _, attribute = DETECTORS[name].partition(":")
    detector: Detector = getattr(import_module(module), attribute)
    return detector


def run_detectors(results: Results) -> tuple[DetectorResult, ...]:
    """Run every detector; p-values share one false discovery rate.

    One that finds nothing to look at is told of as not checked.
    """
    idle = [Missing("study", "it has nothing that this could be asked of")]
    return settle(
        [
            (detector, reading)
            for detector in map(load_detector, DETECTORS)
            for reading in detector.read(results) or idle
        ]
    )


def settle(
    found: Sequence[tuple[Detector, Reading | Missing]],
) -> tuple[DetectorResult, ...]:
    """Word readings as results; of those with a p-value BH decides which flags stay."""
    finished = [_result(detector, reading) for detector, reading in found]
    shown = [reading for _, reading in found]
    for declared in (False, True):
        family = {
            place: reading
            for place, reading in enumerate(shown)
            if isinstance(reading, Reading)
            and reading.p is not None
            and reading.declared == declared
        }
        adjusted = bh_adjusted([one.p or 0.0 for one in family.values()])
        for (place, reading), p in zip(family.items(), adjusted, strict=True):
            flag = reading.flag and (reading.settled or p <= FALSE_DISCOVERY_RATE)
            update: dict[str, object] = {"p_adjusted": p, "flag": flag}
            if reading.flag and not flag:
                update["note"] = f"{reading.note}; {TAKEN_BACK}"
            finished[place] = finished[place].model_copy(update=update)
    return tuple(finished)


def _result(detector: Detector, reading: Reading | Missing) -> DetectorResult:
    missing = isinstance(reading, Missing)
    shown = (
        Reading(reading.subject, flag=False, note=f"not checked: {reading.why}")
        if isinstance(reading, Missing)
        else reading
    )
    return DetectorResult(
        id=detector.name,
        title=detector.title,
        subject=shown.subject,
        applicable=not missing,
        flag=shown.flag,
        statistic=shown.statistic,
        statistic_name=detector.statistic_name,
        expected=shown.expected,
        interval=shown.interval,
        no_interval=_no_interval(detector, reading),
        p=shown.p,
        threshold=detector.threshold,
        source=detector.source,
        false_positives=detector.false_positives,
        n_used=shown.n_used,
        note=shown.note,
    )


def _no_interval(detector: Detector, reading: Reading | Missing) -> str:
    """Why a check that was made tells no interval; "" where it tells one."""
    if isinstance(reading, Missing) or reading.interval is not None:
        return ""
    return reading.no_interval or detector.no_interval
