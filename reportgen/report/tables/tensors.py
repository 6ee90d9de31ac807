"""Parameter tensors: captured shapes and first values in, one row a tensor out.

A tensor's four captured settings share a row, and arms in which all four agree share
it too, so that a model of many layers does not bury the settings somebody chose.
"""

import re

from pydantic import JsonValue

from reportgen.analysis.findings import CaptureEntry
from reportgen.report.cells import DASH, code, count_cell, text_cell, value_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.numbers import write_plain
from reportgen.report.writer import Writer
from reportgen.spec.model import StudySpec

FIELDS = ("shape", "count", "initial_mean", "initial_sd")
_PATH = re.compile(rf"parameters\.(?P<tensor>.+)\.(?P<field>{'|'.join(FIELDS)})")

MOST_NAMED = 4  # arms listed by name in the commonest group

Values = tuple[JsonValue, ...]  # one for each field


def split_tensor_path(path: str) -> tuple[str, str] | None:
    """Tensor and field of a captured path; None where it speaks of no tensor."""
    match = _PATH.fullmatch(path)
    return (match["tensor"], match["field"]) if match else None


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per tensor and set of arms that agree in all of its values."""
    arms = tuple(dict.fromkeys(run.arm for run in write.findings.runs))
    tensors: dict[str, dict[str, CaptureEntry]] = {}
    for entry in write.findings.capture:
        found = split_tensor_path(entry.path)
        if found:
            tensors.setdefault(found[0], {})[found[1]] = entry
    rows = tuple(
        row for name, fields in tensors.items() for row in _rows(name, fields, arms)
    )
    if not rows:
        return None
    columns = (
        Column("Tensor", wrap=True),
        Column("Arms", wrap=True),
        Column("Shape"),
        Column("Numbers", "right"),
        Column("First mean", "right"),
        Column("First SD", "right"),
    )
    note = (
        "Derived: read from the model before its first step, under the first seed of "
        "each arm. Mean and standard deviation are those of the numbers in the tensor."
    )
    title = "Every parameter tensor, as initialised"
    return Table("tensors", title, columns, rows, note, small=True)


def _rows(
    name: str, fields: dict[str, CaptureEntry], arms: tuple[str, ...]
) -> list[Row]:
    groups: dict[str, tuple[Values, list[str]]] = {}
    for arm in arms:
        values = tuple(_value(fields.get(field), arm) for field in FIELDS)
        if any(value is not None for value in values):
            groups.setdefault(repr(values), (values, []))[1].append(arm)
    # Long lists of arms that agree say less than those that stand apart.
    usual = max(groups, key=lambda key: len(groups[key][1]), default="")
    rows = []
    for key, (values, members) in groups.items():
        owners = ", ".join(members)
        if len(members) == len(arms):
            owners = "every arm"
        elif key == usual and len(members) > MOST_NAMED:
            owners = f"all others ({len(members)})"
        shape, count, mean, sd = values
        rows.append(
            Row(
                (
                    Cell(str(code(name)), name),
                    text_cell(owners),
                    value_cell(shape),
                    count_cell(count if isinstance(count, int) else None),
                    _figure(mean),
                    _figure(sd),
                )
            )
        )
    return rows


def _value(entry: CaptureEntry | None, arm: str) -> JsonValue:
    if entry is None or arm in entry.absent:
        return None
    return entry.exceptions.get(arm, entry.value)


def _figure(value: JsonValue) -> Cell:
    if not isinstance(value, int | float):
        return DASH
    return Cell(write_plain(float(f"{value:.3g}")), float(value))
