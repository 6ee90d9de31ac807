"""Detectors: for each, where it fired, and how often it did not or could not look."""

from markupsafe import escape

from reportgen.analysis.findings.study import DetectorResult
from reportgen.report.cells import DASH, code, count_cell, text_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.tables.checks import detector_state
from reportgen.report.writer import Writer
from reportgen.spec.model import StudySpec


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per detector."""
    by_detector: dict[str, list[DetectorResult]] = {}
    for result in write.findings.detectors:
        by_detector.setdefault(result.id, []).append(result)
    rows = tuple(_row(results) for results in by_detector.values())
    if not rows:
        return None
    columns = (
        Column("Detector", wrap=True),
        Column("Flagged", wrap=True),
        Column("Quiet", "right"),
        Column("Not checked", "right"),
    )
    note = (
        "Exploratory: detectors speak of this study only, and where they give p-values "
        "these are corrected as a family (Benjamini–Hochberg). A check that could not "
        "be made is counted as not checked, never as passed."
    )
    return Table("detectors", "What the detectors saw", columns, rows, note)


def _row(results: list[DetectorResult]) -> Row:
    states = [detector_state(result) for result in results]
    fired = [
        result.subject
        for result, state in zip(results, states, strict=True)
        if state == "flagged"
    ]
    return Row(
        (
            text_cell(results[0].title),
            Cell(_subjects(fired), len(fired)) if fired else DASH,
            count_cell(states.count("quiet")),
            count_cell(states.count("not checked")),
        )
    )


def _subjects(fired: list[str]) -> str:
    """What was flagged; sets of one arm together, and arms flagged alike together."""
    sets_of: dict[str, list[str]] = {}
    for subject in fired:
        arm, _, where = subject.partition(": ")
        sets_of.setdefault(arm, []).append(where)
    arms_of: dict[tuple[str, ...], list[str]] = {}
    for arm, sets in sets_of.items():
        arms_of.setdefault(tuple(sets), []).append(str(code(arm)))
    told = [
        ", ".join(arms) + (f": {escape('; '.join(sets))}" if any(sets) else "")
        for sets, arms in arms_of.items()
    ]
    return "<br>".join(told)
