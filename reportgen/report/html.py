"""The page: a report in, one self-contained HTML file out."""

import base64
import hashlib
import html
import re
from pathlib import Path

from markupsafe import Markup

from reportgen.report.document import Figure, Report
from reportgen.report.fonts import FACES, compressed_face
from reportgen.report.marks import PageMarks, csv_link, data_uri, evidence_places
from reportgen.report.sections import Templates


def render_page(report: Report, templates: Templates, cache: Path) -> str:
    """Print a report as a page that loads nothing from anywhere.

    Args:
        report: what to print.
        templates: page.html, blocks.html, page.css and page.js are used.
        cache: folder that keeps compressed fonts between calls.
    """
    script = templates.read("page.js")
    marks = PageMarks(evidence_places(report))
    page = templates.environment.get_template("page.html")
    context = {
        "report": report,
        "text": marks.text,
        "source": figure_source,
        "csv_link": csv_link,
        "data_uri": data_uri,
        # Our own files, printed as they are.
        "script": Markup(script),  # noqa: S704
        "policy": content_policy(script),
    }
    bare = page.render(context | {"style": ""})
    fonts = font_rules(visible_text(bare), cache)
    style = Markup(fonts + templates.read("page.css"))  # noqa: S704
    return page.render(context | {"style": style}) + "\n"


def content_policy(script: str) -> str:
    """A policy under which a browser loads nothing and runs this script only."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        f"font-src data:; script-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'"
    )


def figure_source(figure: Figure) -> Markup:
    """A figure's drawing as an address."""
    return data_uri("image/svg+xml", figure.svg)


def visible_text(page: str) -> str:
    """The characters a reader may see, each once, sorted."""
    bare = re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>", "", page, flags=re.S)
    return "".join(sorted(set(html.unescape(bare))))


def font_rules(text: str, cache: Path) -> str:
    """The fonts a text needs, as rules that hold the fonts themselves."""
    rules = []
    for face in FACES:
        encoded = base64.b64encode(compressed_face(face, text, cache)).decode()
        rules.append(
            f'@font-face{{font-family:"{face.family}";font-weight:{face.weight};'
            f"font-style:{face.style};font-display:block;"
            f"src:url(data:font/woff2;base64,{encoded})}}\n"
        )
    return "".join(rules)
