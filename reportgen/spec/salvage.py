"""What is sound in a broken spec: refused values in, a study to check further out.

A misspelt key must not hide the mistakes that only a whole study shows. What was
refused gives way to something that passes; a mistake that may come of that is not told.
"""

import copy
import json
from collections.abc import Iterable
from typing import Any

from pydantic import JsonValue, ValidationError
from pydantic_core import ErrorDetails

from reportgen.spec.model import StudySpec
from reportgen.spec.positions import Path
from reportgen.spec.validation import suggested, written_path

ANY = "*"  # stands for every name
_COMPONENT: JsonValue = {"use": "x"}
# Passes for what was refused; what is not here may be left out.
STAND_INS: dict[str, JsonValue] = {
    "study": "x",
    "question": "x",
    "data": {"use": "x", "shifts": {ANY: _COMPONENT}, "transforms": [_COMPONENT]},
    "model": _COMPONENT,
    "training": {
        "epochs": 1_000_000,
        "batch_size": 1,
        "optimizer": _COMPONENT,
        "scheduler": _COMPONENT,
        "loss": _COMPONENT,
        "freeze": [{"parameters": "x", "epochs": "all"}],
        "select": {"rule": "best"},
    },
    "metrics": ["x"],
    "seeds": 1,
    "variants": {ANY: {"why": "x", "change": {}}},
    "claims": {ANY: {"says": "x", "margin": 1, "why_expected": {"text": "x"}}},
    "analysis": {},
    "controls": "default",
    "report": {
        "title": "x",
        "authors": [{"name": "x"}],
        "abstract": "x",
        "sections": [{"use": "x"}],
        "earlier": [{"arm": "x", "score": "x", "value": 0, "source": "x"}],
    },
}
# What claims, the analysis and the report speak of.
SPOKEN_OF = ("data", "metrics", "seeds", "variants", "analysis", "controls")
BIBLIOGRAPHY = (("report",), ("report", "bibliography"))
SETTINGS = ("data", "model", "training")


def salvage(
    written: JsonValue, errors: Iterable[ErrorDetails]
) -> tuple[StudySpec, tuple[Path, ...]] | None:
    """Replace what was refused, and say where; None where that makes no study.

    Args:
        written: the study as it stands in its file.
        errors: what pydantic found in it.
    """
    value = copy.deepcopy(written)
    replaced: list[Path] = []
    for error in errors:
        path = written_path(error, written)
        if error["type"] == "missing":
            path = (*path, error["loc"][-1])
        _replace(value, path)
        replaced.append(path)
        if error["type"] == "extra_forbidden":  # whatever it was meant to be
            near = suggested(path, StudySpec)
            replaced += [(*path[:-1], key) for key in near]
    try:
        study = StudySpec.model_validate_json(json.dumps(value))
    except ValidationError:  # a name that is none, say
        return None
    return study, tuple(replaced)


def _replace(value: Any, path: Path) -> None:
    """Put a stand-in where a path leads, or take away what is there."""
    stand_in: Any = STAND_INS
    for part in path[:-1]:
        value = _step(value, part)
        stand_in = _step(stand_in, part)
    stand_in = _step(stand_in, path[-1]) if path else None
    if stand_in is not None:
        plain = {} if isinstance(stand_in, dict) and ANY in stand_in else stand_in
        if isinstance(value, dict) or _step(value, path[-1]) is not None:
            value[path[-1]] = copy.deepcopy(plain)
    elif isinstance(value, dict):
        value.pop(path[-1], None)


def _step(value: Any, part: str | int) -> Any:
    """One step down; None where there is none."""
    if isinstance(value, list) and isinstance(part, int):
        return value[min(part, len(value) - 1)] if value else None
    return value.get(part, value.get(ANY)) if isinstance(value, dict) else None


def may_cause(replaced: Path, mistake: Path) -> bool:
    """Whether a mistake at a path may come of what was replaced at another."""
    if mistake[:1] == ("variants",) and mistake[2:3] == ("change",):
        mistake = mistake[3:] or mistake
    if replaced[-1:] == ("use",) or replaced[-1:] == ("params",):
        replaced = replaced[:-1]  # one says what the other may hold
    shared = min(len(replaced), len(mistake))
    if replaced[:shared] == mistake[:shared]:
        return True
    if mistake[0] == "variants":  # alike or idle
        return replaced[0] in SETTINGS
    if mistake[0] in ("claims", "analysis", "controls", "report"):
        return replaced[0] in SPOKEN_OF or replaced in BIBLIOGRAPHY
    return False
