"""Plant mistakes in small studies, and none in others; who sees them, and who errs.

Trains a perceptron and an LSTM, with and without noisy labels, for real. Prints who saw
what, and how often a control fails where nothing is wrong; `--write` keeps it for the
reports. Minutes on one core each.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from multiprocessing import get_context
from typing import NamedTuple

import pytest

from benchmarks.learners import measure_learners
from reportgen.analysis.control import judge_controls
from reportgen.analysis.detector import run_detectors
from reportgen.analysis.measured.planted import (
    FILE,
    CleanStudies,
    Planted,
    Sighting,
)
from reportgen.spec.plan import Change, merge_change
from tests.analysis.controls.bugs import BUGS
from tests.analysis.controls.small import STUDIES, small_study, trained

CLEAN = 20  # of each study
WORKERS = 2


class Judged(NamedTuple):
    """What one study came to, by the names of controls and detectors."""

    failed: tuple[str, ...]
    unchecked: tuple[str, ...]
    flagged: tuple[str, ...]


def main() -> None:
    """Measure and print; with `--write`, keep."""
    found = measure()
    for one in found.sightings:
        seen = ", ".join(one.controls) or "NOBODY"
        flags = ", ".join(one.detectors)
        sys.stdout.write(f"{one.study:20} {one.mistake:50} {seen} [{flags}]\n")
    for clean in found.clean:
        sys.stdout.write(
            f"{clean.study:20} {clean.studies} clean: failed {clean.alarms}, "
            f"not checked {clean.unchecked}\n"
        )
    for row in found.learners:
        sys.stdout.write(f"{row}\n")
    if "--write" in sys.argv:
        text = found.model_dump_json(indent=1)
        FILE.write_text(text + "\n", encoding="utf-8")


def measure() -> Planted:
    """Train every study and simulate the rest."""
    planted = list(product(STUDIES, ["", *BUGS]))
    seeds = list(product(STUDIES, range(1, CLEAN)))
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        clean = dict(zip(seeds, pool.map(_of_seed, *zip(*seeds, strict=True)),
                         strict=True))  # fmt: skip
        found = dict(
            zip(planted, pool.map(_with, *zip(*planted, strict=True)), strict=True)
        )
    return Planted(
        sightings=tuple(_sightings(found)),
        clean=tuple(
            _clean(
                study,
                [
                    found[study, ""],
                    *(one for (of, _), one in clean.items() if of == study),
                ],
            )
            for study in STUDIES
        ),
        learners=measure_learners(),
    )


def _sightings(found: dict[tuple[str, str], Judged]) -> Iterator[Sighting]:
    for (study, bug), judged in found.items():
        if bug:
            usual = {*found[study, ""].flagged}
            yield Sighting(
                study=study,
                mistake=bug,
                controls=judged.failed,
                detectors=tuple(name for name in judged.flagged if name not in usual),
            )


def _clean(study: str, judged: list[Judged]) -> CleanStudies:
    return CleanStudies(
        study=study,
        studies=len(judged),
        alarms=dict(Counter(name for one in judged for name in one.failed)),
        unchecked=dict(Counter(name for one in judged for name in one.unchecked)),
    )


def _of_seed(study: str, seed: int) -> Judged:
    """A clean study whose rows and runs have seeds of their own."""
    return _judge(study, {"data": {"params": {"seed": 100 + seed}}, "seeds": [seed]})


def _with(study: str, bug: str) -> Judged:
    """A study with a mistake in it, or none."""
    if not bug:
        return _judge(study, {})
    with pytest.MonkeyPatch.context() as patch:
        BUGS[bug].plant(patch)
        return _judge(study, BUGS[bug].change)


def _judge(study: str, change: Change) -> Judged:
    results = trained(small_study(merge_change(change, STUDIES[study])))
    controls = [one for one in judge_controls(results) if not one.yardstick]
    flagged = [one.id for one in run_detectors(results) if one.flag]
    return Judged(
        tuple(one.id for one in controls if one.passed is False),
        tuple(one.id for one in controls if one.passed is None and one.applicable),
        tuple(dict.fromkeys(flagged)),
    )


if __name__ == "__main__":
    main()
