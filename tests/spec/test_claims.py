"""Sentences of claims: each pattern is read as what it says, and nothing else is."""

import pytest

from reportgen.errors import SettingError
from reportgen.spec.claims import PATTERNS, About, Kind, parse_claim


@pytest.mark.parametrize(("about", "kind"), PATTERNS)
def test_a_sentence_survives_reading_and_writing(about: About, kind: Kind) -> None:
    held_against = "0.5" if about == "level" else "other"
    says = PATTERNS[about, kind].format(
        a="arm", b=held_against, m="test.hwa@last", n="ordering.hwa@last"
    )
    parts = parse_claim("  " + says.replace(" ", "  "))
    assert (parts.about, parts.kind, parts.variant) == (about, kind, "arm")
    assert parts.says == says
    assert parts.arms == (("arm",) if about == "level" else ("arm", "other"))


def test_parts_of_a_shift() -> None:
    parts = parse_claim("a is as robust as b from test.hwa@last to ordering.hwa@last")
    assert (parts.evaluation_set, parts.shifted_set) == ("test", "ordering")
    assert (parts.measure, parts.rule) == ("hwa", "last")


@pytest.mark.parametrize(
    ("yardstick", "value"),
    [("0.8", 0.8), ("1", 1.0), ("-2", -2.0), ("1e-3", 1e-3), ("chance", None)],
)
def test_yardsticks(yardstick: str, value: float | None) -> None:
    assert parse_claim(f"a beats {yardstick} on test.loss").constant == value


@pytest.mark.parametrize("yardstick", ["nan", "inf", "80%", "0,8", "luck", ".8", "--1"])
def test_what_is_no_yardstick(yardstick: str) -> None:
    with pytest.raises(SettingError, match="nothing to hold a single arm against"):
        parse_claim(f"a beats {yardstick} on test.hwa")


@pytest.mark.parametrize(
    ("says", "nearest"),
    [
        ("a is better than b", "A improves METRIC over B"),
        ("a is robuster than b on test.hwa", "A improves METRIC over B"),
        ("a robust b", "A is more robust than B from TEST.METRIC to SHIFT.METRIC"),
        ("a beats b", "A beats NUMBER|chance|ceiling on METRIC"),
        ("a fails less than b", "A fails less often than B"),
        ("a varies less than b", "A varies less over seeds than B on METRIC"),
        ("a is less robust b from x to y", "A is more robust than B"),
        ("a improves test.hwa over b and c", "A improves METRIC over B"),
    ],
)
def test_what_is_no_claim_is_shown_the_nearest_patterns(
    says: str, nearest: str
) -> None:
    with pytest.raises(SettingError, match="cannot read") as caught:
        parse_claim(says)
    assert caught.value.fix.startswith(f"write {nearest}")
