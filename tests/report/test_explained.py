"""Words of statistics are explained where a reader first meets them."""

import re
from dataclasses import replace

from reportgen.analysis.findings.study import ArmDispersion, RankCorrelation
from reportgen.project import Project
from reportgen.report.compose import compose_report
from reportgen.report.document import Prose, Report, Table
from reportgen.report.results import Results
from reportgen.spec.model import SectionSpec, StudySpec


def words(report: Report, name: str) -> str:
    """The text of a section, its tables left out."""
    (section,) = (one for one in report.sections if one.name == name)
    html = " ".join(one.html for one in section.blocks if isinstance(one, Prose))
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def test_verdicts_are_explained_beside_them(
    told: tuple[Project, StudySpec], results: Results, report: Report
) -> None:
    text = words(report, "summary")
    assert "all of the interval agrees with the claim" in text
    assert "the intervals that decide are wider than those shown" in text
    assert "alone" not in text
    first, *rest = results.findings.claims
    claim = first.model_copy(update={"verdict": "inconclusive", "alone": "refuted"})
    findings = results.findings.model_copy(update={"claims": (claim, *rest)})
    told_alone = compose_report(*told, replace(results, findings=findings))
    text = words(told_alone, "summary")
    assert "alone refuted" in text
    assert "would have that verdict were it the only one" in text


def test_p_and_power_are_explained_below_their_tables(report: Report) -> None:
    notes = {
        block.name: block.note
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Table)
    }
    assert "were the true effect just the margin" in notes["verdicts"]
    assert "is a chance of 80\u202f% to do so" in notes["unsettled"]


def test_what_seed_spread_says_of_shifts_is_printed(
    told: tuple[Project, StudySpec], results: Results
) -> None:
    project, study = told
    found = RankCorrelation(
        metric="hwa",
        shifts=("composition", "ordering"),
        arms=(
            ArmDispersion(
                arm="baseline", seeds=5, sd=0.1, binomial_floor=None, mean=0.5, drop=0.1
            ),
        ),
        partial=0.2,
        verdict="inconclusive",
        sentence="No relation is shown, and none is excluded.",
    )
    findings = results.findings.model_copy(update={"seed_robustness": found})
    sections = (*study.report.sections, SectionSpec(use="explanations"))
    asked = study.model_copy(
        update={"report": study.report.model_copy(update={"sections": sections})}
    )
    report = compose_report(project, asked, replace(results, findings=findings))
    text = words(report, "explanations")
    assert text.startswith("Exploratory, over composition and ordering: No relation")
    assert "A rank correlation is 1 where arms that vary more" in text
