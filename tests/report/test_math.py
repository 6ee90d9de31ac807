import re

import pytest

from reportgen.errors import SettingError
from reportgen.report.math import in_black, set_formula


def test_a_formula_takes_the_colour_of_its_text() -> None:
    svg = set_formula(r"\frac{1}{N}\sum_i x_i")
    assert svg.startswith("<svg")
    assert "currentColor" in svg
    assert "ex" not in re.findall(r'width="([^"]+)"', svg)[0]
    assert "currentColor" not in in_black(svg)


def test_ids_hang_on_the_formula_alone() -> None:
    first = set_formula("a + b")
    set_formula.cache_clear()
    set_formula("c")
    assert set_formula("a + b") == first
    own, other = re.findall(r'id="(m\w{8})', first)[0], set_formula("x + y")
    assert own not in other


@pytest.mark.parametrize(
    ("tex", "message"),
    [(r"\frac{a", "Missing"), (r"a + \nosuch b", r"unknown command \\nosuch")],
)
def test_wrong_tex_is_refused(tex: str, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        set_formula(tex)
