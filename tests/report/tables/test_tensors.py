"""Tensors: a captured tensor is one row, and arms that agree in it share it."""

from typing import Any

from pydantic import JsonValue

from reportgen.analysis.findings.study import CaptureEntry
from reportgen.report.tables.tensors import _rows, is_tensor

ARMS = ("baseline", "wide", "bag")
TOLD: dict[str, Any] = {
    "shape": [4, 2],
    "dtype": "float32",
    "trained": True,
    "mean": 0.0123456,
    "sd": 0.5,
    "min": -1.0,
    "max": 1.25,
    "sha256": "0123456789ab",
}


def entry(
    value: JsonValue,
    exceptions: dict[str, JsonValue] | None = None,
    absent: tuple[str, ...] = (),
    path: str = "parameters.cell.weight",
) -> CaptureEntry:
    return CaptureEntry(
        path=path,
        value=value,
        unit=None,
        source="derived",
        origin="read from the model",
        meaning="a tensor",
        exceptions=exceptions or {},
        absent=absent,
    )


def shown(one: CaptureEntry, arms: tuple[str, ...] = ARMS) -> list[list[str]]:
    """The cells of each row, the tensor's name left out."""
    return [[cell.html for cell in row.cells[1:]] for row in _rows(one, arms)]


def test_a_tensor_is_told_from_other_settings() -> None:
    assert is_tensor(entry(TOLD))
    assert is_tensor(entry(TOLD, path="loss.buffers.weight"))
    assert is_tensor(entry("the tensor parameters.a", {"wide": TOLD}))
    assert not is_tensor(entry(12, path="parameters.total"))
    assert not is_tensor(entry({"shape": 3}, path="model.cell"))


def test_arms_that_agree_share_a_row() -> None:
    wide = {**TOLD, "shape": [8, 2], "mean": 0.25, "sha256": "ba9876543210"}
    rows = shown(entry(TOLD, {"wide": wide}), (*ARMS, "narrow"))
    numbers = ["0.0123", "0.5", "−1 to 1.25", "<code>0123456789ab</code>"]
    assert rows == [
        ["baseline, bag, narrow", "4 × 2", *numbers],
        ["wide", "8 × 2", "0.25", *numbers[1:3], "<code>ba9876543210</code>"],
    ]


def test_arm_without_the_tensor_has_no_row() -> None:
    assert shown(entry(TOLD, absent=("bag",)))[0][0] == "baseline, wide"


def test_a_long_list_of_arms_that_agree_is_cut_short() -> None:
    arms = (*ARMS, "a", "b", "c", "d")
    other = {**TOLD, "sha256": "ba9876543210"}
    rows = shown(entry(TOLD, {"wide": other}, absent=("bag",)), arms)
    assert [row[0] for row in rows] == ["all others (5) but not bag", "wide"]


def test_what_every_arm_has_says_so() -> None:
    assert [row[0] for row in shown(entry(TOLD))] == ["every arm"]


def test_a_tensor_held_still_or_of_another_format_says_so() -> None:
    held = {**TOLD, "trained": False, "dtype": "bfloat16"}
    assert shown(entry(held))[0][1] == "4 × 2 bfloat16, held still"
    buffer = entry({**TOLD, "trained": False}, path="buffers.mean")
    assert shown(buffer)[0][1] == "4 × 2"


def test_a_tensor_used_twice_points_to_the_other() -> None:
    rows = shown(entry("the tensor parameters.a"))
    assert rows[0][1] == "the tensor parameters.<wbr>a"
