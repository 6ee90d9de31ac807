import numpy as np
import pytest

from reportgen.errors import SettingError
from reportgen.training.data import Channel
from reportgen.training.rules import Alphabet, parse_rule

CHANNELS = (Channel("shape", ("▲", "■", "●")), Channel("colour", ("r", "g", "b")))
ALPHABET = Alphabet(CHANNELS, length=4)


def encode(*rows: str) -> np.ndarray:
    """`"▲r ■g …"`, four tokens a row, as codes of shape (N, 4, 2)."""
    shapes, colours = CHANNELS[0].symbols, CHANNELS[1].symbols
    return np.array(
        [
            [[shapes.index(token[0]), colours.index(token[1])] for token in row.split()]
            for row in rows
        ]
    )


ROWS = encode("▲r ▲g ■b ●r", "■r ■g ●b ▲r", "●b ●b ●b ●b")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["count(▲) == 2"], [True, False, False]),
        (["count(▲) != 2"], [False, True, True]),
        (["count(▲) >= 1"], [True, True, False]),
        (["count(b) > 1"], [False, False, True]),
        (["count(■) < 1"], [False, False, True]),
        (["count(■) <= 1"], [True, False, True]),
        (["colour(2) == g"], [True, True, False]),
        (["colour(4) in {r, g}"], [True, True, False]),
        (["shape(1) in {●}"], [False, False, True]),
        (["parity(■) == even"], [False, True, True]),
        (["parity(■) == odd"], [True, False, False]),
        (["first(▲) < first(●)"], [True, False, False]),
        (["first(▲) > first(●)"], [False, True, False]),
        (["count(▲) >= 1", "parity(■) == even"], [False, True, False]),
    ],
)
def test_rule_holds_where_it_says(lines: list[str], expected: list[bool]) -> None:
    assert parse_rule(lines, ALPHABET)(ROWS).tolist() == expected


@pytest.mark.parametrize(
    ("line", "what", "fix"),
    [
        ("count(△) == 3", "there is no symbol '△'", "use one of ▲ ■ ● r g b"),
        ("count(▲) == 9", "has 4 tokens and can never count 9", "up to 4"),
        ("parity(■) == evn", "'evn' is no parity", "did you mean 'even'"),
        ("first(▲) < first(▲)", "cannot come before itself", "two different"),
        ("color(2) == g", "there is no channel 'color'", "did you mean 'colour'"),
        ("colour(5) == g", "there is no token 5", "count from 1 to 4"),
        ("colour(0) == g", "there is no token 0", "count from 1 to 4"),
        ("colour(2) == ▲", "'▲' is no colour", "use one of r g b"),
        ("three triangles", "cannot read 'three triangles'", "write it like"),
        ("count(▲) = 3", "cannot read", "write it like"),
    ],
)
def test_unreadable_line_is_named_with_its_fix(line: str, what: str, fix: str) -> None:
    with pytest.raises(SettingError, match="rule") as caught:
        parse_rule(["count(▲) == 2", line], ALPHABET)
    assert caught.value.path == "rule[1]"
    assert what in caught.value.what
    assert fix in caught.value.fix


def test_empty_rule_is_refused() -> None:
    with pytest.raises(SettingError, match="the rule is empty"):
        parse_rule([], ALPHABET)
