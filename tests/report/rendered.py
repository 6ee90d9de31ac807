"""A study that was trained in a test, as a reader's browser gets it."""

import json
import re
from html import unescape
from pathlib import Path

from reportgen.analysis.evidence.results import Results
from reportgen.analysis.study import analyse_study
from reportgen.project import Project
from reportgen.report.compose import compose_report
from reportgen.report.html import render_page
from reportgen.report.results import read_results
from reportgen.report.sections import find_templates
from tests.analysis.factory import Bundle, write_bundle


def rendered_page(results: Results, root: Path) -> str:
    """Analyse a study's runs in a project of its own, and render its page."""
    study = results.study
    project: Project = write_bundle(
        root, Bundle(study, results.bundled, dict(results.arrays))
    )
    project.spec(study.study).parent.mkdir(parents=True)
    spec = study.model_dump(mode="json", exclude_none=True)
    project.spec(study.study).write_text(json.dumps(spec), encoding="utf-8")
    analyse_study(project, study)
    report = compose_report(project, study, read_results(project, study))
    html: str = render_page(report, find_templates(project), root / "cache")
    return html


def part(page: str, start: str, end: str) -> str:
    """The page from one text up to another."""
    found = page.index(start)
    return page[found : page.index(end, found)]


def words(html: str) -> str:
    """What a reader reads of it, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
