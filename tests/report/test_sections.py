"""Sections that a spec leaves out stand where a reader looks for them."""

import pytest

from reportgen.project import Project
from reportgen.report.prose import Prose
from reportgen.report.sections import arrange_sections, find_templates
from reportgen.spec.model import SectionSpec, StudySpec


def _arranged(told: tuple[Project, StudySpec], *listed: str) -> list[str]:
    project, study = told
    sections = tuple(SectionSpec(use=name) for name in listed)
    report = study.report.model_copy(update={"sections": sections})
    short = study.model_copy(update={"report": report})
    places = [Prose("report.sections", "", "specs/s.yaml", "") for _ in listed]
    order = arrange_sections(short, find_templates(project), places)
    return [template.name for _, template in order]


def test_what_leads_to_the_results_stands_before_them(
    told: tuple[Project, StudySpec],
) -> None:
    order = _arranged(told, "results")
    found = [name for name in order if name in {"expectations", "tested", "results"}]
    assert found == ["expectations", "tested", "results"]


@pytest.mark.parametrize("listed", [("rerun", "results"), ("results", "rerun")])
def test_an_appendix_keeps_the_body_in_order(
    told: tuple[Project, StudySpec], listed: tuple[str, ...]
) -> None:
    order = _arranged(told, *listed)
    assert order.index("results") < order.index("inconclusive") < order.index("rerun")
    assert order.index("hyperparameters") < order.index("rerun")
