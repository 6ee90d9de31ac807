"""Column widths of tables in the paper: a table in, the share of each column out.

Left alone, the paper's layout sets every cell several times to find widths, which takes
longer than everything else together in a long table, and gives nearly all of the room
to the fullest of several columns of text. Counting characters is good enough.
"""

import re
from html import unescape
from math import ceil

from reportgen.report.document import Table
from reportgen.report.math import set_formula

# Characters of plain text that fit across the page: of a table at its usual size, which
# stands in the body, and of one in small type, which stands in an appendix.
_ACROSS, _ACROSS_SMALL = 94.0, 132.0
_CODE = 1.22  # a character of the face for code against one of plain text
_GAP = 2.2  # between columns, in characters
_FORMULA = re.compile(r'<span class="math( display)?">(.*?)</span>', re.S)
_LETTERS_PER_EM = 2.1  # of the face that tables are set in
# Room around and beside words, in characters: a verdict's sign, a tag's border.
_MARKS = {'class="sign"': 2.5, 'class="tag"': 2.0}
_NARROWEST, _WIDEST = 8.0, 60.0  # of a column whose text may break


def column_widths(table: Table) -> tuple[float, ...]:
    """Give each column's width in percent of the table's; they sum to 100.

    Columns that may not break get what their longest cell needs. The others share the
    rest by the square root of the text they hold, so that the fullest stays widest.
    """
    kept: list[float] = []
    wanted: list[float] = []
    for index, column in enumerate(table.columns):
        lengths = [_length(column.title)]
        lengths += [_length(row.cells[index].html) for row in table.rows]
        if column.wrap:
            mean = sum(lengths) / len(lengths)
            kept.append(0.0)
            wanted.append(min(max(mean, _NARROWEST), _WIDEST) ** 0.5)
        else:
            kept.append(max(lengths) + _GAP)
            wanted.append(0.0)
    across = _ACROSS_SMALL if table.small else _ACROSS
    texts = sum(column.wrap for column in table.columns)
    room = max(across - sum(kept), _NARROWEST * texts)
    share = room / sum(wanted) if any(wanted) else 0.0
    widths = [fixed + share * want for fixed, want in zip(kept, wanted, strict=True)]
    total = sum(widths)
    return tuple(100 * width / total for width in widths)


def _length(html: str) -> float:
    """Width of a cell's longest line, in characters of plain text."""
    longest = 0.0
    for line in re.split(r"<br>|<span class=\"sub\">", html):
        line = _FORMULA.sub(_as_letters, line)
        code = sum(len(_bare(part)) for part in re.findall(r"<code>.*?</code>", line))
        marks = sum(extra * line.count(mark) for mark, extra in _MARKS.items())
        longest = max(longest, len(_bare(line)) + (_CODE - 1) * code + marks)
    return longest


def _as_letters(formula: re.Match[str]) -> str:
    """As many letters as a formula is wide when set, which its TeX does not tell."""
    svg = set_formula(unescape(formula[2]), display=bool(formula[1]))
    width = re.search(r'width="([\d.]+)em"', svg)
    return "x" * ceil(_LETTERS_PER_EM * float(width[1])) if width else formula[0]


def _bare(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html))
