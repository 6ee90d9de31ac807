"""Our reading of plain scalars agrees with the reader DVC uses, or refuses."""

import math
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from reportgen.errors import SettingError
from reportgen.spec.scalar import read_scalar
from reportgen.spec.syntax import parse_yaml

NUMBERISH = st.text(alphabet="0123456789+-._eExob:TtZ aflsNnuUr~=<", max_size=12)


def read_by_dvc(text: str) -> object:
    return YAML(typ="safe", pure=True).load(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001),
        ("1E+3", 1000.0),
        ("3.", 3.0),
        (".5", 0.5),
        ("+12", 12),
        ("-0", 0),
        ("0o17", 15),
        ("0xff", 255),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("4:30", "4:30"),
        ("torch.optim:Adam", "torch.optim:Adam"),
        ("1.2.3", "1.2.3"),
    ],
)
def test_reads_yaml_1_2(text: str, value: object) -> None:
    found = read_scalar(text)
    assert found == value
    assert type(found) is type(value)


DISPUTED = "1_000 017 0b11 .5e3 1_0.5 2024-01-01 .inf -.INF .nan 1e999 = -_ 0x1_f"


@pytest.mark.parametrize("text", [*DISPUTED.split(), "9" * 400])
def test_refuses_what_readers_dispute(text: str) -> None:
    with pytest.raises(SettingError, match=r".+"):
        read_scalar(text)


@given(NUMBERISH)
@example("1e-3")
@example("-_")
@example("+.5e3")
@example("1e5_")
def test_agrees_with_dvc(text: str) -> None:
    """Any one-line plain scalar: the same value and type, or refused."""
    try:
        document = parse_yaml(f"key: {text}\n".encode(), "f.yaml")
    except Exception as error:  # noqa: BLE001 - a syntax error is a refusal as well
        assert type(error).__name__ == "InputError"  # noqa: PT017
        return
    if document.problems:
        return
    theirs = read_by_dvc(f"key: {text}\n")
    assert document.value == theirs
    if isinstance(theirs, dict):
        assert isinstance(document.value, dict)
        assert type(document.value["key"]) is type(theirs["key"])
    assert not isinstance(document.value, float) or math.isfinite(document.value)


def test_agrees_with_dvc_on_the_specs_of_this_project() -> None:
    specs = sorted((Path(__file__).parents[2] / "specs").glob("*.yaml"))
    for spec in specs:
        ours = parse_yaml(spec.read_bytes(), spec.name)
        assert not ours.problems
        assert ours.value == read_by_dvc(spec.read_text(encoding="utf-8"))
