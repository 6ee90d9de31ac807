"""Fallbacks: claims whose runs failed, under other scores for those runs."""

from reportgen.analysis.findings.complements import FailedPairs
from reportgen.analysis.findings.study import ArmFailures, Verdict
from reportgen.report.cells import DASH, text_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.numbers import THIN, write_decimal, write_p
from reportgen.report.writer import SIGNS, Writer
from reportgen.spec.model import StudySpec


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per claim with a failed run."""
    rows = tuple(_row(one, write) for one in write.findings.failed_pairs)
    if not rows:
        return None
    columns = (
        Column("Claim"),
        Column("Failed, variant", wrap=True),
        Column("Failed, reference", wrap=True),
        Column("<i>p</i> (Fisher)", "right"),
        Column("Fallback score"),
        Column("Left out"),
        Column("Worst score"),
        Column("Kept for scores", "right"),
    )
    note = (
        "A failed run counts with the score of always naming the most frequent class "
        "(fallback score). The verdict is given again with the pairs of failed runs "
        "left out, and with the worst score the metric has; the last column is the "
        "range of scores for which the first verdict stays, so that its ends are "
        f"where it tips. Brackets hold 95{THIN}% Clopper–Pearson intervals of the "
        "failure rate. With few seeds unequal failure counts rarely have a small "
        "<i>p</i>, which is no evidence that the arms fail alike."
    )
    title = "Claims whose runs failed, and how far those runs decide"
    return Table("fallbacks", title, columns, rows, note, small=True)


def verdict_word(verdict: Verdict | None) -> Cell:
    """A verdict that a claim would have had."""
    if verdict is None:
        return DASH
    return Cell(
        f'<span class="verdict {verdict}"><span class="sign" aria-hidden="true">'
        f"{SIGNS[verdict]}</span>{verdict}</span>",
        verdict,
    )


def _row(found: FailedPairs, write: Writer) -> Row:
    variant, reference = write.claim(found.claim).failures
    return Row(
        (
            Cell(str(write.claim_name(found.claim)), found.claim),
            _count(variant),
            _count(reference),
            Cell(write_p(found.fisher_p), found.fisher_p),
            verdict_word(found.imputed),
            verdict_word(found.complete),
            verdict_word(found.worst),
            _kept(found),
        )
    )


def _count(arm: ArmFailures) -> Cell:
    low, high = (write_decimal(x, 2) for x in (arm.interval.lower, arm.interval.upper))
    text = f"{arm.failed} of {arm.planned} ({low} to {high})"
    return Cell(text, arm.failed / max(1, arm.planned))


def _kept(found: FailedPairs) -> Cell:
    if found.kept_from is None or found.kept_to is None:
        return DASH
    low, high = (write_decimal(x, 3) for x in (found.kept_from, found.kept_to))
    return text_cell(f"{low} to {high}")
