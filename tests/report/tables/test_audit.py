"""Tables of the audit: every set and check once, in words, and claims without rows."""

import re
from pathlib import Path

import pytest

from reportgen.analysis.study import analyse_study
from reportgen.report.compose import compose_report
from reportgen.report.document import Report, Table
from reportgen.report.results import read_results
from tests.analysis.factory import make_bundle, write_bundle
from tests.analysis.planted import copied
from tests.report.conftest import SECTIONS, write_study


def tables(report: Report) -> dict[str, Table]:
    return {
        block.name: block
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Table)
    }


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture(scope="module")
def leaky(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report of a study with 150 of its 400 test rows copied from training."""
    root: Path = tmp_path_factory.mktemp("leaky")
    study = write_study(root, SECTIONS)
    project = write_bundle(root, copied(make_bundle(study), 150))
    analyse_study(project, study)
    return compose_report(project, study, read_results(project, study))


def test_checks_tell_an_interval_or_why_there_is_none(report: Report) -> None:
    found = tables(report)["checks"]
    groups = {row.group.split(";")[0]: row.group for row in found.rows if row.group}
    assert (
        "; without an interval: a statement about provenance is"
        in (groups["Leakage between training and test"])
    )
    assert "without an interval" not in groups["Sets of unlike rows"]
    shown = {text(row.cells[0].html): text(row.cells[1].html) for row in found.rows}
    assert re.fullmatch(r"[\d.]+ \([\d.]+ to [\d.]+\)", shown["best of all arms"])


def test_each_set_has_its_checks(report: Report) -> None:
    table = tables(report)["audit"]
    groups = [row.group for row in table.rows if row.group]
    assert groups == [
        "dev, against train",
        "test, against train",
        "ordering, a shift: rows against train, samples against test",
    ]
    first = [[text(cell.html) for cell in row.cells] for row in table.rows[:4]]
    assert first[0] == [
        "Rows that occur in training",
        "0 of 200",
        "0 of 200",
        first[0][3],
        "· as by chance",
    ]
    assert first[3][0] == "Tokens, places, lengths (χ² over its mean)"
    assert first[3][4] == "· alike"
    assert "clean" not in tables(report)


def test_a_shift_is_meant_to_move(report: Report) -> None:
    rows = tables(report)["audit"].rows
    start = next(i for i, row in enumerate(rows) if row.group.startswith("ordering"))
    said = {text(row.cells[0].html): text(row.cells[4].html) for row in rows[start:]}
    assert said["Tokens, places, lengths (χ² over its mean)"] == "· moved, as declared"
    assert said["Features one by one (largest gap)"] == "· no move seen"


def test_claims_without_repeated_rows_stand_beside(leaky: Report) -> None:
    found = tables(leaky)
    rows = found["audit"].rows
    start = next(i for i, row in enumerate(rows) if row.group.startswith("test,"))
    assert text(rows[start].cells[4].html) == "! more than chance"
    assert text(rows[start].cells[1].html) == "150 of 400"
    again = [text(row.cells[0].html) for row in found["clean"].rows]
    assert again == ["bilstm-helps", "dropout-helps", "frozen-same"]
    body = " ".join(
        block.html
        for section in leaky.sections
        for block in section.blocks
        if hasattr(block, "html")
    )
    assert "150 of the 400 test rows occur in a training split" in text(body)
