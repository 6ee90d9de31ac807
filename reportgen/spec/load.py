"""A study's file, read and validated: a path in, a `StudySpec` with positions out."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path as FilePath

from pydantic import ValidationError

from reportgen.errors import InputError, Problem
from reportgen.spec.builder import Document
from reportgen.spec.model import StudySpec
from reportgen.spec.positions import Mistake, Path, Positions
from reportgen.spec.salvage import may_cause, salvage
from reportgen.spec.syntax import read_yaml
from reportgen.spec.validation import word_errors
from reportgen.spec.wording import MAP, describe


@dataclass(frozen=True)
class Loaded:
    """A study, and where each of its words stands.

    Attributes:
        replaced: where a broken file says something else, so that it can be checked
            further; empty in every study that is ever run.
    """

    spec: StudySpec
    positions: Positions
    replaced: tuple[Path, ...] = ()

    def problems(self, mistakes: Iterable[Mistake]) -> list[Problem]:
        """Say where mistakes stand, but of those that a replacement may cause."""
        own = [
            mistake
            for mistake in mistakes
            if not any(may_cause(path, mistake.path) for path in self.replaced)
        ]
        return in_order([self.positions.problem(mistake) for mistake in own])


class BrokenStudyError(InputError):
    """A file that is no study; `rest` is what can be checked all the same, if any."""

    def __init__(self, problems: Iterable[Problem], rest: Loaded | None) -> None:
        super().__init__(problems)
        self.rest = rest


def load_study(path: FilePath) -> Loaded:
    """Read a study.

    Raises:
        BrokenStudyError: with every problem of syntax and shape at once.
        InputError: it is no readable map.
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
        raise _broken(document, error) from error
    loaded = Loaded(spec, document.positions)
    if document.problems:
        raise BrokenStudyError(document.problems, loaded)
    return loaded


def _broken(document: Document, error: ValidationError) -> BrokenStudyError:
    """Problems of syntax and of shape; where a place has both, its syntax only."""
    errors = error.errors(include_url=False, include_input=False)
    mistakes = word_errors(errors, document.value, StudySpec)
    places = {problem.where for problem in document.problems}
    shape = [document.positions.problem(mistake) for mistake in mistakes]
    found = [*document.problems, *(p for p in shape if p.where not in places)]
    sound = salvage(document.value, errors)
    rest = Loaded(sound[0], document.positions, sound[1]) if sound else None
    return BrokenStudyError(in_order(found), rest)


def in_order(problems: list[Problem]) -> list[Problem]:
    """Problems as one meets them reading the file."""

    def place(problem: Problem) -> tuple[str, int, int]:
        where = problem.where
        if isinstance(where, str):
            return where, 0, 0
        return where.file, where.line, where.column

    return sorted(problems, key=place)
