import io
import logging
from dataclasses import replace

import pikepdf
import pytest

from reportgen.errors import GateError
from reportgen.report.document import Figure, Prose, Report
from reportgen.report.pdf import render_paper
from reportgen.report.sections import Templates

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def short(report: Report) -> Report:
    """The front, the introduction, and what these refer to."""
    few = {one.name: one for one in report.sections}
    figures = tuple(one for one in few["results"].blocks if isinstance(one, Figure))
    results = replace(few["results"], blocks=figures)
    sections = (few["summary"], few["introduction"], results, few["sensitivity"])
    return replace(report, sections=sections)


@pytest.fixture(scope="module")
def paper(short: Report, templates: Templates) -> bytes:
    return render_paper(short, templates)


def test_same_report_same_bytes(
    paper: bytes, short: Report, templates: Templates
) -> None:
    assert render_paper(short, templates) == paper


def test_it_is_tagged_titled_and_carries_its_evidence(
    paper: bytes, short: Report
) -> None:
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "en"
        assert "What 5 seeds show" in str(pdf.docinfo["/Title"])
        assert set(pdf.attachments) == {"facts.json.gz", "runs.csv"}
        runs = pdf.attachments["runs.csv"].get_file().read_bytes()
        assert runs == short.attachments["runs.csv"]
        assert pdf.Root.Outlines.Count != 0
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"


def test_no_font_comes_from_the_machine(paper: bytes) -> None:
    names = set()
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        for page in pdf.pages:
            for font in page.Resources.get("/Font", {}).values():
                names.add(str(font.BaseFont).split("+")[-1])
    assert names
    assert {name for name in names if not name.startswith("Report-")} == set()
    assert {name for name in names if "Oblique" in name} == set()  # no faked slope


def test_the_layout_engine_has_nothing_to_say(
    short: Report, templates: Templates, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        render_paper(short, templates)
    assert [record.getMessage() for record in caplog.records] == []


@pytest.mark.parametrize(
    "html",
    [
        '<img src="file:///etc/hostname" alt="a">',
        '<p style="background: url(http://localhost/a.png)">a</p>',
        '<img src="asset:figures/nosuch.svg" alt="a">',
    ],
)
def test_nothing_else_is_fetched(
    report: Report, templates: Templates, html: str
) -> None:
    section = replace(report.sections[0], blocks=(Prose(html),))
    bad = replace(report, sections=(section,))
    with pytest.raises(GateError, match="it asks for"):
        render_paper(bad, templates)


def test_a_figure_that_fetches_is_found_out(
    report: Report, templates: Templates
) -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        '<image href="file:///etc/hostname" width="9" height="9"/></svg>'
    )
    figure = replace(report.figures[0], svg=svg)
    section = replace(report.sections[0], blocks=(figure,))
    with pytest.raises(GateError, match="it asks for file:///etc/hostname"):
        render_paper(replace(report, sections=(section,)), templates)
