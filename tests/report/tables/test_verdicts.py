"""Verdicts in everyday words: every claim, and every tag in words."""

import re
from pathlib import Path

from reportgen.report.document import Report, Table
from reportgen.report.results import Results
from reportgen.report.tables.verdicts import TAGS, failures_allowed

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
        if isinstance(block, Table) and block.name == "verdicts"
    )
    told = {str(row.cells[0].sort): row.cells[0].html for row in table.rows}
    assert "bilstm beats baseline in harmonic weighted" in told["bilstm-helps"]
    assert "Keep in mind: fewer than 6 pairs" in told["bilstm-helps"]


def test_what_runs_that_all_completed_allow_is_told_once(results: Results) -> None:
    findings = results.findings
    assert any(run.failure for run in findings.runs)
    assert failures_allowed(findings) == ""
    runs = tuple(run.model_copy(update={"failure": None}) for run in findings.runs)
    told = failures_allowed(findings.model_copy(update={"runs": runs}))
    most = max(rate.at_most for rate in findings.failure_rates)
    assert f"failure rates up to {most:.2f} (one-sided" in told
