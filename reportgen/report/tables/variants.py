"""Variants: what each arm changes against the baseline, and what for."""

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from reportgen.errors import SettingError
from reportgen.report.cells import code, value_cell
from reportgen.report.document import Cell, Column, Row, Table
from reportgen.report.names import Names
from reportgen.report.tables.manipulations import arm_state
from reportgen.report.writer import Writer
from reportgen.spec.model import BASELINE, StudySpec


def draw(study: StudySpec, write: Writer) -> Table | None:
    """One row per variant: the settings it changes, and whether its checks passed."""
    found = write.findings.manipulations
    rows = tuple(
        Row(
            (
                Cell(str(code(name)), name),
                Cell(_changes(variant.change, write.names)),
                Cell(write.texts[f"variants.{name}.why"]),
                *((arm_state(found, name),) if found else ()),
            )
        )
        for name, variant in study.variants.items()
    )
    if not rows:
        return None
    columns = (
        Column("Variant"),
        Column("Change (baseline → variant)", wrap=True),
        Column("What it is meant to show", wrap=True),
        *((Column("Checks"),) if found else ()),
    )
    note = "Every arm is the baseline with this change alone, under the same seeds."
    return Table("variants", "What was varied", columns, rows, note)


def _changes(change: Mapping[str, JsonValue], names: Names) -> str:
    lines = []
    for path, value in leaves(change):
        try:
            usual = names.setting_value(path, BASELINE)
        except SettingError:
            before = "<i>default</i>"
        else:
            if usual == value:
                continue  # repeated in the spec, not changed
            before = value_cell(usual).html if usual != [] else "<i>none</i>"
        lines.append(f"{code(path)}: {before} → {value_cell(value).html}")
    return "<br>".join(lines)


def leaves(
    change: Mapping[str, JsonValue], prefix: str = ""
) -> Iterator[tuple[str, JsonValue]]:
    """Every value that is no mapping, with its dotted path."""
    for key, value in change.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
