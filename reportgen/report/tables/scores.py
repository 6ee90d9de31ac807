"""Scores: every arm on the study's first metric, on test, dev and each shift."""

from reportgen.report.cells import DASH, measure_name
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.numbers import decimals_for, write_decimal
from reportgen.report.writer import Writer
from reportgen.spec.model import BASELINE, StudySpec
from reportgen.spec.plan import CONTROL_PREFIX


def draw(study: StudySpec, write: Writer) -> Table | None:
    """One row per arm: mean and standard deviation over seeds on each set."""
    measure = _measure(write)
    sets = ("train", "dev", "test", *study.data.shifts)
    arms = scored_arms(write)
    rows = tuple(
        Row(
            (
                Cell(str(write.arm(arm)), arm),
                *(score_cell(arm, f"{one}.{measure}", write) for one in sets),
            ),
            mark="baseline" if arm == BASELINE else "",
        )
        for arm in arms
    )
    if not rows or not measure:
        return None
    name = measure_name(measure, write.findings.metrics)
    columns = (Column("Arm"), *(Column(one, "right") for one in sets))
    title = f"{name} of every arm on every evaluation set"
    note = (
        "Mean over seeds, with the standard deviation over seeds after ±, at the "
        f"checkpoint the study selects ({write.findings.selected})."
        f"{write.signs_explained}"
    )
    return Table("scores", title, columns, rows, note)


def _measure(write: Writer) -> str:
    return next(iter(write.findings.metrics), "")


def scored_arms(write: Writer) -> tuple[str, ...]:
    """The baseline and the variants that have scores; controls are told elsewhere."""
    arms = dict.fromkeys(score.arm for score in write.findings.scores)
    return tuple(arm for arm in arms if not arm.startswith(CONTROL_PREFIX))


def score_cell(arm: str, metric: str, write: Writer) -> Cell:
    """Mean ± standard deviation of an arm, both bound."""
    full = write.names.metric(arm, metric)
    found = [
        score
        for score in write.findings.scores
        if score.arm == arm and score.metric == full
    ]
    if not found or found[0].mean is None:
        return DASH
    score = found[0]
    count = sum(value is not None for value in score.values)
    error = score.sd / count**0.5 if score.sd is not None and count else None
    decimals = decimals_for(error, unit=score.unit)
    mean = write.mark(
        f"score/{arm}/{full}/mean", write_decimal(found[0].mean, decimals)
    )
    if score.sd is None:
        return Cell(str(mean), score.mean)
    sd = write.mark(f"score/{arm}/{full}/sd", write_decimal(score.sd, decimals))
    shift = metric.partition(".")[0]
    sign = write.sign(arm, shift) if f"{arm}/{shift}" in write.refused else ""
    return Cell(f'{mean}<span class="sd">\u202f±\u202f{sd}</span>{sign}', score.mean)
