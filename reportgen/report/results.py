"""Results: the folder that analysis wrote in, everything a report tells out."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from reportgen.analysis.findings.facts import Fact
from reportgen.analysis.findings.study import Findings
from reportgen.analysis.output.write import parse_facts
from reportgen.errors import InputError, Problem
from reportgen.project import Project
from reportgen.report.figures.view import FigureView, read_curves
from reportgen.spec.model import StudySpec

FILES = ("facts.json", "findings.json", "curves.csv", "runs.csv")


@dataclass(frozen=True)
class Results:
    """What analysis found, and the files it wrote, as bytes."""

    facts: Mapping[str, Fact]
    findings: Findings
    view: FigureView
    files: Mapping[str, bytes]

    @property
    def attachments(self) -> dict[str, bytes]:
        """What goes out with page and paper: facts compressed, runs as they are."""
        return {
            "facts.json.gz": gzip.compress(self.files["facts.json"], mtime=0),
            "runs.csv": self.files["runs.csv"],
        }


def read_results(project: Project, study: StudySpec) -> Results:
    """Read a study's results.

    Raises:
        InputError: a file is missing or holds something else.
    """
    folder = project.results(study.study)
    fix = f"run `reportgen analyse {study.study}`"
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise InputError(
            [
                Problem("there is no such file", project.show(folder / name), fix)
                for name in missing
            ]
        )
    files = {name: (folder / name).read_bytes() for name in FILES}
    try:
        findings = Findings.model_validate_json(files["findings.json"])
        facts = parse_facts(files["facts.json"])
    except (ValidationError, ValueError) as error:
        what = f"not written by this version of reportgen: {_first_line(error)}"
        raise InputError(Problem(what, str(folder), fix)) from error
    curves = read_curves(folder / "curves.csv")
    view = FigureView(study=study, facts=facts, findings=findings, curves=curves)
    return Results(facts, findings, view, files)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]


def spec_name(path: Path) -> str:
    """How messages call a spec: as seen from the project's root."""
    return "/".join(path.parts[-2:])
