"""Tensors: four captured settings share a row, and so do arms that agree in them."""

from dataclasses import dataclass

import pytest
from pydantic import JsonValue

from reportgen.analysis.findings import CaptureEntry
from reportgen.report.tables.tensors import _rows, split_tensor_path

ARMS = ("baseline", "wide", "bag")


def entry(
    field: str,
    value: JsonValue,
    exceptions: dict[str, JsonValue] | None = None,
    absent: tuple[str, ...] = (),
) -> CaptureEntry:
    return CaptureEntry(
        path=f"parameters.cell.weight.{field}",
        value=value,
        unit=None,
        source="derived",
        origin="read from the model",
        meaning="a tensor",
        exceptions=exceptions or {},
        absent=absent,
    )


@dataclass(frozen=True)
class Shown:
    arms: str
    numbers: str
    mean: str


def shown(fields: dict[str, CaptureEntry]) -> list[Shown]:
    rows = _rows("cell.weight", fields, ARMS)
    return [Shown(r.cells[1].html, r.cells[3].html, r.cells[4].html) for r in rows]


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("parameters.cell.weight.shape", ("cell.weight", "shape")),
        ("parameters.cell.weight.initial_sd", ("cell.weight", "initial_sd")),
        ("parameters.total", None),
        ("model.cell.shape", None),
    ],
)
def test_a_tensor_path_is_taken_apart(path: str, parts: tuple[str, str] | None) -> None:
    assert split_tensor_path(path) == parts


def test_arms_that_agree_share_a_row() -> None:
    fields = {
        "shape": entry("shape", [4, 2], {"wide": [8, 2]}, ("bag",)),
        "count": entry("count", 8, {"wide": 16}, ("bag",)),
        "initial_mean": entry("initial_mean", 0.0123456, absent=("bag",)),
        "initial_sd": entry("initial_sd", 0.5, absent=("bag",)),
    }
    assert shown(fields) == [
        Shown("baseline", "8", "0.0123"),
        Shown("wide", "16", "0.0123"),
    ]


def test_what_every_arm_has_says_so() -> None:
    fields = {field: entry(field, 1) for field in ("shape", "count")}
    assert shown(fields)[0].arms == "every arm"
    assert len(shown(fields)) == 1
