"""Result files: findings and facts in, `results/STUDY/*` on disk out, and back."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import JsonValue, ValidationError

from reportgen.analysis.findings.facts import Fact
from reportgen.analysis.findings.study import Findings
from reportgen.analysis.output.rounding import rounded
from reportgen.analysis.output.shared import beyond, in_common, joined
from reportgen.errors import InputError, Problem
from reportgen.project import Project

FACTS, FINDINGS = "facts.json", "findings.json"


def facts_text(facts: Iterable[Fact]) -> str:
    """The facts by id, one a line, sorted; fields at their defaults left out.

    An id is cut at its last slash: facts that are alike up to there stand together,
    and the fields in which they agree stand once, as `shared`, before them.
    """
    groups: dict[str, dict[str, dict[str, JsonValue]]] = {}
    for fact in sorted(facts, key=lambda one: one.id):
        stem, _, name = fact.id.rpartition("/")
        value = fact.model_dump(mode="json", exclude_defaults=True, exclude={"id"})
        groups.setdefault(stem, {})[name] = rounded(value)  # type: ignore[assignment]
    return "{\n" + ",\n".join(_group(*one) for one in sorted(groups.items())) + "\n}\n"


def _group(stem: str, facts: Mapping[str, Mapping[str, JsonValue]]) -> str:
    shared = in_common(list(facts.values()))
    lines = [
        f"{_json(name)}:{_json(beyond(own, shared))}" for name, own in facts.items()
    ]
    told = f'"shared":{_json(shared)},' if shared else ""
    return f'{_json(stem)}:{{{told}"facts":{{\n ' + ",\n ".join(lines) + "}}"


def _json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def parse_facts(data: bytes) -> dict[str, Fact]:
    """Read `facts_text` back, sorted by id.

    Raises:
        ValueError: this is no such text.
    """
    try:
        values = {
            f"{stem}/{name}".lstrip("/"): joined(group.get("shared", {}), own)
            for stem, group in json.loads(data).items()
            for name, own in group["facts"].items()
        }
    except (AttributeError, KeyError, TypeError) as error:
        what = "these are not facts by the beginning of their ids"
        raise ValueError(what) from error
    return {
        key: Fact.model_validate_json(json.dumps({"id": key, **values[key]}))
        for key in sorted(values)
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
