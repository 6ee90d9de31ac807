import csv
import hashlib
import io
import re
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from reportgen.report.figures import FIGURES
from reportgen.report.figures.view import FigureImage, FigureView
from tests.report.figures.sample import make_sample

FAILED = (("baseline", 7), ("dropout", 3), ("transformer", 1), ("transformer", 4))
LARGEST = 200_000  # bytes


def parse(svg: str) -> Element:
    return ElementTree.fromstring(svg)  # noqa: S314 -- our own output


def run_python(code: str) -> str:
    """What a fresh process prints, in another time zone and with another hash seed."""
    environment = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(  # noqa: S603 -- this interpreter, code from this file
        command, capture_output=True, text=True, check=True, env=environment
    )
    return done.stdout


def draw(name: str, view: FigureView) -> FigureImage | None:
    module, _, attribute = FIGURES[name].partition(":")
    function: Callable[[FigureView], FigureImage | None]
    function = getattr(import_module(module), attribute)
    return function(view)


def digest(image: FigureImage | None) -> str:
    return hashlib.sha256(repr(image).encode()).hexdigest()


@pytest.fixture(scope="module")
def view() -> FigureView:
    return make_sample(arms=15, seeds=10, claims=12, failed=FAILED)


@pytest.fixture(scope="module")
def images(view: FigureView) -> dict[str, FigureImage]:
    drawn = {name: draw(name, view) for name in FIGURES}
    assert None not in drawn.values()
    return {name: image for name, image in drawn.items() if image is not None}


@pytest.mark.parametrize("name", FIGURES)
def test_svg_is_self_contained(name: str, images: dict[str, FigureImage]) -> None:
    image = images[name]
    assert image.name == name
    root = parse(image.svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    ids = re.findall(r' id="([^"]+)"', image.svg)
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(rf"{name}-\d+", one) for one in ids)
    references = re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', image.svg)
    assert {one or other for one, other in references} == set(ids)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "g", "path", "use", "defs", "clipPath", "rect"}


@pytest.mark.parametrize("name", FIGURES)
def test_svg_is_small(name: str, images: dict[str, FigureImage]) -> None:
    assert len(images[name].svg.encode()) < LARGEST


@pytest.mark.parametrize("name", FIGURES)
def test_words_are_there(name: str, images: dict[str, FigureImage]) -> None:
    image = images[name]
    assert image.title
    assert image.caption.endswith(".")
    assert 60 < len(image.alt) < 2000
    assert image.alt.endswith(".")
    words = f"{image.title} {image.caption} {image.alt}"
    assert not re.search(r"nan|None|\{|\?", words)


@pytest.mark.parametrize("name", FIGURES)
def test_data_is_a_table(name: str, images: dict[str, FigureImage]) -> None:
    rows = list(csv.reader(io.StringIO(images[name].data_csv)))
    assert len(rows) > 1
    assert len(set(rows[0])) == len(rows[0])
    assert all(len(row) == len(rows[0]) for row in rows)
    assert "nan" not in images[name].data_csv


@pytest.mark.parametrize("name", FIGURES)
def test_width_is_one_of_two(name: str, images: dict[str, FigureImage]) -> None:
    width = "396pt" if images[name].wide else "244.8pt"
    root = parse(images[name].svg)
    assert root.get("width") == width
    assert float(root.get("height", "0").removesuffix("pt")) < 9.2 * 72


def test_same_bytes_in_another_process(images: dict[str, FigureImage]) -> None:
    code = (
        "from tests.report.figures.sample import make_sample\n"
        "from tests.report.figures.test_catalogue import *\n"
        "view = make_sample(arms=15, seeds=10, claims=12, failed=FAILED)\n"
        "for name in reversed(FIGURES):\n"
        "    print(name, digest(draw(name, view)))\n"
    )
    expected = {name: digest(image) for name, image in images.items()}
    printed = (line.split() for line in run_python(code).splitlines())
    assert dict(printed) == expected


def test_catalogue_imports_nothing_heavy() -> None:
    code = (
        "import sys, reportgen.report.figures\n"
        "assert not {'matplotlib', 'numpy'} & set(sys.modules)\n"
        "print('light')"
    )
    assert run_python(code) == "light\n"


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize(
    "study",
    [
        {"arms": 1, "seeds": 1, "claims": 0},
        {"arms": 1, "seeds": 3, "claims": 0, "failed": (("baseline", 0),)},
        {"arms": 5, "seeds": 1, "claims": 5},
        {"arms": 9, "seeds": 2, "claims": 3, "joint": True},
        {"arms": 2, "seeds": 2, "failed": (("bilstm", 0), ("bilstm", 1))},
        {"arms": 2, "seeds": 2, "failed": (("baseline", 0), ("baseline", 1))},
    ],
    ids=["one run", "one arm", "one seed", "two seeds", "arm lost", "baseline lost"],
)
def test_small_studies_draw_or_say_none(name: str, study: dict[str, object]) -> None:
    view = make_sample(**study)  # type: ignore[arg-type]
    image = draw(name, view)
    if image is not None:
        parse(image.svg)
        assert not re.search(r"nan|None", f"{image.caption} {image.alt}")
    lone = {"claims": study.get("claims") == 0, "arm_curves": study["arms"] == 1}
    if lone.get(name):
        assert image is None


@pytest.mark.parametrize("name", ["claims", "seeds", "shifts", "arm_curves"])
def test_large_studies_stay_on_a_page(name: str) -> None:
    image = draw(name, make_sample(arms=24, seeds=10, claims=40))
    assert image is not None
    assert len(image.svg.encode()) < LARGEST
    root = parse(image.svg)
    assert float(root.get("height", "0").removesuffix("pt")) < 9.2 * 72
