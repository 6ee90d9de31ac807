"""Bibliography files: BibTeX in, CSL-JSON items with their lines out.

Our own mapping, because the readers at hand print "others" as an author and drop the
addresses of preprints. Field names: BibTeX as in btxdoc; CSL-JSON as in CSL 1.0.2.
"""

import html
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pybtex.database import BibliographyData, Entry, Person, parse_string
from pybtex.exceptions import PybtexError
from pybtex.richtext import Text

from reportgen.errors import InputError, Location, Problem

OTHERS = "others"
_TYPES = {
    "article": "article-journal",
    "book": "book",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "conference": "paper-conference",
    "mastersthesis": "thesis",
    "phdthesis": "thesis",
    "techreport": "report",
    "software": "software",
    "misc": "article",
    "unpublished": "manuscript",
}
_FIELDS = {
    "title": "title",
    "journal": "container-title",
    "booktitle": "container-title",
    "volume": "volume",
    "number": "issue",
    "pages": "page",
    "publisher": "publisher",
    "institution": "publisher",
    "school": "publisher",
    "address": "publisher-place",
    "edition": "edition",
    "doi": "DOI",
    "url": "URL",
    "howpublished": "genre",
}


@dataclass(frozen=True)
class BibEntry:
    """One entry: its CSL-JSON item and where it begins."""

    key: str
    item: dict[str, Any]
    where: Location


def read_bibtex(path: Path) -> tuple[BibEntry, ...]:
    """Read every entry of a BibTeX file, in the file's order.

    Raises:
        InputError: no such file, not BibTeX, an entry twice, or one that lacks a
            title, a year or an author; all problems at once.
    """
    if not path.is_file():
        fix = "create it, or correct report.bibliography"
        raise InputError(Problem("there is no such bibliography", str(path), fix))
    text = path.read_text(encoding="utf-8")
    starts = _starts(path, text)
    seen: dict[str, Location] = {}
    problems = []
    for key, where in starts:
        if key in seen:
            fix = f"keep one; the first is on line {seen[key].line}"
            problems.append(Problem(f"entry {key!r} occurs twice", where, fix))
        seen.setdefault(key, where)
    if problems:
        raise InputError(problems)
    entries = tuple(
        BibEntry(key, _item(key, entry), seen[key])
        for key, entry in _parse(path, text).entries.items()
    )
    problems = [problem for entry in entries for problem in _lacks(entry)]
    if problems:
        raise InputError(problems)
    return entries


def _parse(path: Path, text: str) -> BibliographyData:
    try:
        return parse_string(text, "bibtex")
    except PybtexError as error:
        line = getattr(error, "lineno", None) or 1
        lines = text.splitlines() or [""]
        where = Location(str(path), line, 1, lines[min(line, len(lines)) - 1])
        raise InputError(
            Problem(f"not BibTeX: {error}", where, "correct the entry")
        ) from error


def _starts(path: Path, text: str) -> list[tuple[str, Location]]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r"\s*@(\w+)\s*[{(]\s*([^,\s]+)", line)
        if match and match[1].lower() not in ("comment", "string", "preamble"):
            where = Location(str(path), number, match.start(2) + 1, line)
            found.append((match[2], where))
    return found


def _lacks(entry: BibEntry) -> list[Problem]:
    needed = {"title": "title", "issued": "year"}
    missing = [name for field, name in needed.items() if field not in entry.item]
    if not {"author", "editor"} & set(entry.item):
        missing.append("author")
    return [
        Problem(
            f"entry {entry.key!r} has no {name}", entry.where, f"add {name} = {{…}}"
        )
        for name in missing
    ]


def _item(key: str, entry: Entry) -> dict[str, Any]:
    fields = {name.lower(): value for name, value in entry.fields.items()}
    item: dict[str, Any] = {
        "id": key,
        "type": _TYPES.get(entry.type.lower(), "article"),
    }
    for name, target in _FIELDS.items():
        if name in fields:
            item[target] = _plain(fields[name], keep=target in ("DOI", "URL"))
    if "page" in item:
        item["page"] = re.sub(r"\s*[-–]+\s*", "-", item["page"])
    year = re.search(r"\d{4}", fields.get("year", fields.get("date", "")))
    if year:
        item["issued"] = {"date-parts": [[int(year[0])]]}
    for role in ("author", "editor"):
        people = entry.persons.get(role, [])
        if people:
            item[role] = [_name(person) for person in people]
    return _with_address(item, fields)


def _with_address(item: dict[str, Any], fields: dict[str, str]) -> dict[str, Any]:
    """Keep where the work can be read: DOI, else arXiv, else its URL."""
    is_arxiv = fields.get("archiveprefix", fields.get("eprinttype", "arxiv"))
    if "eprint" in fields and is_arxiv.lower() == "arxiv":
        item.setdefault("URL", f"https://arxiv.org/abs/{fields['eprint']}")
        if "container-title" not in item:
            item.setdefault("publisher", "arXiv")
    if "DOI" in item:
        item["DOI"] = re.sub(r"^https?://(dx\.)?doi\.org/", "", item["DOI"])
        item.pop("URL", None)
    return item


def _plain(value: str, *, keep: bool = False) -> str:
    """TeX accents and braces resolved, HTML escaped; addresses only unescaped."""
    if keep:
        return value.replace("\\_", "_").replace("\\%", "%").strip("{} ")
    text = str(Text.from_latex(value)).replace("\n", " ")
    return html.escape(" ".join(text.split()), quote=False)


def _name(person: Person) -> dict[str, str]:
    def words(parts: list[str]) -> str:
        return _plain(" ".join(parts))

    family = words([*person.prelast_names, *person.last_names])
    given = words([*person.first_names, *person.middle_names])
    name = {"family": family}
    if given:
        name["given"] = given
    if person.lineage_names:
        name["suffix"] = words(person.lineage_names)
    return name
