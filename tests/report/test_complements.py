"""Tables of what stands beside the verdicts: on the page, and true to the findings."""

import json

import pytest

from reportgen.analysis.findings.study import Findings
from reportgen.report.document import Prose, Report, Table
from reportgen.report.results import Results


@pytest.fixture
def tables(report: Report) -> dict[str, Table]:
    return {
        block.name: block
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Table)
    }


def texts(table: Table, place: int) -> list[str]:
    return [row.cells[place].html for row in table.rows]


def test_findings_without_complements_still_read(results: Results) -> None:
    written = json.loads(results.files["findings.json"])
    for name in (
        "failure_rates",
        "failed_pairs",
        "choices",
        "summaries",
        "exploration",
    ):
        del written[name]
    found = Findings.model_validate_json(json.dumps(written))
    assert found.claims == results.findings.claims
    assert found.failed_pairs == ()


def test_failed_runs_are_told_with_counts(tables: dict[str, Table]) -> None:
    table = tables["fallbacks"]
    assert [row.cells[0].sort for row in table.rows] == [
        "dropout-helps",
        "dropout-robust",
    ]
    rates = tables["rates"]
    assert [row.cells[1].html for row in rates.rows][2].endswith(">1</span>")
    assert "0.20 (0.01 to 0.72)" in texts(rates, 3)[2]
    assert texts(table, 1) == ["1 of 5 (0.01 to 0.72)"] * 2
    assert texts(table, 2) == ["0 of 5 (0.00 to 0.52)"] * 2
    assert texts(table, 3) == [">\u202f0.99"] * 2


def test_summaries_have_every_arm(tables: dict[str, Table], results: Results) -> None:
    table = tables["summaries"]
    arms = [row.cells[0].sort for row in table.rows]
    assert arms == ["baseline", "bilstm", "dropout", "frozen"]
    found = results.findings.summaries
    assert found is not None
    means = [row.cells[2].sort for row in table.rows]
    assert means == [one.mean for one in found.arms]
    assert texts(table, 7)[1] == "1.00"
    assert "none" in texts(table, 7)[0]


def test_every_claim_is_told_under_other_choices(
    tables: dict[str, Table], results: Results
) -> None:
    table = tables["choices"]
    claims = [row.cells[0].sort for row in table.rows]
    assert claims == [claim.id for claim in results.findings.claims]
    titles = [column.title for column in table.columns]
    assert titles[:3] == ["Claim", "As registered", "Other epoch"]
    assert titles[-3:] == ["Median", "IQM", "One seed left out"]
    for choice in results.findings.choices.choices:
        if choice.kind == "summary" and choice.name == "median":
            place = claims.index(choice.claim)
            assert ("<b>" in texts(table, -3)[place]) == choice.differs


def test_exploratory_comparisons_are_named_and_counted(
    report: Report, tables: dict[str, Table]
) -> None:
    table = tables["exploration"]
    values = [float(row.cells[4].sort or 0) for row in table.rows]
    assert len(values) == 4
    assert values == sorted(values)
    assert table.note.startswith("Exploratory, without verdicts.")
    (section,) = [one for one in report.sections if one.name == "exploratory"]
    assert isinstance(section.blocks[0], Prose)
    assert "6 comparisons, of which 2 belong to registered" in section.blocks[0].html
