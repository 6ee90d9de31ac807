"""A study's file, read and validated: a path in, a `StudySpec` with positions out."""

import json
from dataclasses import dataclass
from pathlib import Path as FilePath

from pydantic import ValidationError

from reportgen.errors import InputError, Problem
from reportgen.spec.builder import Document
from reportgen.spec.model import StudySpec
from reportgen.spec.positions import Positions
from reportgen.spec.syntax import read_yaml
from reportgen.spec.validation import word_errors
from reportgen.spec.wording import MAP, describe


@dataclass(frozen=True)
class Loaded:
    """A valid study, and where each of its words stands."""

    spec: StudySpec
    positions: Positions


def load_study(path: FilePath) -> Loaded:
    """Read a study.

    Raises:
        InputError: with every problem of syntax and shape at once.
    """
    name = "/".join(path.parts[-2:])  # as it is called from the project's root
    document = read_yaml(path, name)
    if not isinstance(document.value, dict):
        what = f"a study must be {MAP}, not {describe(document.value)}"
        fix = "start with `study: NAME`"
        raise InputError(Problem(what, document.positions.key(()), fix))
    try:
        # Through JSON, because strict pydantic then takes lists for tuples, and still
        # refuses "1" for 1 and true for 1.
        spec = StudySpec.model_validate_json(json.dumps(document.value))
    except ValidationError as error:
        raise InputError(_problems(document, error)) from error
    if document.problems:
        raise InputError(document.problems)
    return Loaded(spec, document.positions)


def _problems(document: Document, error: ValidationError) -> list[Problem]:
    """Problems of syntax and of shape; where a place has both, its syntax only."""
    errors = error.errors(include_url=False, include_input=False)
    mistakes = word_errors(errors, document.value, StudySpec)
    places = {problem.where for problem in document.problems}
    shape = [document.positions.problem(mistake) for mistake in mistakes]
    return in_order([*document.problems, *(p for p in shape if p.where not in places)])


def in_order(problems: list[Problem]) -> list[Problem]:
    """Problems as one meets them reading the file."""

    def place(problem: Problem) -> tuple[str, int, int]:
        where = problem.where
        if isinstance(where, str):
            return where, 0, 0
        return where.file, where.line, where.column

    return sorted(problems, key=place)
