"""Author's text: Markdown in, clean HTML with marks for formulas out.

Raw HTML in the source is shown as text, and what Markdown makes is cleaned once more
before anything of ours goes in.
"""

import html
import re

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

# Section headings are h2 on the page, so the author's own begin at h3.
_DEEPER, _DEEPEST = 2, 5
_TAGS = {
    *("p", "em", "strong", "code", "pre", "ul", "ol", "li", "blockquote", "br", "hr"),
    *("h3", "h4", "h5", "table", "thead", "tbody", "tr", "th", "td"),
    *("a", "sup", "section", "span", "div", "s"),
}
_ATTRIBUTES = {
    "a": {"href", "class", "id"},
    "span": {"class"},
    "div": {"class"},
    "sup": {"class"},
    "section": {"class"},
    "li": {"class", "id"},
    "ol": {"class", "start"},
    "code": {"class"},
}


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            level = min(int(token.tag[1]) + _DEEPER, _DEEPEST)
            token.tag = f"h{level}"


def _mark_formula(tex: str, options: dict[str, bool]) -> str:
    kind = "math display" if options.get("display_mode") else "math"
    return f'<span class="{kind}">{html.escape(tex)}</span>'


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "typographer": True})
    reader.enable(["table", "strikethrough", "smartquotes"])
    reader.use(footnote_plugin)
    # Without this, "$5 and $6" would be a formula.
    reader.use(
        dollarmath_plugin,
        allow_space=False,
        double_inline=True,
        renderer=_mark_formula,
    )
    reader.core.ruler.push("lower_headings", _lower_headings)
    return reader


_READER = _reader()


def read_markdown(text: str, *, prefix: str) -> str:
    """Turn Markdown into clean HTML.

    Args:
        text: the source.
        prefix: begins the ids of footnotes, so that sections do not collide.
    """
    made = _READER.render(text, {"docId": prefix})
    return _clean(made)


def read_inline(text: str) -> str:
    """Turn one line of Markdown into HTML without a paragraph around it."""
    return _clean(_READER.renderInline(" ".join(text.split())))


def _clean(made: str) -> str:
    clean: str = nh3.clean(
        made,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    clean = clean.replace("\u21a9\ufe0e", "↑")  # few fonts have the plug-in's arrow
    clean = re.sub(r'(class="footnote-ref"><a [^>]*>)\[([\d:]+)\]', r"\1\2", clean)
    # The plug-in wraps our mark in one of its own.
    return re.sub(r'<span class="math inline">(<span.*?</span>)</span>', r"\1", clean)


def formulas(text: str) -> list[str]:
    """The TeX of every formula in cleaned HTML."""
    return [html.unescape(tex) for tex in re.findall(_FORMULA, text)]


_FORMULA = r'<span class="math(?: display)?">(.*?)</span>'
