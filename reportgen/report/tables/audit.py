"""Audit: what was looked for in each evaluation set, seen, and to be expected."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from reportgen.analysis.evidence.fed import pair_subject
from reportgen.analysis.findings.study import DetectorResult
from reportgen.analysis.statistics.family import FALSE_DISCOVERY_RATE
from reportgen.report.cells import DASH, text_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.numbers import write_count, write_decimal, write_p
from reportgen.report.writer import Writer, true_minus
from reportgen.spec.model import BASELINE, StudySpec

Kind = Literal["rows", "sample", "leak"]
# In words and as a sign, what a check came to: quiet, flagged; of a shift, which is
# made to differ, quiet, flagged.
_WORDS: dict[Kind, tuple[str, str]] = {
    "rows": ("as by chance", "more than chance"),
    "sample": ("alike", "differs"),
    "leak": ("no leak seen", "tells the label"),
}
_SHIFTED = ("no move seen", "moved, as declared")
_PLAIN = ("dev", "test")


@dataclass(frozen=True)
class Check:
    """One row of the table: a detector and what it is asked of a set."""

    detector: str
    title: str
    kind: Kind
    subject: str


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per check, grouped by evaluation set."""
    found = {(one.id, one.subject): one for one in write.findings.detectors}
    subjects = [
        one.subject for one in write.findings.detectors if one.id == "dup_exact"
    ]
    rows: list[Row] = []
    for subject in subjects:
        arm, _, name = subject.rpartition(": ")
        group = _group(arm, name)
        for check in _checks(arm or BASELINE, name, subject):
            result = found.get((check.detector, check.subject))
            if result is not None:
                cells = _cells(check, result, shifted=name not in _PLAIN)
                rows.append(Row(cells, group=group))
                group = ""
    if not rows:
        return None
    columns = (
        Column("Looked for", wrap=True),
        Column("Observed", "right"),
        Column("Expected", "right"),
        Column("<i>p</i> (BH)", "right"),
        Column("Came out"),
    )
    note = (
        "Sets of the arms that have rows of their own. Expected: by chance, from how "
        "often training rows repeat each other, or of two sets drawn alike. Shifts are "
        "compared with the test rows they are made from, and meant to differ."
    )
    title = "What the audit of the data saw"
    return Table("audit", title, columns, tuple(rows), note, small=True)


def _group(arm: str, name: str) -> str:
    of = f" of {arm}" if arm else ""
    if name in _PLAIN:
        return f"{name}{of}, against train"
    return f"{name}{of}, a shift: rows against train, samples against test"


def _checks(arm: str, name: str, subject: str) -> Iterator[Check]:
    pair = pair_subject(arm, "train" if name in _PLAIN else "test", name)
    yield Check("dup_exact", "Rows that occur in training", "rows", subject)
    yield Check("dup_near", "Rows near a training row", "rows", subject)
    reordered = f"{subject}, reordered"
    title = "Tokens of a training row in another order"
    yield Check("dup_near", title, "rows", reordered)
    title = "Tokens, places, lengths (χ² over its mean)"
    yield Check("token_shift", title, "sample", pair)
    title = "Features one by one (largest gap)"
    yield Check("feature_ks", title, "sample", pair)
    yield Check("c2st", "Told apart by a classifier (AUC)", "sample", pair)
    yield Check("mmd", "Rows unlike each other (MMD²)", "sample", pair)
    title = "Best single feature for the label (AUC)"
    yield Check("leakage_process", title, "leak", f"L2 single feature, {subject}")
    title = "Place in the file for the label (AUC)"
    yield Check("leakage_process", title, "leak", f"L2 place in the file, {subject}")


def _cells(check: Check, result: DetectorResult, *, shifted: bool) -> tuple[Cell, ...]:
    if not result.applicable:
        why = result.note.partition(": ")[2] or result.note
        words = f'<span class="verdict inadmissible">not checked</span>: {why}'
        return (text_cell(check.title), DASH, DASH, DASH, Cell(words, "not checked"))
    p = result.p_adjusted
    return (
        text_cell(check.title),
        _number(check, result.statistic, result.n_used),
        _number(check, result.expected, result.n_used),
        DASH if p is None else Cell(write_p(p), p),
        _outcome(check, result, shifted=shifted),
    )


def _number(check: Check, value: float | None, rows: int) -> Cell:
    if value is None:
        return DASH
    if check.kind != "rows":
        return Cell(true_minus(write_decimal(value, 3)), value)
    held = value * rows
    text = write_decimal(held, 0 if abs(held - round(held)) < 1e-6 else 1)
    return Cell(f"{text} of {write_count(rows)}", value)


def _outcome(check: Check, result: DetectorResult, *, shifted: bool) -> Cell:
    declared = shifted and check.kind == "sample"
    words = (_SHIFTED if declared else _WORDS[check.kind])[result.flag]
    if result.flag and (result.p_adjusted or 0.0) > FALSE_DISCOVERY_RATE:
        words = "many, as by chance"  # flagged for their number alone
    # A shift may leave alone what most of these look at.
    calm = declared or not result.flag
    look, sign = ("equivalent", "·") if calm else ("inconclusive", "!")
    shown = f'<span class="verdict {look}"><span class="sign" aria-hidden="true">'
    return Cell(f"{shown}{sign}</span>{words}</span>", words)
