"""What happened beside the reported runs: on the page, with its numbers."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from reportgen.analysis.study import analyse_study
from reportgen.project import Project
from reportgen.records import Environment, Failure, canonical_json, digest_json
from reportgen.report.compose import compose_report
from reportgen.report.document import Prose, Report, Table
from reportgen.report.results import read_results
from reportgen.spec.model import BASELINE, StudySpec
from tests.analysis.factory import make_bundle, with_record, write_bundle
from tests.analysis.simulate import Behaviour
from tests.report.conftest import SECTIONS, write_study

ELSEWHERE = {"torch": "2.14.0"}
BEHAVIOURS: Mapping[str, Behaviour] = {
    BASELINE: Behaviour(level=0.8),
    "bilstm": Behaviour(level=1.4, failed_seeds=(1, 3)),
    "dropout": Behaviour(level=0.82),
    "frozen": Behaviour(level=0.79),
}


def tables(report: Report) -> dict[str, Table]:
    return {
        block.name: block
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Table)
    }


def words(report: Report, name: str) -> str:
    """The texts of a section, without their markup."""
    section = next(one for one in report.sections if one.name == name)
    prose = [block.html for block in section.blocks if isinstance(block, Prose)]
    return " ".join(re.sub(r"<[^>]+>", "", " ".join(prose)).split())


def row(table: Table, place: int) -> list[str]:
    return [re.sub(r"<[^>]+>", "", cell.html) for cell in table.rows[place].cells]


def without(study: StudySpec, arm: str) -> StudySpec:
    """The study after an arm left it, with the claims about that arm."""
    written = study.model_dump(mode="json")
    del written["variants"][arm]
    claims = written["claims"].items()
    written["claims"] = {name: one for name, one in claims if arm not in one["says"]}
    return StudySpec.model_validate_json(json.dumps(written))


@pytest.fixture(scope="module")
def revised(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A study that lost an arm after its runs; two runs of it came from elsewhere."""
    root: Path = tmp_path_factory.mktemp("revised")
    study = write_study(root, [*SECTIONS[:2], *SECTIONS[3:]])
    bundle = make_bundle(study, BEHAVIOURS)
    project = write_bundle(root, bundle)
    environment = Environment(digest=digest_json(ELSEWHERE), details=ELSEWHERE)
    runs = []
    for line in project.records("synthetic").read_text().splitlines():
        one = json.loads(line)
        if one["variant"] == "dropout" and one["seed"] < 2:
            key = digest_json([one["record"]["run"], environment.digest])
            one["record"] |= {"environment": environment.model_dump(), "key": key}
        if one["variant"] != "frozen":
            runs.append(canonical_json(one) + "\n")
    project.records("synthetic").write_text("".join(runs))
    return told(project, without(study, "frozen"))


def told(project: Project, study: StudySpec) -> Report:
    project.spec(study.study).write_text(study.model_dump_json())
    analyse_study(project, study)
    return compose_report(project, study, read_results(project, study))


def test_an_arm_that_left_stays_in_the_drawer_with_its_numbers(revised: Report) -> None:
    table = tables(revised)["drawer"]
    assert len(table.rows) == 1
    group = r"Arm left the study; spec [0-9a-f]{10}, from 2026-01-05 on"
    assert re.fullmatch(group, table.rows[0].group)
    assert row(table, 0)[:5] == ["frozen", "5", "5", "0", "0"]
    assert table.columns[5].title == "HWA on test"
    assert re.fullmatch(r"0\.\d{3} \(0\.\d{3} to 0\.\d{3}\)", row(table, 0)[5])
    said = words(revised, "deviations")
    assert "keeps the runs that are no longer reported" in said
    assert "Runs made outside this tool are beyond its sight." in said


def test_classes_of_environment_are_named_and_graded(revised: Report) -> None:
    table = tables(revised)["classes"]
    here = digest_json({"torch": "2.13.0"})[:10]
    assert row(table, 0) == [here, "13", "all", "0", "–"]
    other = digest_json(ELSEWHERE)[:10]
    assert row(table, 1) == [other, "2", "dropout", "2", "2 identical, 0 different"]
    assert "come from 2 classes, named in" in words(revised, "environment")
    groups = [one.group for one in tables(revised)["environment"].rows if one.group]
    assert groups == [f"Class {here}", f"Class {other}"]


def test_failed_runs_are_told_with_their_logs(revised: Report) -> None:
    table = tables(revised)["logs"]
    assert [row(table, place)[:4] for place in range(len(table.rows))] == [
        ["bilstm", "non-finite", "1", "2"]
    ]
    assert "epoch 1/12" in table.rows[0].cells[4].html
    assert len(tables(revised)["failures"].rows) == 2
    said = words(revised, "deviations")
    assert "Runs that failed: 2. That is a result and no deviation" in said
    assert "count with the score of always naming the most frequent class" in said


def test_runs_that_the_machine_lost_are_told_apart(tmp_path: Path) -> None:
    study = write_study(tmp_path, SECTIONS[:1])
    killed = Failure(kind="killed", message="its process ended by signal SIGKILL")
    lost = with_record(make_bundle(study, BEHAVIOURS), "bilstm", 1, failure=killed)
    report = told(write_bundle(tmp_path, lost), study)
    said = words(report, "deviations")
    assert "Runs that failed: 2. " in said
    assert "Of these, faults of the machine ended 1, and once more" in said
    (log,) = tables(report)["logs"].rows
    assert "non-finite" in log.cells[1].html, "the other has no log"


def test_an_untouched_study_has_no_such_tables(report: Report) -> None:
    assert not {"drawer", "classes"} & tables(report).keys()
    assert "come from one class" in words(report, "environment")


@pytest.mark.parametrize("before", [True, False])
def test_excluded_runs_are_told_up_front(tmp_path: Path, *, before: bool) -> None:
    write_study(tmp_path, SECTIONS[:1])
    spec = json.loads((tmp_path / "specs" / "synthetic.yaml").read_text())
    study = StudySpec.model_validate_json(json.dumps(spec))
    excluding = study.model_copy(
        update={"analysis": study.analysis.model_copy(update={"failures": "exclude"})}
    )
    bundle = make_bundle(excluding, BEHAVIOURS)
    project = write_bundle(tmp_path, bundle if before else replace(bundle, study=study))
    report = told(project, excluding)
    attrition = tables(report)["attrition"]
    assert row(attrition, 1) == [
        "bilstm",
        "5",
        "3",
        *(("0", "2") if before else ("2", "0")),
        "0",
    ]
    assert "they are left out of every comparison (2)" in words(report, "summary")
    names = [row(tables(report)["verdicts"], one)[0] for one in range(4)]
    assert all("post hoc" in name for name in names) is not before
    assert ("post hoc" in row(tables(report)["expectations"], 0)[0]) is not before
    late = "had started before that was declared"
    assert (late in words(report, "deviations")) is not before
    assert "2" in row(tables(report)["rates"], 1)[1], "they failed all the same"
