"""Where a refused setting was written: an arm and a path in, a problem in place out."""

import re
from collections.abc import Iterable

from reportgen.errors import Problem
from reportgen.spec.plan import CONTROL_PREFIX
from reportgen.spec.positions import Path, Positions

# As execution words it, which knows arms and no lines: "bilstm: data.params.rule[1]".
PLACE = re.compile(r"(?P<arm>[a-z][a-z0-9-]*): (?P<path>(?:data|model|training)\b.*)")
ASKED = re.compile(r"controls\[(\d+)\]")
CANNOT_ASK = "delete it, or write `default`, which leaves out what cannot be asked"
PART = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def place_problems(problems: Iterable[Problem], positions: Positions) -> list[Problem]:
    """Give problems that name an arm and a setting the place it was written at.

    What the arm of a control shares with an arm of the study is told once, as its own.
    """
    placed: dict[Problem, None] = {}
    told: set[tuple[str, str]] = set()
    for problem in sorted(problems, key=_control_of):  # controls last
        control = _control_of(problem)
        path = str(problem.where).partition(": ")[2]
        if not control:
            told.add((path, problem.what))
            placed[_place(problem, positions)] = None
        elif (path, problem.what) not in told:
            placed[_unfit(problem, control, path, positions)] = None
    return [*placed]


def _control_of(problem: Problem) -> str:
    """The control whose arm has a problem; empty where it is none's."""
    arm, _, path = str(problem.where).partition(": ")
    known = path and arm.startswith(CONTROL_PREFIX)
    return arm.removeprefix(CONTROL_PREFIX) if known else ""


def _unfit(problem: Problem, control: str, path: str, positions: Positions) -> Problem:
    """A control that cannot be trained on a study's data or with its settings."""
    what = f"'{control}' cannot be asked of this study: {path}: {problem.what}"
    fix = f"list the controls to run, without '{control}'"
    return Problem(what, positions.value(("controls",)), fix)


def _place(problem: Problem, positions: Positions) -> Problem:
    where = problem.where
    asked = ASKED.fullmatch(where) if isinstance(where, str) else None
    if asked:
        place = positions.value(("controls", int(asked[1])))
        return Problem(problem.what, place, problem.fix)
    found = PLACE.fullmatch(where) if isinstance(where, str) else None
    if not found:
        return problem
    path: Path = tuple(
        int(place) if place else name for place, name in PART.findall(found["path"])
    )
    changed: Path = ("variants", found["arm"], "change", *path)
    # A variant answers for what it wrote itself; the rest is the baseline's.
    own = _depth(changed, positions) - 3 >= _depth(path, positions)
    what = f"{found['path']}: {problem.what}"
    return Problem(what, positions.value(changed if own else path), problem.fix)


def _depth(path: Path, positions: Positions) -> int:
    """How many parts of a path are written."""
    return max(
        (n for n in range(len(path) + 1) if path[:n] in positions.keys), default=0
    )
