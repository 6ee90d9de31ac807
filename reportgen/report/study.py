"""One study told: a project and a study in, its page and its paper written."""

import os
from pathlib import Path

from reportgen.errors import GateError, Problem
from reportgen.project import Project
from reportgen.report.account import require_account
from reportgen.report.captured import spec_places
from reportgen.report.closure import check_capture
from reportgen.report.compose import compose_report
from reportgen.report.document import Report
from reportgen.report.fonts import uncovered
from reportgen.report.html import render_page, visible_text
from reportgen.report.pdf import draft_paper, print_paper
from reportgen.report.results import read_results
from reportgen.report.sections import find_templates
from reportgen.spec.model import StudySpec

LIMIT = 3 * 2**20  # bytes, of the page and of the paper


def render_study(project: Project, study: StudySpec) -> tuple[Path, Path]:
    """Write `index.html` and `paper.pdf` of a study and give their paths.

    Either both are written or none.

    Raises:
        InputError: the results are missing, ledger or records are damaged, or the
            author's text is wrong.
        GateError: the counts of runs do not close, or page or paper would break a
            promise.
    """
    results = read_results(project, study)
    require_account(project, study, results.findings)
    report = compose_report(project, study, results)
    templates = find_templates(project)
    page = render_page(report, templates, project.root / ".reportgen" / "cache")
    laid_out = draft_paper(report, templates)
    places = spec_places(project.spec(study.study))
    untrue = [
        *check_capture(page, results.findings, places),
        *check_capture(laid_out.markup, results.findings, places, medium="paper"),
    ]
    if untrue:
        raise GateError(untrue)
    paper = print_paper(report, laid_out)
    check_outputs(report, page, paper)
    folder = project.report(study.study)
    folder.mkdir(parents=True, exist_ok=True)
    paths = (folder / "index.html", folder / "paper.pdf")
    contents = (page.encode(), paper)
    drafts = [path.with_name(f".{path.name}.{os.getpid()}") for path in paths]
    try:
        for draft, content in zip(drafts, contents, strict=True):
            draft.write_bytes(content)
        for draft, path in zip(drafts, paths, strict=True):
            draft.replace(path)
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)
    return paths


def check_outputs(report: Report, page: str, paper: bytes) -> None:
    """Check that every character has a glyph and that both files are small enough."""
    problems = []
    where = f"report of {report.study}"
    missing = uncovered(visible_text(page))
    if missing:
        what = f"no font of the report has {' '.join(missing)}"
        problems.append(Problem(what, where, "write it with other characters"))
    for name, size in (("page", len(page.encode())), ("paper", len(paper))):
        if size > LIMIT:
            what = f"the {name} takes {size / 2**20:.1f} MB, more than 3"
            problems.append(Problem(what, where, "show fewer or simpler figures"))
    if problems:
        raise GateError(problems)
