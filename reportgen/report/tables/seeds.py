"""Seeds: the headline score of every single run."""

from reportgen.report.cells import DASH, measure_name
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.numbers import write_decimal
from reportgen.report.tables.scores import scored_arms
from reportgen.report.writer import Writer
from reportgen.spec.model import BASELINE, StudySpec

WIDEST = 12  # seeds that fit across a page
_FAILED = Cell('<abbr title="failed run">×</abbr>', "")


def draw(study: StudySpec, write: Writer) -> Table | None:
    """One row per arm, one column per seed, for the first metric on test."""
    measure = next(iter(write.findings.metrics), "")
    seeds = study.seed_list
    if not measure or len(seeds) > WIDEST:
        return None
    rows = []
    for arm in scored_arms(write):
        full = write.names.metric(arm, f"test.{measure}")
        for score in write.findings.scores:
            if score.arm == arm and score.metric == full:
                values = dict(zip(score.seeds, score.values, strict=True))
                cells = tuple(_cell(seed, values) for seed in seeds)
                mark = "baseline" if arm == BASELINE else ""
                rows.append(Row((Cell(str(write.arm(arm)), arm), *cells), mark=mark))
    if not rows:
        return None
    columns = (Column("Arm"), *(Column(f"seed {seed}", "right") for seed in seeds))
    name = measure_name(measure, write.findings.metrics)
    title = f"{name} on test of every single run"
    note = "× marks a failed run; – a run without a score." + write.signs_explained
    return Table("seeds", title, columns, tuple(rows), note, small=True)


def _cell(seed: int, values: dict[int, float | None]) -> Cell:
    if seed not in values:
        return DASH
    value = values[seed]
    return _FAILED if value is None else Cell(write_decimal(value, 3), value)
