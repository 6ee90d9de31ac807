"""Strict YAML: values as DVC reads them, places as an editor shows them."""

import json
from pathlib import Path

import pytest
import yaml  # noqa: TID251 - its slow parser is compared with the fast one
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from reportgen.errors import InputError
from reportgen.spec.builder import DEEPEST, MOST_VALUES, Document
from reportgen.spec.syntax import MOST_BYTES, parse_yaml, read_yaml

TEXT = """\
study: first  # a comment
data:
  use: spr
  shifts: {order: {use: sort}}
steps:
  - a
  - {b: [1, 2.5]}
prose: |
  One line.

    Indented {{ binding }}.
shared: &shared {x: 1}
again: *shared
"""


def parse(text: str) -> Document:
    return parse_yaml(text.encode(), "f.yaml")


def test_reads_what_dvc_reads() -> None:
    assert parse(TEXT).value == YAML(typ="safe", pure=True).load(TEXT)


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("study",), (1, 1), (1, 8)),
        (("data", "shifts", "order", "use"), (4, 20), (4, 25)),
        (("steps", 1), (7, 5), (7, 5)),
        (("steps", 1, "b", 1), (7, 13), (7, 13)),
        (("prose",), (8, 1), (8, 8)),
    ],
)
def test_knows_where_words_stand(
    path: tuple[str | int, ...], key: tuple[int, int], value: tuple[int, int]
) -> None:
    positions = parse(TEXT).positions
    found = positions.key(path)
    assert (found.line, found.column) == key
    assert found.text == TEXT.splitlines()[key[0] - 1]
    found = positions.value(path)
    assert (found.line, found.column) == value


def test_points_into_a_block_literal() -> None:
    where = parse(TEXT).positions.inside(("prose",), 3, 12)
    assert where.text[where.column - 1 :].startswith("{{ binding }}")


def test_points_to_the_nearest_written_ancestor() -> None:
    positions = parse(TEXT).positions
    assert positions.value(("data", "params", "rows")).line == 2
    assert positions.key(()).line == 1
    assert positions.value(("again", "x")).line == 13  # at the alias


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [*b]\n", "no anchor &b"),
        ("a: &a [*a]\n", "no anchor &a"),
        ("a: " + "[" * (DEEPEST + 2) + "]" * (DEEPEST + 2), "levels deep"),
        ("[a, b]: 1\n", "a key must be text"),
        ("a: [" + "x," * MOST_VALUES + "x]\n", "grows beyond"),
        ("#" * (MOST_BYTES + 1), "is the limit"),
        ("a: 1\x07\n", "U\\+0007"),
        ("", "is empty"),
    ],
)
def test_stops_where_nothing_more_can_be_read(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse(text)


def test_says_which_byte_is_not_utf_8() -> None:
    with pytest.raises(InputError, match="line 2 is not UTF-8 \\(byte 0xe9\\)"):
        parse_yaml("a: 1\nb: café\n".encode("latin-1"), "f.yaml")


def test_ignores_a_byte_order_mark_and_windows_line_ends() -> None:
    document = parse_yaml("\ufeffa: 1\r\nb: 2\r\n".encode(), "f.yaml")
    assert document.value == {"a": 1, "b": 2}
    assert document.positions.value(("b",)).line == 2


def test_reports_every_duplicate_and_goes_on() -> None:
    document = parse("a: 1\na: 2\nb: {c: 1, c: 2}\n")
    assert [problem.what for problem in document.problems] == [
        "the key 'a' stands twice (first in line 1)",
        "the key 'c' stands twice (first in line 3)",
    ]


def test_names_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"specs/no\.yaml: cannot read the file"):
        read_yaml(tmp_path / "no.yaml", "specs/no.yaml")


def test_both_parsers_place_words_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML built without libyaml must not change a single position."""
    fast = parse(TEXT)
    monkeypatch.setattr("reportgen.spec.syntax.FAST_LOADER", yaml.SafeLoader)
    assert parse(TEXT) == fast


TEXTS = st.text(
    st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=6
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4))
@settings(max_examples=60)
def test_json_comes_back_with_a_place_for_every_part(value: dict[str, object]) -> None:
    document = parse(json.dumps(value))
    assert document.value == value
    assert not document.problems
    assert set(document.positions.values) == set(document.positions.keys)
