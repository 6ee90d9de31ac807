import base64
import gzip
import hashlib
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reportgen.report.document import Report
from reportgen.report.fonts import FACES
from reportgen.report.html import render_page
from reportgen.report.marks import csv_link
from reportgen.report.sections import Templates


@pytest.fixture(scope="module")
def page(
    report: Report, templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> str:
    return render_page(report, templates, tmp_path_factory.mktemp("cache"))


class Outline(HTMLParser):
    """Collects ids, links, headings and images."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []
        self.missing_alt = 0
        self.headers_without_scope = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags[tag] += 1
        if named.get("id"):
            self.ids.append(named["id"] or "")
        if tag == "a":
            self.links.append(named.get("href") or "")
        if tag == "img":
            self.sources.append(named.get("src") or "")
            self.missing_alt += not named.get("alt")
        if tag == "th":
            self.headers_without_scope += "scope" not in named


def test_same_report_same_bytes(
    page: str, report: Report, templates: Templates, tmp_path: Path
) -> None:
    assert render_page(report, templates, tmp_path) == page


def test_nothing_is_loaded_from_elsewhere(page: str) -> None:
    outline = Outline(page)
    assert all(source.startswith("data:image/svg+xml") for source in outline.sources)
    assert not re.findall(r"url\((?!data:|%23)", page)
    assert outline.tags["link"] == outline.tags["iframe"] == 0


def test_the_policy_allows_this_script_and_no_other(page: str) -> None:
    (script,) = re.findall(r"<script>(.*?)</script>", page, flags=re.S)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert f"script-src &#39;sha256-{digest}&#39;" in policy
    assert policy.startswith("default-src &#39;none&#39;")


def test_headings_links_and_tables_are_sound(page: str) -> None:
    outline = Outline(page)
    assert outline.tags["h1"] == 1
    assert outline.tags["main"] == outline.tags["nav"] == 1
    assert outline.missing_alt == 0
    assert outline.headers_without_scope == 0
    assert [name for name, count in Counter(outline.ids).items() if count > 1] == []
    inside = {link[1:] for link in outline.links if link.startswith("#")}
    assert inside <= set(outline.ids)


def test_numbers_lead_to_their_evidence(page: str) -> None:
    (place,) = set(re.findall(r'<a class="fact" href="#(ev-\d+)">[^<]*</a> runs', page))
    (entry,) = re.findall(rf'<li id="{place}">(.*?)</li>', page)
    assert "count/runs/planned" in entry
    assert "data-fact" not in page


def test_formulas_speak_and_take_the_texts_colour(page: str) -> None:
    assert 'role="img" aria-label="x_i &lt; \\theta"' in page
    assert "currentColor" in page


def test_every_font_is_inside(page: str) -> None:
    assert page.count("@font-face") == len(FACES)
    assert page.count("url(data:font/woff2;base64,") == len(FACES)


def test_data_can_be_taken_away(page: str, report: Report) -> None:
    assert page.count('href="data:text/csv') == len(report.figures) + 1
    assert 'href="data:application/gzip;base64,' in page


def test_the_page_is_light(page: str) -> None:
    assert len(page.encode()) < 3 * 2**20


def test_large_tables_travel_compressed() -> None:
    table = ("arm,seed\n" + "baseline,1\n" * 8000).encode()
    link = str(csv_link("runs", table, "Runs"))
    assert 'download="runs.csv.gz"' in link
    packed = base64.b64decode(link.split("base64,")[1].split('"')[0])
    assert gzip.decompress(packed) == table
    assert len(link) < len(table) / 10
    assert 'download="runs.csv"' in str(csv_link("runs", b"arm,seed\n", "Runs"))
