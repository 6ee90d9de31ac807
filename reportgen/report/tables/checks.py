"""Checks: every single check a detector made, with its statistic and what it says."""

from collections.abc import Sequence
from itertools import groupby

from reportgen.analysis.findings.digits import decimals_for
from reportgen.analysis.findings.study import DetectorResult
from reportgen.report.cells import DASH, code, text_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.numbers import write_decimal, write_interval, write_p
from reportgen.report.writer import Writer, true_minus
from reportgen.spec.model import StudySpec

_STATES = {
    "flagged": ("!", "inconclusive"),
    "quiet": ("·", "equivalent"),
    "not checked": ("–", "inadmissible"),
}


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per detector and subject, grouped by detector."""
    rows = []
    for _, one in groupby(write.findings.detectors, key=lambda result: result.id):
        results = list(one)
        groups = [_heading(results), *[""] * (len(results) - 1)]
        rows += [
            Row(_cells(result, write), group=group)
            for result, group in zip(results, groups, strict=True)
        ]
    if not rows:
        return None
    columns = (
        Column("Subject", wrap=True),
        Column("Statistic (interval)", "right"),
        Column("<i>p</i> (BH)", "right"),
        Column("State"),
        Column("What it says", wrap=True),
    )
    note = (
        "Intervals are of 95\u202f%, of equivalence 90\u202f%. “Not checked” says why, "
        "and never means passed."
    )
    title = "Every check that the detectors made"
    return Table("checks", title, columns, tuple(rows), note, small=True)


def detector_state(result: DetectorResult) -> str:
    """In one word, what became of a check."""
    if not result.applicable:
        return "not checked"
    return "flagged" if result.flag else "quiet"


def _heading(results: Sequence[DetectorResult]) -> str:
    result = results[0]
    title = result.title[:1].upper() + result.title[1:]
    parts = [title]
    if result.statistic_name:
        parts.append(f"statistic: {result.statistic_name}")
    if result.threshold:
        parts.append(f"threshold: {result.threshold}")
    if result.source:
        parts.append(f"source of the threshold: {result.source}")
    if result.false_positives:
        parts.append(f"flags where nothing is wrong: {result.false_positives}")
    reasons = dict.fromkeys(one.no_interval for one in results if one.no_interval)
    if reasons:
        parts.append(f"without an interval: {', or '.join(reasons)}")
    return true_minus("; ".join(parts))


def _cells(result: DetectorResult, write: Writer) -> tuple[Cell, ...]:
    state = detector_state(result)
    sign, look = _STATES[state]
    shown = f'<span class="verdict {look}"><span class="sign" aria-hidden="true">{sign}'
    p = result.p_adjusted
    return (
        Cell(str(code(result.subject)), result.subject),
        _statistic(result, write),
        DASH if p is None else Cell(write_p(p), p),
        Cell(f"{shown}</span>{state}</span>", state),
        text_cell(true_minus(result.note)),
    )


def _statistic(result: DetectorResult, write: Writer) -> Cell:
    if result.statistic is None:
        return DASH
    fact_id = f"detector/{result.id}/{result.subject}/statistic"
    ends = result.interval
    if ends is None:
        text = write_decimal(result.statistic, 3)
        return Cell(str(write.mark(fact_id, text)), result.statistic)
    decimals = decimals_for((ends.upper - ends.lower) / 4, unit="ratio")
    shown = write.mark(fact_id, write_decimal(result.statistic, decimals))
    span = write_interval(ends.lower, ends.upper, decimals)
    return Cell(f"{shown} ({span})", result.statistic)
