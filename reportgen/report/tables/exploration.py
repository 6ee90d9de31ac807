"""Exploration: every variant against the baseline where nothing was claimed."""

from reportgen.analysis.findings.complements import Comparison, Exploration
from reportgen.report.cells import code, count_cell, metric_name, text_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.numbers import (
    THIN,
    decimals_for,
    write_decimal,
    write_interval,
    write_p,
)
from reportgen.report.writer import Writer
from reportgen.spec.model import BASELINE, StudySpec


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per comparison, the smallest p-value first."""
    found = write.findings.exploration
    if found is None or not found.comparisons:
        return None
    ordered = sorted(found.comparisons, key=lambda one: one.p)
    rows = tuple(_row(one, write, found.rate) for one in ordered)
    columns = (
        Column("Variant"),
        Column("Metric"),
        Column("<i>n</i>", "right"),
        Column("Effect", "right"),
        Column("<i>p</i>", "right"),
        Column("<i>p</i> (BH)", "right"),
        Column("Stands out"),
    )
    note = (
        "Exploratory, without verdicts. Effect against the baseline with its "
        f"95{THIN}% interval, not corrected for the number of comparisons; positive "
        f"means that the variant is better{_method(found)}. <i>p</i> (BH) is corrected "
        f"over this table (Benjamini–Hochberg): of those at or below {found.rate:.2f}, "
        f"which stand out, at most one in {1 / found.rate:.0f} is expected to be "
        "chance. What stands out is a question for a next study, not an answer of this "
        f"one.{write.signs_explained}"
    )
    title = "Exploratory comparisons with the baseline"
    return Table("exploration", title, columns, rows, note, small=True)


def _method(found: Exploration) -> str:
    """How the arms were compared; of findings that do not say it, nothing."""
    named = f"; compared by {found.compared_by}, as claims are"
    return named if found.compared_by else ""


def _row(one: Comparison, write: Writer, rate: float) -> Row:
    low, high = one.ci95.lower, one.ci95.upper
    measure = one.metric.partition(".")[2].partition("@")[0]
    unit = str(write.findings.metrics[measure]["unit"])
    decimals = decimals_for((high - low) / 4, unit=unit)
    effect = write_decimal(one.effect, decimals, signed=True)
    where = one.metric.partition(".")[0]
    sign = write.sign(one.variant, where) or write.sign(BASELINE, where)
    return Row(
        (
            Cell(f"{code(one.variant)}{sign}", one.variant),
            text_cell(metric_name(one.metric, write.findings.metrics)),
            count_cell(one.n),
            Cell(f"{effect} ({write_interval(low, high, decimals)})", one.effect),
            Cell(write_p(one.p), one.p),
            Cell(write_p(one.p_adjusted), one.p_adjusted),
            text_cell("yes" if one.p_adjusted <= rate else "no"),
        )
    )
