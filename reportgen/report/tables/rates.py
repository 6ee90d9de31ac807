"""Rates: how often each arm's runs failed, where any did."""

from reportgen.analysis.findings.complements import FailureRate
from reportgen.report.cells import DASH, count_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.numbers import THIN, write_count, write_decimal, write_p
from reportgen.report.writer import Writer
from reportgen.spec.model import BASELINE, StudySpec


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per arm; nothing where every run of every arm ended whole."""
    found = write.findings.failure_rates
    if not any(one.failed for one in found):
        return None
    columns = (
        Column("Arm"),
        Column("Failed", "right"),
        Column("Ended", "right"),
        Column("Rate", "right"),
        Column("<i>p</i> (Fisher)", "right"),
    )
    note = (
        f"Rates with 95{THIN}% Clopper–Pearson intervals. <i>p</i> is Fisher’s exact "
        "one against the baseline, not corrected. With few runs an arm, unequal counts "
        "rarely have a small <i>p</i>, which is no evidence that arms fail alike."
        f"{write.signs_explained}"
    )
    title = "How often the runs of each arm failed"
    rows = tuple(_row(one, write) for one in found)
    return Table("rates", title, columns, rows, note, small=True)


def _row(one: FailureRate, write: Writer) -> Row:
    rate = one.failed / one.ended
    ends = (write_decimal(x, 2) for x in (one.interval.lower, one.interval.upper))
    text = f"{write_decimal(rate, 2)} ({' to '.join(ends)})"
    p = one.fisher_p
    return Row(
        (
            Cell(str(write.arm(one.arm)), one.arm),
            Cell(str(write.mark(f"failures/{one.arm}", write_count(one.failed)))),
            count_cell(one.ended),
            Cell(str(write.mark(f"failures/{one.arm}/rate", text)), rate),
            DASH if p is None else Cell(write_p(p), p),
        ),
        mark="baseline" if one.arm == BASELINE else "",
    )
