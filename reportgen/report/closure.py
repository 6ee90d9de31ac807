"""Closure: a rendered page in, every captured setting that it tells wrongly out.

What the page, or the paper, says of each arm is put together again from its tables, as
a reader would, and must be the capture: nothing missing, nothing otherwise, no more.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from reportgen.analysis.findings.study import CaptureEntry, Findings
from reportgen.errors import Problem
from reportgen.report.captured import (
    captured_arms,
    origin_of,
    set_by,
    set_otherwise,
    single_runs,
)
from reportgen.report.cells import setting_text
from reportgen.report.tables.tensors import is_tensor, tensor_texts
from reportgen.spec.positions import Positions

SETTINGS, CONTRASTS, TENSORS = "tab-hyperparameters", "tab-contrasts", "tab-tensors"
OWNERS = re.compile(r"\b(only|not) ([a-z][^:]*)$")
OTHERS = re.compile(r"all others \((?P<number>\d+)\)(?: but not (?P<lacking>.+))?")
BREAK = "\u200b"  # zero-width space
MOST_NAMED = 4  # settings that a problem names

Told = dict[tuple[str, str], str]  # (arm, path) -> what is said of it


@dataclass
class Cells:
    """The text of one row's cells, and apart from it the text in the face for code."""

    group: str
    texts: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)


class PageTables(HTMLParser):
    """The rows of the tables of a page, by the id of their block."""

    def __init__(self, page: str, ids: Iterable[str]) -> None:
        super().__init__()
        self.rows: dict[str, list[Cells]] = {one: [] for one in ids}
        self._table = ""
        self._group = ""
        self._row: Cells | None = None
        self._in_code = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, a row, a cell or code."""
        named = dict(attrs)
        if named.get("id") in self.rows:
            self._table, self._group = str(named["id"]), ""
        if not self._table:
            return
        if tag == "tr":
            self._row = Cells("")
        elif tag in ("td", "th") and self._row is not None:
            if named.get("scope") == "rowgroup":
                self._row.group = "group"
            self._row.texts.append("")
            self._row.codes.append("")
        elif tag == "code":
            self._in_code = True
        elif tag == "span" and self._row is not None and self._row.texts:
            self._row.texts[-1] += " "  # set apart

    def handle_data(self, data: str) -> None:
        """Take text in, without the places where the paper may break it."""
        data = data.replace(BREAK, "")
        if self._row is not None and self._row.texts:
            self._row.texts[-1] += data
            if self._in_code:
                self._row.codes[-1] += data

    def handle_endtag(self, tag: str) -> None:
        """Close a table, a row or code."""
        if tag == "code":
            self._in_code = False
        elif tag == "tr" and self._row is not None:
            row, self._row = self._row, None
            row.texts = [" ".join(text.split()) for text in row.texts]
            row.codes = [" ".join(text.split()) for text in row.codes]
            if row.group:
                self._group = row.codes[0] or row.texts[0]
            else:
                row.group = self._group
                self.rows[self._table].append(row)
        elif tag == "table":
            self._table = ""


def check_capture(
    page: str,
    findings: Findings,
    places: Positions | None = None,
    *,
    medium: str = "page",
) -> list[Problem]:
    """Find captured settings that a page leaves out, tells otherwise, or makes up.

    Args:
        page: HTML with the three tables: the page, or what the paper is laid out from.
        findings: what was captured.
        places: where the words of the spec stand; None where it is no file.
        medium: which of the two it is, for messages.
    """
    tables = PageTables(page, (SETTINGS, CONTRASTS, TENSORS)).rows
    arms = captured_arms(findings)
    settings = [one for one in findings.capture if not is_tensor(one)]
    tensors = [one for one in findings.capture if is_tensor(one)]
    bodies = {
        table: [row for row in tables[table] if _is_body(row)] for table in tables
    }
    found = [
        *_compare(
            _captured(settings, arms),
            _told_settings(bodies[SETTINGS], bodies[CONTRASTS], arms),
        ),
        *_compare(_captured(tensors, arms), _told_tensors(bodies[TENSORS], arms)),
        *_compare(
            {("", one.path): _about(one, arms, places) for one in settings},
            {("", row.codes[0]): _said_about(row) for row in bodies[SETTINGS]},
        ),
        *_compare(
            {
                (holder, one.path): set_otherwise(one, holder, places)
                for one in settings
                for holder in one.exceptions
            },
            {(row.group, row.codes[0]): row.texts[3] for row in bodies[CONTRASTS]},
        ),
    ]
    return [
        Problem(
            f"the {medium} {what}: {_few(names)}",
            f"report of {findings.study}, its tables of hyperparameters",
            "print the tables hyperparameters, contrasts and tensors as they come",
        )
        for what, names in found
    ]


def _is_body(row: Cells) -> bool:
    return bool(row.codes and row.codes[0])  # headings name no setting


def _captured(entries: Iterable[CaptureEntry], arms: tuple[str, ...]) -> Told:
    """What was captured of every arm, and of runs that differ from theirs."""
    captured: Told = {}
    for entry in entries:
        for holder in (*arms, *entry.exceptions):
            if holder not in entry.absent:
                value = entry.exceptions.get(holder, entry.value)
                told = tensor_texts(value, entry.path) if is_tensor(entry) else None
                text = " ".join(told) if told else setting_text(value)
                captured[holder, entry.path] = " ".join(text.replace(BREAK, "").split())
        for holder in single_runs(entry.absent):
            captured[holder, entry.path] = "absent"
    return captured


def _told_settings(
    usual: Iterable[Cells], own: Iterable[Cells], arms: tuple[str, ...]
) -> Told:
    told: Told = {}
    for row in usual:
        path, value = row.codes[0], row.codes[1]
        owners = OWNERS.search(row.texts[1][len(value) :])
        named = owners[2].split(", ") if owners else []
        for arm in arms:
            if not owners or (arm in named) == (owners[1] == "only"):
                told[arm, path] = value
        for run in single_runs(named):
            told[run, path] = "absent"
    for row in own:
        told[row.group, row.codes[0]] = row.codes[2]
    return told


def _told_tensors(rows: Iterable[Cells], arms: tuple[str, ...]) -> Told:
    told: Told = {}
    others: list[tuple[str, str, re.Match[str]]] = []
    for row in rows:
        path, owners, text = row.codes[0], row.texts[1], " ".join(row.texts[2:])
        rest = OTHERS.fullmatch(owners)
        if rest:
            others.append((path, text, rest))
            continue
        for arm in arms if owners == "every arm" else owners.split(", "):
            told[arm, path] = text
    for path, text, rest in others:
        lacking = (rest["lacking"] or "").split(", ")
        left = [arm for arm in arms if (arm, path) not in told and arm not in lacking]
        if len(left) == int(rest["number"]):
            told |= {(arm, path): text for arm in left}
    return told


def _about(entry: CaptureEntry, arms: tuple[str, ...], places: Positions | None) -> str:
    """Unit, source and meaning as a reader must find them."""
    source = set_by(entry, arms, places)
    unit = entry.unit or ""
    seed = "~" if entry.of_seed else ""
    parts = (unit, seed, f"{source}: {origin_of(entry)}", entry.meaning)
    return " ".join(" ".join(parts).split())


def _said_about(row: Cells) -> str:
    rest = OWNERS.sub("", row.texts[1][len(row.codes[1]) :]).replace("≠", "")
    return " ".join(" ".join((rest, row.texts[2], row.texts[3])).split())


def _compare(
    captured: Mapping[tuple[str, str], str], told: Mapping[tuple[str, str], str]
) -> Iterator[tuple[str, list[str]]]:
    """What differs, with the names of it."""
    missing = captured.keys() - told.keys()
    false = {key for key in captured.keys() & told.keys() if captured[key] != told[key]}
    made_up = told.keys() - captured.keys()
    for what, keys in (
        ("does not tell captured settings", missing),
        ("tells captured settings otherwise", false),
        ("tells settings that nobody captured", made_up),
    ):
        if keys:
            yield (
                what,
                [" of ".join(filter(None, (path, arm))) for arm, path in sorted(keys)],
            )


def _few(names: list[str]) -> str:
    shown = ", ".join(names[:MOST_NAMED])
    more = len(names) - MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown
