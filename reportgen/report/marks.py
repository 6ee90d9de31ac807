"""Marks into media: the document's HTML in, what a page or a paper shows out."""

import base64
import gzip
import hashlib
import html
import re
from dataclasses import dataclass, field
from urllib.parse import quote

from markupsafe import Markup

from reportgen.report.document import Report
from reportgen.report.math import in_black, set_formula

ASSET = "asset:"
PACKED_FROM = 20_000  # bytes of a table from which a page carries it compressed
_MATH = re.compile(r'<span class="math( display)?">(.*?)</span>', re.S)
_FACT = re.compile(r'<span class="fact" data-fact="([^"]*)">(.*?)</span>', re.S)


def data_uri(kind: str, content: str | bytes) -> Markup:
    """A file as an address: text percent-encoded, bytes in base64."""
    if isinstance(content, bytes):
        encoded = base64.b64encode(content).decode()
        return Markup("data:{};base64,{}").format(kind, encoded)
    # Only what an attribute or an address could trip over is encoded.
    text = quote(content, safe=" ,;:=/()'+*!@$[]{}|^`~?&-._\n")
    text = text.replace("\n", "%0A")
    # Quotes and angle brackets are encoded above; ampersands are escaped here.
    return Markup("data:{};charset=utf-8,{}").format(kind, text)


def csv_link(stem: str, table: bytes, words: str) -> Markup:
    """A link that saves a CSV table; compressed where that spares the page much."""
    name, address = f"{stem}.csv", data_uri("text/csv", table.decode())
    if len(table) > PACKED_FROM:
        packed = gzip.compress(table, mtime=0)
        name, address = f"{name}.gz", data_uri("application/gzip", packed)
    link = '<a download="{}" href="{}">{}</a>'
    return Markup(link).format(name, address, words)  # noqa: S704


@dataclass(frozen=True)
class PageMarks:
    """Formulas inline in the text's colour, numbers as links to their evidence."""

    places: dict[str, int]  # of facts in the list of evidence, from 1

    def text(self, marked: str) -> Markup:
        """Print a text of the document on the page."""
        shown = _MATH.sub(_inline, marked)
        # The document's own HTML: authors' text was cleaned when it was read.
        return Markup(_FACT.sub(self._fact, shown))  # noqa: S704

    def _fact(self, fact: re.Match[str]) -> str:
        place = self.places[html.unescape(fact[1])]
        return f'<a class="fact" href="#ev-{place}">{fact[2]}</a>'


@dataclass(frozen=True)
class PaperMarks:
    """Formulas as images with their TeX as alternative; collects what it shows."""

    assets: dict[str, bytes] = field(default_factory=dict)

    def text(self, marked: str) -> Markup:
        """Print a text of the document on paper."""
        # Same places to break at, without an element for each.
        shown = _MATH.sub(self._image, marked.replace("<wbr>", "\u200b"))
        return Markup(_FACT.sub(r'<span class="fact">\2</span>', shown))  # noqa: S704

    def add(self, name: str, content: bytes) -> str:
        """Keep a file for the paper and give its address."""
        self.assets[ASSET + name] = content
        return ASSET + name

    def _image(self, formula: re.Match[str]) -> str:
        display, tex = bool(formula[1]), html.unescape(formula[2])
        svg = set_formula(tex, display=display)
        style = _box(svg)
        name = hashlib.sha256(tex.encode()).hexdigest()[:16]
        kind = "display" if display else "inline"
        address = self.add(f"math/{name}-{kind}.svg", in_black(svg).encode())
        alt = html.escape(tex)
        image = f'<img src="{address}" alt="{alt}" style="{style}">'
        return f'<span class="math {kind}">{image}</span>'


def _inline(formula: re.Match[str]) -> str:
    display, tex = bool(formula[1]), html.unescape(formula[2])
    svg = set_formula(tex, display=display)
    kind = "math display" if display else "math"
    alt = html.escape(tex)
    quiet = svg.replace("<svg ", '<svg aria-hidden="true" ', 1)
    return f'<span class="{kind}" role="img" aria-label="{alt}">{quiet}</span>'


def _box(svg: str) -> str:
    """Size and depth of a formula, from the SVG's own attributes."""
    depth = re.findall(r"vertical-align: ([^;\"]+)", svg)
    width = re.findall(r'width="([^"]+)"', svg)
    height = re.findall(r'height="([^"]+)"', svg)
    down = depth[0] if depth else "0"
    return f"vertical-align:{down};width:{width[0]};height:{height[0]}"


def evidence_places(report: Report) -> dict[str, int]:
    """Where each fact stands in the list of evidence, counted from 1."""
    return {fact.id: place for place, fact in enumerate(report.evidence, 1)}
