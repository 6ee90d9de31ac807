"""One simulated study, told once for every test that only reads it."""

import json
from pathlib import Path

import pytest

from reportgen.analysis.study import analyse_study
from reportgen.project import Project
from reportgen.report.compose import compose_report
from reportgen.report.document import Report
from reportgen.report.results import Results, read_results
from reportgen.report.sections import Templates, find_templates
from reportgen.spec.model import StudySpec
from tests.analysis.factory import SPEC, make_bundle, write_bundle

BIBLIOGRAPHY = """\
@article{graves2005, author = {Graves, Alex and Schmidhuber, J{\\"u}rgen},
  title = {Framewise phoneme classification}, journal = {Neural Networks},
  volume = {18}, pages = {602--610}, year = {2005}, doi = {10.1016/x.2005}}
@article{srivastava2014, author = {Srivastava, Nitish and others},
  title = {Dropout}, journal = {JMLR}, year = {2014}, eprint = {1207.0580},
  archivePrefix = {arXiv}}
"""
INTRODUCTION = """\
A model {{ cite('graves2005') }} reaches {{ score('baseline', 'test.hwa') }} on
`test` with $x_i < \\theta$.[^note] See {{ ref('fig-learning-curves') }}.

{{ verdict('bilstm-helps') }}: {{ difference('bilstm-helps') }},
{{ p('bilstm-helps') }}.

[^note]: A note with {{ setting('training.epochs') }} epochs.
"""
SECTIONS = [
    {"use": "summary"},
    {"use": "introduction", "prose": INTRODUCTION},
    {"use": "results", "prose": "{{ sentence('dropout-helps') }}"},
    {"use": "text", "title": "A *section* of our own", "prose": "Words."},
]


def write_study(root: Path, sections: list[dict[str, str]]) -> StudySpec:
    """Write a spec (JSON is YAML) and its bibliography, and give the study."""
    report = {
        "title": "What {{ count('seeds') }} seeds show",
        "authors": [{"name": "Ada Example", "email": "ada@example.org"}],
        "abstract": "We trained {{ count('runs/planned') }} runs.\n",
        "sections": sections,
        "bibliography": "synthetic.bib",
        "template": "paper",
    }
    study = StudySpec.model_validate_json(json.dumps({**SPEC, "report": report}))
    project = Project(root)
    project.spec("synthetic").parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({**SPEC, "report": report}, ensure_ascii=False, indent=1)
    project.spec("synthetic").write_text(text, encoding="utf-8")
    path = project.spec("synthetic").with_suffix(".bib")
    path.write_text(BIBLIOGRAPHY, encoding="utf-8")
    return study


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, StudySpec]:
    """A project whose synthetic study was run and analysed."""
    root = tmp_path_factory.mktemp("told")
    study = write_study(root, SECTIONS)
    project = write_bundle(root, make_bundle(study))
    analyse_study(project, study)
    return project, study


@pytest.fixture(scope="session")
def results(told: tuple[Project, StudySpec]) -> Results:
    return read_results(*told)


@pytest.fixture(scope="session")
def templates(told: tuple[Project, StudySpec]) -> Templates:
    return find_templates(told[0])


@pytest.fixture(scope="session")
def report(told: tuple[Project, StudySpec], results: Results) -> Report:
    return compose_report(*told, results)
