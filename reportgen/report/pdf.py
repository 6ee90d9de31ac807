"""The paper: a report in, the bytes of a tagged PDF out.

Same report, same bytes: no clock is read, and nothing is loaded but what is handed in.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup
from weasyprint import HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reportgen.errors import GateError, Problem
from reportgen.report.document import Figure, Report
from reportgen.report.fonts import FACES, cut_face
from reportgen.report.html import visible_text
from reportgen.report.marks import ASSET, PaperMarks
from reportgen.report.sections import Templates
from reportgen.report.widths import column_widths

# Files in a PDF must carry a date; the day PDF became a standard says nothing false.
FIXED_DATE = datetime(2008, 7, 1, tzinfo=UTC)
_TYPES = {".svg": "image/svg+xml", ".ttf": "font/ttf"}


class AssetFetcher(URLFetcher):  # type: ignore[misc]
    """Hands out the given files and refuses, and remembers, everything else."""

    def __init__(self, assets: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=("asset", "data"), allow_redirects=False)
        self.assets = assets
        self.refused: list[str] = []

    def fetch(
        self, url: str, headers: Mapping[str, str] | None = None
    ) -> URLFetcherResponse:
        """Give an asset; inside an SVG the error is swallowed, so note it down."""
        if url.startswith("data:"):
            return super().fetch(url, headers)
        if url not in self.assets:
            self.refused.append(url)
            raise FatalURLFetchingError(f"not part of the report: {url}")
        kind = _TYPES["." + url.rpartition(".")[2]]
        return URLFetcherResponse(url, self.assets[url], {"Content-Type": kind})


@dataclass(frozen=True)
class PaperDraft:
    """A paper before it is laid out: its HTML and the files that this asks for."""

    markup: str
    assets: Mapping[str, bytes]


def render_paper(report: Report, templates: Templates) -> bytes:
    """Print a report as a PDF.

    Raises:
        GateError: something in it asks for a file that is not part of it.
    """
    return print_paper(report, draft_paper(report, templates))


def draft_paper(report: Report, templates: Templates) -> PaperDraft:
    """Write what a report's paper is to be laid out from."""
    marks = PaperMarks()

    def source(figure: Figure) -> str:
        return marks.add(f"figures/{figure.name}.svg", figure.svg.encode())

    paper = templates.environment.get_template("paper.html")
    context = {
        "report": report,
        "text": marks.text,
        "source": source,
        "widths": column_widths,
    }
    bare = paper.render(context | {"style": ""})
    style = _font_rules(visible_text(bare), marks) + templates.read("paper.css")
    markup = paper.render(context | {"style": Markup(style)})  # noqa: S704
    return PaperDraft(markup, marks.assets)


def _font_rules(text: str, marks: PaperMarks) -> str:
    rules = []
    for face in FACES:
        address = marks.add(f"fonts/{face.name}.ttf", cut_face(face, text))
        rules.append(
            f'@font-face{{font-family:"{face.family}";font-weight:{face.weight};'
            f"font-style:{face.style};src:url({address})}}\n"
        )
    return "".join(rules)


def print_paper(report: Report, draft: PaperDraft) -> bytes:
    """Lay a draft out on pages.

    Raises:
        GateError: it asks for a file that is not part of the report.
    """
    fetcher = AssetFetcher(draft.assets)
    try:
        paper: bytes = HTML(
            string=draft.markup, base_url=ASSET, url_fetcher=fetcher
        ).write_pdf(
            font_config=FontConfiguration(),
            pdf_variant="pdf/ua-1",
            pdf_identifier=hashlib.sha256(report.digest.encode()).digest()[:16],
            custom_metadata=False,
            attachments=[
                Attachment(
                    string=content,
                    name=name,
                    description=f"Evidence of {report.study}",
                    created=FIXED_DATE,
                    modified=FIXED_DATE,
                )
                for name, content in sorted(report.attachments.items())
            ],
        )
    except FatalURLFetchingError as error:
        raise GateError(_refusal(report, fetcher.refused)) from error
    if fetcher.refused:
        raise GateError(_refusal(report, fetcher.refused))
    return paper


def _refusal(report: Report, refused: list[str]) -> list[Problem]:
    where = f"paper of {report.study}"
    fix = "a report holds its own figures and fonts; take the address out"
    return [Problem(f"it asks for {url}", where, fix) for url in dict.fromkeys(refused)]
