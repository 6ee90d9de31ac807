"""Column widths of tables in the paper: a table in, the share of each column out.

Left alone, the paper's layout sets every cell several times to find widths, which takes
longer than everything else together in a long table, and gives nearly all of the room
to the fullest of several columns of text. Counting characters is good enough.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import permutations
from math import ceil

from reportgen.report.document import Table
from reportgen.report.math import set_formula

# Characters of plain text that fit across the page: of a table at its usual size, which
# stands in the body, and of one in small type, which stands in an appendix.
_ACROSS, _ACROSS_SMALL = 94.0, 134.0
_CODE = 1.22  # a character of the face for code against one of plain text
_GAP = 2.2  # between columns, in characters
_FORMULA = re.compile(r'<span class="math( display)?">(.*?)</span>', re.S)
_LETTERS_PER_EM = 2.1  # of the face that tables are set in
# Room around and beside words, in characters: a verdict's sign, a tag's border.
_MARKS = {'class="sign"': 2.5, 'class="tag"': 2.0}
_NARROWEST = 8.0  # of a column of text beside columns that leave it nothing
_LONGEST_WORD = 30.0  # a longer one is broken
_SHORT = 12.0  # a column of so short lines breaks none but its title
_STEPS = (8.0, 4.0, 2.0, 1.0)  # characters moved from column to column
_LINE = re.compile(r"<br>|<span class=[\"']sub[\"']>")
_CODED = re.compile(r"(<code>.*?</code>)", re.S)


def column_widths(table: Table) -> tuple[float, ...]:
    """Give each column's width in percent of the table's; they sum to 100.

    Columns that may not break get what their longest cell needs. The others share the
    rest such that the table takes the fewest lines, each at least as wide as its
    longest word.
    """
    cells = [
        [column.title, *(row.cells[index].html for row in table.rows)]
        for index, column in enumerate(table.columns)
    ]
    breaking = {
        index: _Text(tuple(map(_lines, cells[index])), _longest_word(cells[index]))
        for index, column in enumerate(table.columns)
        if column.wrap
    }
    kept = {
        index: max(map(_length, column)) + _GAP
        for index, column in enumerate(cells)
        if index not in breaking
    }
    across = _ACROSS_SMALL if table.small else _ACROSS
    least = sum(text.least for text in breaking.values())
    room = max(across - sum(kept.values()), min(least, _NARROWEST * len(breaking)))
    shared = dict(zip(breaking, _share(list(breaking.values()), room), strict=True))
    widths = [{**kept, **shared}[index] for index in range(len(table.columns))]
    total = sum(widths)
    return tuple(100 * width / total for width in widths)


@dataclass(frozen=True)
class _Text:
    """A column that may break: of each cell its lines' lengths, in characters."""

    cells: tuple[tuple[float, ...], ...]
    longest_word: float
    counted: dict[float, tuple[int, ...]] = field(default_factory=dict)

    @property
    def least(self) -> float:
        return min(self.longest_word, _LONGEST_WORD) + _GAP

    @property
    def most(self) -> float:
        """What it needs for no line to break."""
        return max(max(lines) for lines in self.cells) + _GAP

    def heights(self, width: float) -> tuple[int, ...]:
        """Of each cell, how many lines it takes in a column of that width."""
        if width not in self.counted:
            inside = max(width - _GAP, 1.0)
            self.counted[width] = tuple(
                sum(max(ceil(line / inside), 1) for line in cell) for cell in self.cells
            )
        return self.counted[width]


def _share(texts: list[_Text], room: float) -> list[float]:
    """Share room among columns of text: from a fair start, move it while lines fall."""
    if not texts:
        return []
    least, most = sum(one.least for one in texts), sum(one.most for one in texts)
    if room <= least:
        return [room * one.least / least for one in texts]
    spare = max(most - least, 1.0)
    widths = [
        one.least + (room - least) * (one.most - one.least) / spare for one in texts
    ]
    best = _height(texts, widths)
    for step in _STEPS:
        better = True
        while better:
            better = False
            for moved in _moves(texts, widths, step):
                height = _height(texts, moved)
                if height < best:
                    widths, best, better = moved, height, True
    return widths


def _moves(
    texts: list[_Text], widths: list[float], step: float
) -> Iterator[list[float]]:
    """Every way to move a step of width from one column to another."""
    for giver, taker in permutations(range(len(texts)), 2):
        moved = list(widths)
        moved[giver] -= step
        moved[taker] += step
        if moved[giver] >= texts[giver].least:
            yield moved


def _height(texts: list[_Text], widths: list[float]) -> tuple[int, int]:
    """Lines that the table takes, and of equals those that all its cells take."""
    columns = [one.heights(width) for one, width in zip(texts, widths, strict=True)]
    rows = list(zip(*columns, strict=True))
    return sum(map(max, rows)), sum(map(sum, rows))


def _lines(html: str) -> tuple[float, ...]:
    return tuple(map(_line_length, _LINE.split(html)))


def _length(html: str) -> float:
    """Width of a cell's longest line, in characters of plain text."""
    return max(_lines(html))


def _line_length(line: str) -> float:
    line = _FORMULA.sub(_as_letters, line)
    code = sum(len(_bare(part)) for part in _CODED.findall(line))
    marks = sum(extra * line.count(mark) for mark, extra in _MARKS.items())
    return len(_bare(line)) + (_CODE - 1) * code + marks


def _longest_word(cells: list[str]) -> float:
    """Length of the longest part without a place to break at, or of short lines."""
    body = max(map(_length, cells[1:]), default=0.0)
    longest = body if body <= _SHORT else 0.0
    for cell in cells:
        for part in _CODED.split(_LINE.sub(" ", _FORMULA.sub(_as_letters, cell))):
            wide = _CODE if part.startswith("<code>") else 1.0
            words = _bare(part.replace("<wbr>", " ")).replace("-", "- ").split(" ")
            longest = max(longest, wide * max(map(len, words)))
    return longest


def _as_letters(formula: re.Match[str]) -> str:
    """As many letters as a formula is wide when set, which its TeX does not tell."""
    svg = set_formula(unescape(formula[2]), display=bool(formula[1]))
    width = re.search(r'width="([\d.]+)em"', svg)
    return "x" * ceil(_LETTERS_PER_EM * float(width[1])) if width else formula[0]


def _bare(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))
