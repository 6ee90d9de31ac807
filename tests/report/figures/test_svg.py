import re
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from reportgen.report.figures.style import (
    Type,
    add_panel,
    new_figure,
    paper_style,
    write_at,
)
from reportgen.report.figures.svg import LONG, svg_text
from reportgen.report.figures.typeface import UPRIGHT, named_face
from reportgen.report.fonts import FACES, SANS


def draw(name: str, *, points: int = 3) -> str:
    with paper_style():
        figure = new_figure(1.5)
        axes = add_panel(figure, 0.5, 0.5, 4, 0.8)
        axes.plot(range(points), [one % 7 / 3 for one in range(points)], "o-")
        look = Type(bold=True)
        write_at(axes, "Arm ▲ −0.5", (0.5, 0.5), anchor="axes", look=look)
        return svg_text(figure, name)


def test_no_date_no_rule_no_comment() -> None:
    svg = draw("one")
    assert svg.startswith("<svg ")
    for word in (
        "<style",
        "<!--",
        "<metadata",
        "<?xml",
        "xlink",
        "ns0:",
    ):
        assert word not in svg


def test_ids_begin_with_the_name_only() -> None:
    one = draw("one")
    assert all(name.startswith("one-") for name in re.findall(r' id="([^"]+)"', one))
    assert one.replace("one-", "two-") == draw("two")


def test_coordinates_are_rounded() -> None:
    svg = draw("one")
    coordinates = re.findall(r'(?: x| y| d)="([^"]+)"', svg)
    assert coordinates
    assert not re.search(r"\.\d{3}", " ".join(coordinates))
    long = max(re.findall(r' d="(M [^"]+)"', draw("one", points=400)), key=len)
    assert len(long) > LONG / 2  # it was longer before
    assert not re.search(r"\.\d{2}", long)


@pytest.mark.parametrize("name", ["Regular", "Bold"])
def test_styles_of_the_typeface_have_names_of_their_own(name: str) -> None:
    fonts = [TTFont(BytesIO(named_face(face))) for face in UPRIGHT]
    found = [font["name"].getDebugName(6) for font in fonts]
    assert found.count(f"{SANS.replace(' ', '')}-{name}") == 1


def test_typeface_is_cut_the_same_each_time() -> None:
    face = next(face for face in FACES if face.family == SANS)
    assert named_face(face) == named_face(face)
