"""The report: a study, its results and templates in, one document value out."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from markupsafe import Markup

from reportgen.errors import InputError
from reportgen.project import Project
from reportgen.records import digest_json
from reportgen.report.anchors import (
    anchor_labels,
    fill_reference,
    fill_references,
    number_blocks,
)
from reportgen.report.bind import Binder
from reportgen.report.bindings import FUNCTIONS
from reportgen.report.captured import spec_places
from reportgen.report.caveats import abstract_warning
from reportgen.report.cite import Bibliography, load_bibliography
from reportgen.report.closing import check_leftovers, check_references
from reportgen.report.document import (
    Block,
    Figure,
    Person,
    Report,
    Section,
    Table,
    WorkCited,
)
from reportgen.report.document import Prose as Text
from reportgen.report.evidence import explain_facts
from reportgen.report.figures import FIGURES
from reportgen.report.markdown import read_inline
from reportgen.report.names import Names
from reportgen.report.prose import Prose, study_prose
from reportgen.report.refused import arm_alarms
from reportgen.report.results import Results
from reportgen.report.sections import (
    SectionTemplate,
    Templates,
    arrange_sections,
    find_templates,
)
from reportgen.report.tables import TABLES
from reportgen.report.writer import SIGNS, Writer
from reportgen.spec.model import SectionSpec, StudySpec

_TOKEN = re.compile("\ue002(table|figure):([a-z_-]+)\ue003")


@dataclass(frozen=True)
class Composer:
    """Composes the sections of one study."""

    study: StudySpec
    results: Results
    writer: Writer
    templates: Templates
    prose: dict[str, Prose]  # by path in the spec

    @property
    def binder(self) -> Binder:
        """Binds the author's texts."""
        return Binder(self.writer)

    def section(
        self, index: int, listed: SectionSpec, template: SectionTemplate
    ) -> Section:
        """Compose one section; `index` is its place in the spec's list, or -1."""
        path = f"report.sections[{index}]"
        name = template.name if not listed.title else f"{template.name}-{index}"
        drawn: dict[tuple[str, str], Block] = {}
        html = self._fill(listed, template, self._text(f"{path}.prose", name), drawn)
        title = str(Markup.escape(template.title))
        if listed.title:
            title = self.binder.bind_inline(self.prose[f"{path}.title"])
        blocks = tuple(_split(html, drawn))
        appendix = template.place == "appendix"
        return Section(name, title, template.place, appendix, blocks)

    def _text(self, path: str, prefix: str) -> Markup:
        prose = self.prose.get(path)
        if prose is None or not prose.text.strip():
            return Markup()
        return Markup(self.binder.bind(prose, prefix=prefix))  # noqa: S704

    def _fill(
        self,
        listed: SectionSpec,
        template: SectionTemplate,
        prose: Markup,
        drawn: dict[tuple[str, str], Block],
    ) -> str:
        def place(kind: str, name: str, block: Block | None) -> Markup:
            if block is None:
                return Markup()
            drawn[kind, name] = block
            return Markup("\ue002{}:{}\ue003").format(kind, name)

        functions: dict[str, Any] = {
            name: getattr(self.writer, name) for name in FUNCTIONS
        }
        return self.templates.environment.get_template(
            f"sections/{template.name}.html"
        ).render(
            functions
            | {
                "study": self.study,
                "findings": self.results.findings,
                "listed": listed,
                "prose": prose,
                "writer": self.writer,
                "signs": SIGNS,
                "alarms": arm_alarms(self.results.findings),
                "table": lambda name: place("table", name, self._table(name)),
                "figure": lambda name: place("figure", name, self._figure(name)),
            }
        )

    def _table(self, name: str) -> Table | None:
        table: Table | None = _load(TABLES[name])(self.study, self.writer)
        return table

    def _figure(self, name: str) -> Figure | None:
        image = _load(FIGURES[name])(self.results.view)
        if image is None:
            return None
        return Figure(
            name=image.name,
            title=read_inline(image.title),
            caption=read_inline(image.caption),
            alt=image.alt,
            svg=image.svg,
            data_csv=image.data_csv,
            wide=image.wide,
        )


def compose_report(project: Project, study: StudySpec, results: Results) -> Report:
    """Compose a study's report.

    Raises:
        InputError: something the author wrote is wrong; all such problems of one
            text at once.
    """
    spec = project.spec(study.study)
    bibliography = study_bibliography(study, spec)
    templates = find_templates(project)
    names = Names(study, bibliography.keys, possible_anchors(templates), results.facts)
    writer = Writer(names, results.findings, bibliography, spec_places(spec))
    prose = {text.path: text for text in study_prose(study, spec)}
    composer = Composer(study, results, writer, templates, prose)
    return _assembled(composer, bibliography)


def study_bibliography(study: StudySpec, spec: Path) -> Bibliography:
    """The bibliography beside a study's spec; empty when it names none."""
    name = study.report.bibliography
    return load_bibliography(spec.parent / name if name else None)


def possible_anchors(templates: Templates) -> tuple[str, ...]:
    """Every figure, table and section that a reference may name."""
    return (
        *(f"fig-{name.replace('_', '-')}" for name in FIGURES),
        *(f"tab-{name}" for name in TABLES),
        *(f"sec-{name}" for name in templates.sections),
    )


def _assembled(composer: Composer, bibliography: Bibliography) -> Report:
    study, binder, prose = composer.study, composer.binder, composer.prose
    for path, text in prose.items():
        if path.startswith(("variants.", "claims.")):
            composer.writer.texts[path] = binder.bind_inline(text, guard=False)
    title = binder.bind_inline(prose["report.title"])
    abstract = binder.bind(prose["report.abstract"], prefix="abstract")
    abstract += abstract_warning(composer.results.findings)
    question = binder.bind_inline(prose["question"], guard=False)
    sections = number_blocks(_sections(composer))
    labels = anchor_labels(sections)
    shown = composer.writer.shown
    check_references(shown.anchors, labels, prose)
    unused = bibliography.unused(shown.cited)
    if unused:
        raise InputError(unused)
    works = tuple(
        WorkCited(work.key, work.html)
        for work in bibliography.references
        if work.key in shown.cited
    )
    report = Report(
        study=study.study,
        title=fill_reference(title, labels),
        authors=tuple(
            Person(author.name, author.affiliation or "", author.email or "")
            for author in study.report.authors
        ),
        abstract=fill_reference(abstract, labels),
        question=fill_reference(question, labels),
        sections=fill_references(sections, labels),
        references=works,
        evidence=explain_facts(composer.writer.facts, shown.facts),
        digest="",
        description=study.question.strip(),
        attachments=composer.results.attachments,
    )
    check_leftovers(report)
    printed = asdict(replace(report, attachments={}))
    return replace(report, digest=digest_json(printed))


def _sections(composer: Composer) -> list[Section]:
    listed = composer.study.report.sections
    places = [composer.prose[f"report.sections[{i}].prose"] for i in range(len(listed))]
    order = arrange_sections(composer.study, composer.templates, places)
    index_of = {id(section): index for index, section in enumerate(listed)}
    made = []
    counts = {"body": 0, "appendix": 0}
    for section, template in order:
        composed = composer.section(index_of.get(id(section), -1), section, template)
        if not composed.blocks:
            continue  # nothing to tell: no heading over a hole
        number = ""
        if template.place != "front":
            counts[template.place] += 1
            count = counts[template.place]
            number = chr(64 + count) if template.place == "appendix" else str(count)
        made.append(replace(composed, number=number))
    return made


def _split(html: str, drawn: dict[tuple[str, str], Block]) -> Iterator[Block]:
    """Cut a filled template at the places of its tables and figures."""
    at = 0
    for token in _TOKEN.finditer(html):
        before = html[at : token.start()].strip()
        if before:
            yield Text(before)
        yield drawn[token[1], token[2]]
        at = token.end()
    rest = html[at:].strip()
    if rest:
        yield Text(rest)


def _load(address: str) -> Any:
    module, _, attribute = address.partition(":")
    return getattr(import_module(module), attribute)
