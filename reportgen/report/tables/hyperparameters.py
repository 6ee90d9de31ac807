"""Hyperparameters: every captured setting, common value once; tensors stand apart."""

from reportgen.analysis.findings.study import CaptureEntry
from reportgen.report.captured import (
    captured_arms,
    origin_of,
    run_arms,
    set_by,
    single_runs,
)
from reportgen.report.cells import code, text_cell, value_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.tables.tensors import is_tensor
from reportgen.report.writer import Writer
from reportgen.spec.model import StudySpec
from reportgen.spec.positions import Positions


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per captured setting, grouped by the first part of its path."""
    arms = captured_arms(write.findings)
    by_group: dict[str, list[Row]] = {}
    for entry in write.findings.capture:
        if is_tensor(entry):
            continue
        head = entry.path.partition(".")[0]
        rows = by_group.setdefault(head, [])
        cells = _cells(entry, arms, write.places)
        rows.append(Row(cells, group="" if rows else head))
    if not by_group:
        return None
    columns = (
        Column("Setting", wrap=True),
        Column("Value", wrap=True),
        Column("Set by", wrap=True),
        Column("Meaning", wrap=True),
    )
    spec = write.places.file if write.places else "the spec"
    title = "Every hyperparameter, as read from the live objects before the first step"
    note = (
        "The usual value of each setting; ≠ marks one that some arms have otherwise "
        "(next table), and settings that not every arm has say so. ~ marks what "
        "follows from a run's seed: it is told of the first seed, and left out for "
        "the others, whose rows are in the study's records. Spec: somebody typed it, "
        f"on that line of {spec}; control: a control sets it; default: nobody did, and "
        "whose default it is; derived: it follows from others."
    )
    silent = [one for one in run_arms(write.findings) if one not in arms]
    if silent:
        note += f" No run of {', '.join(silent)} got as far as being captured."
    every = tuple(row for group in by_group.values() for row in group)
    return Table("hyperparameters", title, columns, every, note, small=True)


def _cells(
    entry: CaptureEntry, arms: tuple[str, ...], places: Positions | None
) -> tuple[Cell, ...]:
    value = value_cell(entry.value)
    unit = f" {entry.unit}" if entry.unit else ""
    differs = ' <span class="differs">≠</span>' if entry.exceptions else ""
    seed = ' <span class="differs">~</span>' if entry.of_seed else ""
    source = set_by(entry, arms, places)
    return (
        Cell(str(code(entry.path)), entry.path),
        Cell(f"{value.html}{unit}{differs}{seed}{_owners(entry, arms)}", value.sort),
        Cell(f"{source}: {_origin(entry)}", source),
        text_cell(entry.meaning),
    )


def _origin(entry: CaptureEntry) -> str:
    origin = origin_of(entry)
    plain = " " in origin  # words, not a path
    return str(text_cell(origin).html if plain else code(origin))


def _owners(entry: CaptureEntry, arms: tuple[str, ...]) -> str:
    """Who has a setting that not everybody has; the shorter of the two lists."""
    runs = single_runs(entry.absent)
    lacking = [*(arm for arm in arms if arm in entry.absent), *runs]
    if not lacking:
        return ""
    owners = [arm for arm in arms if arm not in entry.absent]
    if len(owners) <= len(lacking) and not runs:
        return f'<span class="sub">only {", ".join(owners)}</span>'
    return f'<span class="sub">not {", ".join(lacking)}</span>'
