"""A study among its project's files: registration, bibliography, templates."""

import re
from collections.abc import Iterator
from pathlib import Path as FilePath

from reportgen.errors import Location, Problem, nearest
from reportgen.project import Project
from reportgen.spec.builder import Document
from reportgen.spec.component import Catalogues
from reportgen.spec.load import Loaded
from reportgen.spec.model import StudySpec
from reportgen.spec.positions import Mistake, Path
from reportgen.spec.syntax import read_yaml

ENTRY = re.compile(r"^\s*@(\w+)\s*[{(]\s*([^,\s]+)", re.MULTILINE)
NO_ENTRIES = ("comment", "string", "preamble")
PIPELINE = "dvc.yaml"
BIBLIOGRAPHY = "specs/${item.study}.bib"  # as the pipeline names it


def check_files(
    loaded: Loaded, catalogues: Catalogues, project: Project
) -> Iterator[Mistake]:
    """Check what a study says about files, and what they say about it."""
    study, stem = loaded.spec, FilePath(loaded.positions.file).stem
    listed = listed_studies(project)
    if study.study != stem:
        what = f"the study is called '{study.study}' and its file {stem}.yaml"
        yield Mistake(("study",), what, f"write `study: {stem}`, or rename the file")
    elif listed is not None and study.study not in listed:
        what = f"{PIPELINE} does not list '{study.study}', so nothing would build it"
        fix = f"add `- {study.study}` below vars: studies: in {PIPELINE}"
        yield Mistake(("study",), what, fix)
    yield from _check_pipeline_input(project, stem)
    yield from _check_bibliography(study, project.spec(stem).parent)
    sections = catalogues.sections
    for place, section in enumerate(study.report.sections):
        if section.use not in sections:
            what = f"there is no section template '{section.use}'"
            path: Path = ("report", "sections", place, "use")
            yield Mistake(path, what, nearest(section.use, sections))
    if study.report.template not in catalogues.layouts:
        what = f"there is no page layout '{study.report.template}'"
        fix = nearest(study.report.template, catalogues.layouts)
        yield Mistake(("report", "template"), what, fix)


def _check_pipeline_input(project: Project, study: str) -> Iterator[Mistake]:
    """A pipeline that reads a bibliography of every study, and a study without one."""
    pipeline, file = project.root / PIPELINE, project.spec(study).with_suffix(".bib")
    asked = pipeline.is_file() and BIBLIOGRAPHY in pipeline.read_text(encoding="utf-8")
    if asked and not file.is_file():
        shown = project.show(file)
        what = f"{PIPELINE} reads {shown}, and there is no such file"
        yield Mistake(("study",), what, f"make it; it may be empty: touch {shown}")


def _check_bibliography(study: StudySpec, folder: FilePath) -> Iterator[Mistake]:
    name = study.report.bibliography
    keys: set[str] = set()
    if name is not None:
        file = folder / name
        if not file.is_file():
            what = f"there is no file '{name}' beside the spec"
            fix = nearest(name, [one.name for one in folder.glob("*.bib")])
            yield Mistake(("report", "bibliography"), what, fix)
            return
        keys = set(bibliography_keys(file))
    for claim, spec in study.claims.items():
        cite = spec.why_expected.cite
        cited = (cite,) if isinstance(cite, str) else cite or ()
        for place, key in enumerate(cited):
            if key not in keys:
                below: Path = ("claims", claim, "why_expected", "cite")
                where = below if isinstance(cite, str) else (*below, place)
                if name is None:
                    what = f"'{key}' is cited, and the study names no bibliography"
                    yield Mistake(where, what, "write `bibliography: …` below report")
                else:
                    what = f"{name} has no entry '{key}'"
                    yield Mistake(where, what, nearest(key, keys))


def bibliography_keys(path: FilePath) -> tuple[str, ...]:
    """The keys of a BibTeX file, in order."""
    text = path.read_text(encoding="utf-8", errors="replace")
    entries = ENTRY.findall(text)
    return tuple(key for kind, key in entries if kind.lower() not in NO_ENTRIES)


def listed_studies(project: Project) -> dict[str, Location] | None:
    """The studies that DVC builds, with where each is listed; None without a pipeline.

    Raises:
        InputError: the pipeline is no readable YAML.
    """
    file = project.root / PIPELINE
    if not file.is_file():
        return None
    document = read_yaml(file, PIPELINE)
    return {name: document.positions.value(path) for name, path in _listed(document)}


def _listed(document: Document) -> Iterator[tuple[str, Path]]:
    value = document.value
    variables = value.get("vars") if isinstance(value, dict) else None
    for place, entry in enumerate(variables if isinstance(variables, list) else []):
        studies = entry.get("studies") if isinstance(entry, dict) else None
        for at, name in enumerate(studies if isinstance(studies, list) else []):
            yield str(name), ("vars", place, "studies", at)


def check_registration(project: Project) -> list[Problem]:
    """Studies that DVC would build and that have no spec."""
    listed = listed_studies(project) or {}
    studies = project.studies()
    return [
        Problem(
            f"'{name}' is listed and there is no specs/{name}.yaml",
            where,
            f"write the spec or delete the line; {nearest(name, studies)}",
        )
        for name, where in listed.items()
        if name not in studies
    ]
