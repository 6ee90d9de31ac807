"""Result files: findings and facts in, `results/STUDY/*` on disk out, and back."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from reportgen.analysis.findings.facts import Fact
from reportgen.analysis.findings.study import Findings
from reportgen.analysis.output.rounding import rounded
from reportgen.errors import InputError, Problem
from reportgen.project import Project

FACTS, FINDINGS = "facts.json", "findings.json"


def facts_text(facts: Iterable[Fact]) -> str:
    """The facts by id, one a line, sorted; fields at their defaults left out.

    The id is the line's key and not repeated in it.
    """
    lines = []
    for fact in sorted(facts, key=lambda one: one.id):
        value = rounded(
            fact.model_dump(mode="json", exclude_defaults=True, exclude={"id"})
        )
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        lines.append(f"{json.dumps(fact.id, ensure_ascii=False)}:{text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def parse_facts(data: bytes) -> dict[str, Fact]:
    """Read `facts_text` back.

    Raises:
        ValueError: this is no such text.
    """
    return {
        key: Fact.model_validate_json(json.dumps({"id": key, **one}))
        for key, one in json.loads(data).items()
    }


def findings_text(findings: Findings) -> str:
    """The findings as indented JSON."""
    value = rounded(findings.model_dump(mode="json"))
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def write_files(folder: Path, texts: Mapping[str, str]) -> None:
    """Write each file whole: beside its place first, then moved over it.

    A file whose text has not changed is left alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        path, content = folder / name, text.encode()
        if path.exists() and path.read_bytes() == content:
            continue
        beside = path.with_name(f".{name}.{os.getpid()}")
        try:
            beside.write_bytes(content)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)


def read_facts(project: Project, study: str) -> dict[str, Fact]:
    """The facts that the last analysis wrote, by id.

    Raises:
        InputError: there are none, or they cannot be read.
    """
    path = project.results(study) / FACTS
    try:
        return parse_facts(path.read_bytes())
    except (OSError, ValueError) as error:
        raise _unreadable(project, path, study) from error


def read_findings(project: Project, study: str) -> Findings:
    """The findings that the last analysis wrote.

    Raises:
        InputError: there are none, or they cannot be read.
    """
    path = project.results(study) / FINDINGS
    try:
        return Findings.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise _unreadable(project, path, study) from error


def earlier_findings(project: Project, study: str) -> Findings | None:
    """The findings about to be replaced; None where there are none to compare with."""
    try:
        return read_findings(project, study)
    except InputError:
        return None


def _unreadable(project: Project, path: Path, study: str) -> InputError:
    what = "these results cannot be read" if path.exists() else "there are no results"
    fix = f"run 'reportgen analyse {study}'"
    return InputError(Problem(what, project.show(path), fix))
