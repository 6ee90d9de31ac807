"""Controls in a rendered report: a failed one stands at its top, none is implied."""

import re
from dataclasses import replace
from pathlib import Path

from reportgen.analysis.findings.study import ControlResult, Findings
from reportgen.analysis.measured.planted import read_planted
from reportgen.analysis.study import analyse_study
from reportgen.project import Project
from reportgen.records import BundledRun
from reportgen.report.compose import compose_report
from reportgen.report.document import Prose, Report, Table
from reportgen.report.results import Results, read_results
from reportgen.spec.model import StudySpec
from tests.analysis.factory import make_bundle, write_bundle
from tests.report.conftest import SECTIONS, write_study


def words(report: Report, section: str) -> str:
    """The prose of a section without its tags."""
    (found,) = (one for one in report.sections if one.name == section)
    html = " ".join(one.html for one in found.blocks if isinstance(one, Prose))
    text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    return re.sub(r" ([.,:)])", r"\1", text)


def table(report: Report, name: str) -> list[list[str]]:
    """The cells of a table without their tags; none where it is not shown."""
    blocks = [block for one in report.sections for block in one.blocks]
    found = [one for one in blocks if isinstance(one, Table) and one.name == name]
    return [
        [re.sub(r"<[^>]+>", " ", cell.html).strip() for cell in row.cells]
        for one in found
        for row in one.rows
    ]


def with_controls(results: Results, *controls: ControlResult) -> Results:
    findings: Findings = results.findings.model_copy(update={"controls": controls})
    return replace(results, findings=findings)


def test_a_failed_control_takes_every_verdict_and_says_so_at_the_top(
    tmp_path: Path,
) -> None:
    study = write_study(tmp_path, SECTIONS)
    study = study.model_copy(update={"controls": ("oracle",)})
    bundle = make_bundle(study)

    def spoilt(one: BundledRun) -> BundledRun:
        test = one.record.data["test"].model_copy(update={"oracle_accuracy": 0.9})
        data = {**one.record.data, "test": test}
        record = one.record.model_copy(update={"data": data})
        return one.model_copy(update={"record": record})

    runs = tuple(spoilt(one) for one in bundle.runs)
    project = write_bundle(tmp_path, replace(bundle, runs=runs))
    analyse_study(project, study)
    report = compose_report(project, study, read_results(project, study))
    top = words(report, "summary")
    assert report.sections[0].name == "summary"
    assert "Inadmissible: 4" in top
    assert "A control failed, so no claim has a verdict: the rule itself." in top
    assert "labels and rule disagree on test 0.900" in top
    assert "Of 1 controls 0 passed. Failed: the rule itself" in words(report, "able")
    assert [row[-1] for row in table(report, "controls")] == ["✗ failed"]


def test_no_controls_are_no_passed_controls(report: Report) -> None:
    assert "No control was run." in words(report, "summary")
    assert "The study ran no control" in words(report, "able")
    assert table(report, "controls") == []
    assert table(report, "sight") == []


def test_states_are_told_apart(
    told: tuple[Project, StudySpec], results: Results
) -> None:
    open_ones = [
        ControlResult(
            id=name,
            title="few rows" if name == "memorisation" else name,
            expected="nothing",
            observed="not judged",
            passed=passed,
            applicable=applicable,
        )
        for name, passed, applicable in (
            ("memorisation", True, True),
            ("blank-inputs", None, True),
            ("ceiling", None, False),
        )
    ]
    report = compose_report(*told, with_controls(results, *open_ones))
    assert [row[-1] for row in table(report, "controls")] == [
        "✓ passed",
        "– not checked",
        "– not applicable",
    ]
    assert "A control failed" not in words(report, "summary")
    matrix = {row[0]: row[1:] for row in table(report, "sight")}
    studies = str(len(read_planted().studies))
    assert matrix["the same batch each time"].count(studies) >= 1
    here = matrix["In this study"]
    assert [here.count(word) for word in ("passed", "not checked", "failed")] == [
        1,
        1,
        0,
    ]
    assert here.count("left out") == len(here) - 3  # and nothing below detectors


def test_every_number_of_a_control_is_a_fact(tmp_path: Path) -> None:
    study = write_study(tmp_path, SECTIONS)
    study = study.model_copy(update={"controls": ("oracle", "majority", "own-rows")})
    project = write_bundle(tmp_path, make_bundle(study))
    findings = analyse_study(project, study)
    results = read_results(project, study)
    report = compose_report(project, study, results)
    blocks = [block for one in report.sections for block in one.blocks]
    (drawn,) = [
        one for one in blocks if isinstance(one, Table) and one.name == "controls"
    ]
    for control, row in zip(findings.controls, drawn.rows, strict=True):
        marked = dict(re.findall(r'data-fact="([^"]+)">([^<]+)<', row.cells[2].html))
        assert marked == {
            f"control/{control.id}/{one.name}": one.text for one in control.measures
        }
        assert control.measures
        bare = re.sub(r"<span[^>]*>[^<]*</span>|<[^>]+>", "", row.cells[2].html)
        assert not re.search(r"\d\.\d", bare), "no measured digits but in facts"
        for fact_id in marked:
            fact = results.facts[fact_id]
            assert fact.derivation.formula
            assert all(
                one.removeprefix("fact:") in results.facts
                for one in fact.derivation.inputs
            )


def test_an_abstract_tells_that_controls_failed(
    told: tuple[Project, StudySpec], results: Results
) -> None:
    failed = ControlResult(
        id="majority", title="majority class", expected="", observed="", passed=False
    )
    report = compose_report(*told, with_controls(results, failed))
    assert "no claim of this study has a verdict" in report.abstract
    assert "majority class" in report.abstract
    assert "<p>We trained <span" in report.abstract, "the rest stays what it was"
    passed = failed.model_copy(update={"passed": True})
    sound = compose_report(*told, with_controls(results, passed))
    assert "has a verdict" not in sound.abstract
