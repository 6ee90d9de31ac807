"""The document: one frozen value that page and paper are both printed from.

Text is HTML with four kinds of marks that a medium turns into something of its own:
`span.fact[data-fact]` (a number and its evidence), `span.math` and `div.math` (TeX),
`a.ref[data-ref]` (a figure, table or section) and `a.cite`.
"""

from dataclasses import dataclass, field
from typing import Literal

from markupsafe import Markup

LONG = 24  # rows
SEVERAL = 2  # columns whose text may break
Align = Literal["left", "right", "decimal", "center"]


@dataclass(frozen=True)
class Prose:
    """A stretch of text, as HTML."""

    html: str


@dataclass(frozen=True)
class Column:
    """A table column; `wrap` means its text may break over lines."""

    title: str
    align: Align = "left"
    wrap: bool = False


@dataclass(frozen=True)
class Cell:
    """A table cell as HTML; `sort` is what sorting compares, its text if None."""

    html: str
    sort: float | str | None = None

    @property
    def key(self) -> float | str | None:
        """What a page must carry for sorting: nothing where the text says it."""
        if isinstance(self.sort, str) and self.sort:
            text = Markup(self.html).striptags()  # noqa: S704  nothing is printed
            return None if text.lower() == self.sort.lower() else self.sort
        return self.sort


@dataclass(frozen=True)
class Row:
    """A table row; `group` opens a new group of rows under that heading."""

    cells: tuple[Cell, ...]
    group: str = ""
    mark: str = ""  # a class, e.g. baseline


@dataclass(frozen=True)
class Table:
    """A table; its first column heads the rows."""

    name: str
    title: str  # HTML
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""  # HTML, under the table
    small: bool = False
    number: str = ""

    @property
    def anchor(self) -> str:
        """What references point to."""
        return f"tab-{self.name}"

    @property
    def measured(self) -> bool:
        """Whether its columns get their widths beforehand.

        A long table takes too long to try many widths on; and of several columns of
        text, the fullest would leave next to nothing to the others.
        """
        texts = sum(column.wrap for column in self.columns)
        return len(self.rows) > LONG or texts >= SEVERAL


@dataclass(frozen=True)
class Figure:
    """A figure with its data; `title` and `caption` are HTML, `alt` is plain text."""

    name: str
    title: str
    caption: str
    alt: str
    svg: str
    data_csv: str
    wide: bool
    number: str = ""

    @property
    def anchor(self) -> str:
        """What references point to."""
        return f"fig-{self.name.replace('_', '-')}"


Block = Prose | Table | Figure


@dataclass(frozen=True)
class Section:
    """A section of the body (numbered 1, 2, …) or an appendix (A, B, …)."""

    name: str
    title: str  # HTML
    number: str
    appendix: bool
    blocks: tuple[Block, ...]

    @property
    def anchor(self) -> str:
        """What references point to."""
        return f"sec-{self.name}"


@dataclass(frozen=True)
class Person:
    """One author as printed."""

    name: str
    affiliation: str
    email: str


@dataclass(frozen=True)
class Evidence:
    """What stands behind one printed number, all as plain text."""

    id: str
    value: str  # all digits kept
    interval: str
    n: str
    formula: str
    inputs: str


@dataclass(frozen=True)
class WorkCited:
    """One line of the reference list, as HTML."""

    key: str
    html: str


@dataclass(frozen=True)
class Report:
    """A whole report, ready to be printed."""

    study: str
    title: str
    authors: tuple[Person, ...]
    abstract: str  # HTML
    question: str  # HTML
    sections: tuple[Section, ...]
    references: tuple[WorkCited, ...]
    evidence: tuple[Evidence, ...]  # of every number shown, sorted by id
    digest: str  # SHA-256 over everything printed
    description: str  # plain text, one sentence
    attachments: dict[str, bytes] = field(default_factory=dict)  # file name -> bytes

    @property
    def body(self) -> tuple[Section, ...]:
        """The numbered sections."""
        return tuple(section for section in self.sections if not section.appendix)

    @property
    def appendices(self) -> tuple[Section, ...]:
        """The lettered sections."""
        return tuple(section for section in self.sections if section.appendix)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure, in order of appearance."""
        return tuple(
            block
            for section in self.sections
            for block in section.blocks
            if isinstance(block, Figure)
        )
