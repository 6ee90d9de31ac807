"""Section templates: a name in, where the section goes and its template out.

A template's first line says how it is called and where it belongs:
`{# title: Results | place: body | always: yes #}`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reportgen.errors import InputError, nearest
from reportgen.project import Project
from reportgen.report.prose import Prose
from reportgen.spec.model import SectionSpec, StudySpec

Place = Literal["front", "body", "appendix"]
# The order sections have; one that a spec leaves out is added before the next it lists.
ORDER = (
    *("summary", "expectations", "tested", "able", "results", "explanations"),
    *("inconclusive", "deviations", "scope", "advice"),
    *(
        "hyperparameters",
        "runs",
        "methods",
        "checks",
        "sensitivity",
        "summaries",
        "exploratory",
    ),
    *("data", "environment", "compute", "rerun"),
    "glossary",
)


@dataclass(frozen=True)
class SectionTemplate:
    """How one kind of section is called and where it belongs."""

    name: str
    title: str
    place: Place
    always: bool  # added at its place when the spec leaves it out


@dataclass(frozen=True)
class Templates:
    """The templates of a project; its own come before those that ship."""

    folders: tuple[Path, ...]

    @cached_property
    def environment(self) -> Environment:
        """Jinja for our templates: they escape what they print and miss nothing."""
        return Environment(
            loader=FileSystemLoader(self.folders),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @cached_property
    def sections(self) -> dict[str, SectionTemplate]:
        """Every section template by name."""
        found: dict[str, SectionTemplate] = {}
        for folder in self.folders:
            for path in sorted((folder / "sections").glob("*.html")):
                found.setdefault(path.stem, _read_heading(path))
        return found

    def read(self, name: str) -> str:
        """The text of a file that is printed as it is: a stylesheet or a script."""
        for folder in self.folders:
            if (folder / name).is_file():
                return (folder / name).read_text(encoding="utf-8")
        raise FileNotFoundError(name)


def find_templates(project: Project) -> Templates:
    """Find the folders that hold templates."""
    package = Path(__file__).parents[1]
    shipped = package / "templates"  # in an installed wheel
    beside = package.parent / "templates"  # in a checkout
    folders = (project.templates, shipped, beside)
    return Templates(tuple(folder for folder in folders if folder.is_dir()))


def arrange_sections(
    study: StudySpec, templates: Templates, places: list[Prose]
) -> list[tuple[SectionSpec, SectionTemplate]]:
    """Put a study's sections in order: front, body, appendices.

    Args:
        study: its list of sections decides the order of the body.
        templates: where to look; sections marked `always` are added when left out.
        places: the prose of each listed section, to say where a wrong name stands.

    Raises:
        InputError: a section has no template.
    """
    known = templates.sections
    problems = [
        prose.problem(
            f"no section template {section.use!r}",
            nearest(section.use, known),
            section.use,
        )
        for section, prose in zip(study.report.sections, places, strict=True)
        if section.use not in known
    ]
    if problems:
        raise InputError(problems)
    chosen = [(section, known[section.use]) for section in study.report.sections]
    listed = {section.use for section in study.report.sections}
    for name in ORDER:
        if name in known and known[name].always and name not in listed:
            chosen.insert(
                _place(known[name], chosen), (SectionSpec(use=name), known[name])
            )
    rank = {"front": 0, "body": 1, "appendix": 2}
    return sorted(chosen, key=lambda pair: rank[pair[1].place])


def _place(
    added: SectionTemplate, chosen: Sequence[tuple[SectionSpec, SectionTemplate]]
) -> int:
    """Before the first section of its part that has a later place in `ORDER`."""
    later = ORDER[ORDER.index(added.name) + 1 :]
    for place, (_, one) in enumerate(chosen):
        if one.place == added.place and one.name in later:
            return place
    return len(chosen)


def _read_heading(path: Path) -> SectionTemplate:
    with path.open(encoding="utf-8") as file:
        line = file.readline()
    about = dict(re.findall(r"(\w+): ([^|#]+?)\s*(?=[|#])", line))
    place = about.get("place", "body")
    if "title" not in about or place not in ("front", "body", "appendix"):
        raise ValueError(f"{path}: begin with {{# title: … | place: body #}}")
    always = about.get("always") == "yes"
    return SectionTemplate(path.stem, about["title"], place, always)
