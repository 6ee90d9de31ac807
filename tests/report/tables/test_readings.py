"""Verdicts in everyday words: every claim, and every tag in words."""

import re
from pathlib import Path

from reportgen.report.document import Report, Table
from reportgen.report.tables.readings import TAGS

CLAIMS = Path(__file__).parents[3] / "reportgen" / "analysis" / "claims"


def test_every_tag_has_words() -> None:
    told = (CLAIMS / "fragility.py").read_text(encoding="utf-8")
    made = set(re.findall(r'^        "([a-z0-9_]+)": ', told, flags=re.MULTILINE))
    for kind in (CLAIMS / "kinds").glob("*.py"):
        text = kind.read_text(encoding="utf-8")
        made |= set(re.findall(r'return \("([a-z_]+)",\)', text))
    assert made == set(TAGS)


def test_claims_are_told_in_words(report: Report) -> None:
    table = next(
        block
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Table) and block.name == "readings"
    )
    rows = {str(row.cells[0].sort): row.cells for row in table.rows}
    assert "bilstm beats baseline in harmonic weighted" in rows["bilstm-helps"][1].html
    assert "rests on the normal law alone" in rows["bilstm-helps"][2].html
