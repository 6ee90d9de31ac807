"""Last checks of a composed report: no reference to nothing, no hole that was left."""

import re
from collections.abc import Collection, Iterator, Mapping

from reportgen.errors import GateError, InputError, Problem
from reportgen.report import document
from reportgen.report.document import Block, Report
from reportgen.report.prose import Prose

_HOLE = re.compile("\\[\\?\\]|\\bNaN\\b|\\{\\{|[\ue000-\ue003]")


def check_references(
    anchors: Collection[str], labels: Mapping[str, str], prose: Mapping[str, Prose]
) -> None:
    """Check that every figure, table and section referred to is there.

    Raises:
        InputError: one is not; the place is that of the author's text.
    """
    problems = []
    for anchor in sorted(set(anchors) - set(labels)):
        what = f"{anchor} is not part of this report"
        fix = "use one of: " + ", ".join(sorted(labels))
        found = [text for text in prose.values() if anchor in text.text]
        if found:
            problems.append(found[0].problem(what, fix, anchor))
        else:
            problems.append(Problem(what, "a section template", fix))
    if problems:
        raise InputError(problems)


def check_leftovers(report: Report) -> None:
    """Check that no hole reaches a page, whoever left it.

    Raises:
        GateError: a text holds something that was to be replaced.
    """
    texts = [report.title, report.abstract, report.question]
    for section in report.sections:
        for block in section.blocks:
            texts += _texts(block)
    left = [hole for text in texts for hole in _HOLE.findall(text)]
    if left:
        where = f"report of {report.study}"
        raise GateError(Problem(f"{left[0]!r} is left over", where, "correct the text"))


def _texts(block: Block) -> Iterator[str]:
    if isinstance(block, document.Prose):
        yield block.html
    elif isinstance(block, document.Figure):
        yield from (block.title, block.caption, block.alt)
    else:
        yield from (block.title, block.note)
        for row in block.rows:
            yield from (cell.html for cell in row.cells)
