"""One captured row: what was found in, the row of the record out."""

from collections.abc import Iterator

from pydantic import JsonValue

from reportgen.records import CaptureRow, Source

Found = tuple[str, JsonValue, str, str | None]  # path, value, meaning, unit
Origin = tuple[Source, str]  # who set it, and where or how
# Whoever types a default gets the same record as whoever leaves it out.
OURS: Origin = ("default", "default of reportgen")


def row(
    path: str,
    value: JsonValue,
    origin: Origin,
    meaning: str,
    unit: str | None = None,
) -> CaptureRow:
    """One hyperparameter as found on a live object."""
    return CaptureRow(
        path=path,
        value=value,
        unit=unit,
        source=origin[0],
        origin=origin[1],
        meaning=meaning,
    )


def derived(how: str, *found: Found) -> Iterator[CaptureRow]:
    """Rows that follow from others, all in the same way."""
    for path, value, meaning, unit in found:
        yield row(path, value, ("derived", how), meaning, unit)
