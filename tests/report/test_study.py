from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.errors import GateError, InputError
from reportgen.project import Project
from reportgen.report.document import Report
from reportgen.report.study import LIMIT, check_outputs, render_study
from reportgen.spec.model import StudySpec
from tests.report.conftest import SECTIONS, write_study


@pytest.mark.slow
def test_page_and_paper_are_written_and_nothing_else(
    told: tuple[Project, StudySpec],
) -> None:
    project, study = told
    page, paper = render_study(project, study)
    folder = project.report(study.study)
    assert (page, paper) == (folder / "index.html", folder / "paper.pdf")
    assert sorted(path.name for path in folder.iterdir()) == ["index.html", "paper.pdf"]
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert paper.read_bytes().startswith(b"%PDF-1.7")


def test_results_that_are_missing_are_named(tmp_path: Path) -> None:
    study = write_study(tmp_path, SECTIONS)
    with pytest.raises(InputError, match=r"facts\.json: there is no such file") as told:
        render_study(Project(tmp_path), study)
    assert "reportgen analyse synthetic" in str(told.value)
    assert not Project(tmp_path).report("synthetic").exists()


def test_promises_are_checked(report: Report) -> None:
    check_outputs(report, "<p>fine</p>", b"%PDF")
    with pytest.raises(GateError, match="no font of the report has 漢"):
        check_outputs(report, "<p>漢</p>", b"%PDF")
    with pytest.raises(GateError, match=r"the paper takes 3\.0 MB"):
        check_outputs(replace(report), "", b"0" * (LIMIT + 1))
