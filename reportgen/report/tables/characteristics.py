"""Characteristics: how often the default rule errs, as simulated."""

from reportgen.analysis.measured.characteristics import (
    Characteristics,
    NoiseCoverage,
    read_characteristics,
)
from reportgen.report.cells import text_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.numbers import THIN
from reportgen.report.writer import Writer
from reportgen.spec.model import StudySpec


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per kind of noise: coverage, and false gains; none without claims."""
    if not write.findings.claims:
        return None
    found = read_characteristics()
    seeds = sorted({one.n for one in found.noise})
    columns = (
        Column("Noise over seeds", wrap=True),
        *(Column(f"Covers, {n} seeds", "right", wrap=True) for n in seeds),
        *(Column(f"False gains, {n} seeds", "right", wrap=True) for n in seeds),
    )
    kinds = dict.fromkeys(one.noise for one in found.noise)
    rows = tuple(
        _row([one for one in found.noise if one.noise == kind]) for kind in kinds
    )
    title = "How often the rule errs, by simulation"
    note = _note(found) + _of_method(found, write.findings.family.method)
    return Table("characteristics", title, columns, rows, note, small=True)


def _row(found: list[NoiseCoverage]) -> Row:
    return Row(
        (
            text_cell(found[0].noise),
            *(_percent(one.student) for one in found),
            *(_percent(one.student_low) for one in found),
        )
    )


def _percent(share: float) -> Cell:
    return Cell(f"{100 * share:.1f}", share)


def _of_method(found: Characteristics, method: str) -> str:
    """What was measured of a method that is not the default."""
    errors = [one for one in found.methods if one.method == method]
    if method == "paired" or not errors:
        return ""
    gains = ", ".join(f"{100 * one.false_gain:.1f}" for one in errors)
    seeds = ", ".join(str(one.n) for one in errors)
    text = (
        " These are of the default rule. With the method of this study, two equal arms "
        f"under a bell curve give a false gain in {gains}{THIN}% at {seeds} seeds"
    )
    refused = ", ".join(f"{100 * one.refused:.0f}" for one in errors)
    if any(one.refused for one in errors):
        text += f"; it refuses {refused}{THIN}% of studies of eight such arms"
    return f"{text}."


def _note(found: Characteristics) -> str:
    """What the columns mean, and what else was measured."""
    two = max(one.two_arms_low for one in found.noise)
    few = min(found.noise, key=lambda one: one.n).n
    short = next(one for one in found.noise if one.n == few)
    alone = min(one.seeds for one in found.rows)
    wider = [one.wider for one in found.rows]
    worst = max(found.families, key=lambda one: one.uncorrected)
    repeats = min(one.repeats for one in found.noise)
    return (
        f"Percent of {repeats:,} simulated comparisons in which a 95{THIN}% interval "
        f"holds the truth (nominally 95), and in which its lower end lies above it, "
        "a gain that is none (nominally 2.5), where only one arm has such noise. "
        f"Where both arms share it, false gains stay at {100 * two:.1f}{THIN}% or "
        f"less. A percentile bootstrap over {few} seeds would hold the truth in "
        f"{100 * short.percentile:.0f}{THIN}% even under a bell curve. Where two arms "
        f"differ in the rows they like, an interval over seeds alone holds the "
        f"difference on new rows in as few as {100 * alone:.0f}{THIN}%; the wider "
        f"of the two intervals in {100 * min(wider):.0f} to {100 * max(wider):.0f}"
        f"{THIN}%. Without a correction, {worst.variants} variants that change nothing "
        f"give some false verdict in {100 * worst.uncorrected:.0f}{THIN}% of studies, "
        f"after Holm’s in {100 * worst.holm:.0f}{THIN}%."
    )
