"""The appendix that explains how claims are judged, and the abstract's warning."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.analysis.measured.characteristics import read_characteristics
from reportgen.analysis.statistics.effect_size import standardised
from reportgen.analysis.study import analyse_study
from reportgen.project import Project
from reportgen.report.compose import compose_report
from reportgen.report.document import Prose, Report, Table
from reportgen.report.results import Results, read_results
from reportgen.spec.model import StudySpec
from tests.analysis.factory import SPEC, make_bundle, write_bundle


def composed(root: Path, **changes: Any) -> Report:
    """A study of its own rules, analysed and composed."""
    content = {**SPEC, **changes}
    for claim in content["claims"].values():
        claim["why_expected"] = {"text": "Because."}
    study = StudySpec.model_validate_json(json.dumps(content))
    project = Project(root)
    project.spec("synthetic").parent.mkdir(parents=True)
    project.spec("synthetic").write_text(json.dumps(content), encoding="utf-8")
    write_bundle(root, make_bundle(study))
    analyse_study(project, study)
    return compose_report(project, study, read_results(project, study))


def told(report: Report) -> str:
    """The words of the appendix."""
    (section,) = (one for one in report.sections if one.name == "methods")
    html = " ".join(one.html for one in section.blocks if isinstance(one, Prose))
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


@pytest.fixture(scope="module")
def ranked(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Ranks, an equal share for each claim, and failed runs left out."""
    claims = {
        name: {**claim, "scope": "test_set"} for name, claim in SPEC["claims"].items()
    }
    analysis = {
        "method": "poi",
        "better_with_probability": 0.8,
        "correction": "bonferroni",
        "failures": "exclude",
        "looks": [3, 6],
    }
    root = tmp_path_factory.mktemp("ranked")
    return composed(root, claims=claims, analysis=analysis, seeds=6)


def test_the_default_rule_is_explained(report: Report) -> None:
    text = told(report)
    assert "Student’s t of paired differences, the default" in text
    assert "Holm over 4 hypotheses at 0.05" in text
    assert "The study registered 4 claims; 4 could be tested" in text
    assert "naming the most frequent class" in text
    assert "Looks at the data" not in text


def test_error_rates_are_those_measured(report: Report) -> None:
    (table,) = (
        block
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Table) and block.name == "characteristics"
    )
    normal = next(one for one in read_characteristics().noise if one.n == 3)
    assert table.rows[0].cells[1].sort == normal.student
    assert table.rows[0].cells[1].html == f"{100 * normal.student:.1f}"
    assert len(table.rows) == 5
    assert "67\u202f%" in table.note.replace("&#8239;", "\u202f")


def test_another_method_is_named_and_explained(ranked: Report) -> None:
    text = told(ranked)
    assert "the probability of improvement, which the study chose" in text
    assert "a chance of 0.8 is not" in text
    assert "From interval to verdict" not in text
    assert "Bonferroni over 4 hypotheses at 0.025" in text
    assert "looks at 3, 6 seeds" in text


def test_what_judged_stands_beside_each_claim(ranked: Report) -> None:
    (table,) = (
        block
        for section in ranked.sections
        for block in section.blocks
        if isinstance(block, Table) and block.name == "verdicts"
    )
    assert "(Bonferroni)" in table.columns[4].title
    first = table.rows[0].cells[0].html
    assert "chance that a run of the variant is the better one" in first


def test_leaving_failed_runs_out_is_a_warning_in_the_abstract(
    ranked: Report, report: Report
) -> None:
    assert "Warning:" in ranked.abstract
    assert "1 run of this study failed" in ranked.abstract
    assert "Warning:" not in report.abstract
    assert "declared not to count" in told(ranked)


def test_claims_about_no_score_have_their_own_rule(tmp_path: Path) -> None:
    claims = {
        "fails": {
            "says": "frozen fails no more often than baseline",
            "margin": 0.3,
        }
    }
    text = told(composed(tmp_path, claims=claims))
    assert "Claims about no score. By exact tests of two failure rates" in text


def test_effects_stand_in_sds_too(report: Report, results: Results) -> None:
    (table,) = (
        block
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Table) and block.name == "power"
    )
    claim = results.findings.claims[0]
    effects = np.array(claim.pair_effects)
    assert claim.standardised == pytest.approx(standardised(effects))
    assert table.rows[0].cells[-1].sort == claim.standardised
