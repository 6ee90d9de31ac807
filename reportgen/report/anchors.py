"""Numbers for figures, tables and sections: a draft in, every reference filled out."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from reportgen.report.document import Block, Figure, Prose, Row, Section, Table

_REF = re.compile(r'<a class="ref" data-ref="([^"]+)" href="#[^"]+"></a>')


def number_blocks(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Number figures and tables in order of appearance."""
    counts = {Figure: 0, Table: 0}

    def numbered(block: Block) -> Block:
        if isinstance(block, Prose):
            return block
        counts[type(block)] += 1
        return replace(block, number=str(counts[type(block)]))

    return tuple(
        replace(section, blocks=tuple(map(numbered, section.blocks)))
        for section in sections
    )


def anchor_labels(sections: Sequence[Section]) -> dict[str, str]:
    """What each anchor is called in the text: `Figure 2`, `Section 3`."""
    labels = {}
    for section in sections:
        kind = "Appendix" if section.appendix else "Section"
        if section.number:
            labels[section.anchor] = f"{kind}\u00a0{section.number}"
        for block in section.blocks:
            if isinstance(block, Figure):
                labels[block.anchor] = f"Figure\u00a0{block.number}"
            elif isinstance(block, Table):
                labels[block.anchor] = f"Table\u00a0{block.number}"
    return labels


def fill_references(
    sections: Sequence[Section], labels: dict[str, str]
) -> tuple[Section, ...]:
    """Print each reference's label; a reference to nothing loses its link."""

    def fill(html: str) -> str:
        return _REF.sub(lambda ref: _label(ref[1], labels), html)

    return tuple(
        replace(
            section,
            title=fill(section.title),
            blocks=tuple(_mapped(block, fill) for block in section.blocks),
        )
        for section in sections
    )


def fill_reference(html: str, labels: dict[str, str]) -> str:
    """The same for a text outside of any section."""
    return _REF.sub(lambda ref: _label(ref[1], labels), html)


def _label(anchor: str, labels: dict[str, str]) -> str:
    return f'<a class="ref" href="#{anchor}">{labels[anchor]}</a>'


def _mapped(block: Block, fill: Callable[[str], str]) -> Block:
    if isinstance(block, Prose):
        return Prose(fill(block.html))
    if isinstance(block, Figure):
        return replace(block, title=fill(block.title), caption=fill(block.caption))
    rows = tuple(
        Row(
            tuple(replace(cell, html=fill(cell.html)) for cell in row.cells),
            row.group,
            row.mark,
        )
        for row in block.rows
    )
    return replace(block, title=fill(block.title), note=fill(block.note), rows=rows)
