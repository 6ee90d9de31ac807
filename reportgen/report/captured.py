"""Whose captures a report tells, and who set them: findings in, names and words out."""

import re
from collections.abc import Iterable
from pathlib import Path

from reportgen.analysis.findings.study import CaptureEntry, Findings
from reportgen.spec.model import BASELINE
from reportgen.spec.plan import CONTROL_PREFIX
from reportgen.spec.positions import Positions
from reportgen.spec.syntax import read_yaml


def run_arms(findings: Findings) -> tuple[str, ...]:
    """Arms that ran, in order."""
    return tuple(dict.fromkeys(run.arm for run in findings.runs))


def captured_arms(findings: Findings) -> tuple[str, ...]:
    """Arms of which something was captured: a run of theirs got that far."""
    return tuple(
        arm
        for arm in run_arms(findings)
        if any(arm not in entry.absent for entry in findings.capture)
    )


def single_runs(names: Iterable[str]) -> tuple[str, ...]:
    """Of names of arms and single runs, those of runs: `bilstm (seed 3)`."""
    return tuple(name for name in names if name.endswith(")"))


def spec_places(spec: Path) -> Positions | None:
    """Where the words of a spec stand; None where the study was read from no file."""
    if not spec.is_file():
        return None
    return read_yaml(spec, "/".join(spec.parts[-2:])).positions


def set_by(entry: CaptureEntry, arms: tuple[str, ...], places: Positions | None) -> str:
    """Who set a captured value: `spec line 42`, `control`, `default`, `derived`.

    Args:
        entry: a setting over all arms; its value is that of the first that has it.
        arms: those of which something was captured.
        places: where the words of the spec stand; None where it is no file.
    """
    owner = next((arm for arm in arms if arm not in entry.absent), BASELINE)
    return _set_by((entry.source, entry.origin), owner, places)


def set_otherwise(entry: CaptureEntry, owner: str, places: Positions | None) -> str:
    """Who set the value of an arm, or of a single run, that has an unusual one.

    Said with where or how, where that is neither a line of the spec nor as usual.
    """
    arm = owner.partition(" (")[0]
    source, origin = entry.otherwise.get(owner, (entry.source, entry.origin))
    who = _set_by((source, origin), arm, places)
    as_usual = source == "spec" or origin == entry.origin
    return who if as_usual else f"{who}: {_after_default(origin)}"


def _set_by(set_: tuple[str, str], owner: str, places: Positions | None) -> str:
    """Who set the value that a source and an origin tell of, in an arm."""
    source, origin = set_
    if source != "spec":
        return source
    if owner.startswith(CONTROL_PREFIX):
        return "control"
    path = path_of(origin)
    for place in (("variants", owner, "change", *path), path):
        if places is not None and place in places.keys:
            return f"spec line {places.key(place).line}"
    return source


def origin_of(entry: CaptureEntry) -> str:
    """Where or how that was; said after `set_by`, which has the word default."""
    return _after_default(entry.origin)


def _after_default(origin: str) -> str:
    return origin.removeprefix("default of ")


def path_of(origin: str) -> tuple[str | int, ...]:
    """`data.transforms[0].use` as the keys that lead there."""
    return tuple(
        int(part) if part.isdecimal() else part
        for part in re.findall(r"[^.\[\]]+", origin)
    )
