"""Tensors: captured parameters and buffers in, a row each or for arms that agree out.

A tensor's row tells all of its captured value, and arms in which it is the same share
one, so that a model of many layers does not bury the settings somebody chose.
"""

import html
import re

from markupsafe import Markup, escape
from pydantic import JsonValue

from reportgen.analysis.findings.study import CaptureEntry
from reportgen.report.captured import captured_arms
from reportgen.report.cells import DASH, code, text_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.numbers import MINUS, write_plain
from reportgen.report.writer import Writer
from reportgen.spec.model import StudySpec

TENSOR = re.compile(r"(?:loss\.)?(?:parameters|buffers)\..+")
USUAL_FORMAT = "float32"  # said once, in the note
MOST_NAMED = 4  # arms listed by name in the commonest group


def is_tensor(entry: CaptureEntry) -> bool:
    """Whether a captured row describes a tensor, in one arm at least."""
    values = (entry.value, *entry.exceptions.values())
    return bool(TENSOR.fullmatch(entry.path)) and any(
        isinstance(value, dict) and "shape" in value for value in values
    )


def draw(study: StudySpec, write: Writer) -> Table | None:  # noqa: ARG001
    """One row per tensor and set of arms that agree in it."""
    arms = captured_arms(write.findings)
    rows = tuple(
        row
        for entry in write.findings.capture
        if is_tensor(entry)
        for row in _rows(entry, arms)
    )
    if not rows:
        return None
    columns = (
        Column("Tensor", wrap=True),
        Column("Arms", wrap=True),
        Column("Shape", wrap=True),
        Column("Mean", "right"),
        Column("SD", "right"),
        Column("Range", "right"),
        Column("SHA-256"),
    )
    note = (
        "Derived: read from the model before its first step, under the first seed of "
        "each arm. Mean, standard deviation and range are those of the numbers in the "
        f"tensor, which are {USUAL_FORMAT} and trained from the first epoch on where "
        "nothing else is said; the head of their digest tells any other difference."
    )
    title = "Every tensor of the model, as initialised"
    return Table("tensors", title, columns, rows, note, small=True)


def _rows(entry: CaptureEntry, arms: tuple[str, ...]) -> list[Row]:
    groups: dict[str, tuple[JsonValue, list[str]]] = {}
    for arm in arms:
        if arm not in entry.absent:
            value = entry.exceptions.get(arm, entry.value)
            groups.setdefault(repr(value), (value, []))[1].append(arm)
    # Long lists of arms that agree say less than those that stand apart.
    usual = max(groups, key=lambda key: len(groups[key][1]), default="")
    rows = []
    for key, (value, members) in groups.items():
        owners = ", ".join(members)
        if len(members) == len(arms):
            owners = "every arm"
        elif key == usual and len(members) > MOST_NAMED:
            owners = f"all others ({len(members)})"
            lacking = [arm for arm in arms if arm in entry.absent]
            if lacking:
                owners += f" but not {', '.join(lacking)}"
        name = Cell(str(code(entry.path)), entry.path)
        rows.append(Row((name, text_cell(owners), *_cells(value, entry.path))))
    return rows


def _cells(value: JsonValue, path: str) -> tuple[Cell, ...]:
    """Shape, mean, SD, range and digest."""
    if not isinstance(value, dict):
        return (text_cell(str(value)), DASH, DASH, DASH, DASH)
    shape = value["shape"] if isinstance(value["shape"], list) else []
    told = " × ".join(str(size) for size in shape) or "one number"
    if value["dtype"] != USUAL_FORMAT:
        told += f" {value['dtype']}"
    if not value["trained"] and "buffers." not in path:
        told += ", held still"
    size = 1.0
    for length in shape:
        size *= float(str(length))
    low, high = _figure(value.get("min")), _figure(value.get("max"))
    span = Cell(f"{low.html} to {high.html}", low.sort) if low.sort != "" else DASH
    digest = Markup("<code>{}</code>").format(escape(str(value["sha256"])))
    return (
        Cell(str(escape(told)), size),
        _figure(value.get("mean")),
        _figure(value.get("sd")),
        span,
        Cell(str(digest), str(value["sha256"])),
    )


def tensor_texts(value: JsonValue, path: str) -> tuple[str, ...]:
    """What a row says of a tensor, cell by cell, as plain text."""
    cells = _cells(value, path)
    return tuple(html.unescape(re.sub(r"<[^>]*>", "", cell.html)) for cell in cells)


def _figure(value: JsonValue) -> Cell:
    """A first statistic; text where it is no finite number."""
    if isinstance(value, str):
        return text_cell(value.replace("-", MINUS))
    if not isinstance(value, int | float):
        return DASH
    return Cell(write_plain(float(f"{value:.3g}")), float(value))
