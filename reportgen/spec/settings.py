"""Where a refused setting was written: an arm and a path in, a problem in place out."""

import re
from collections.abc import Iterable

from reportgen.errors import Problem
from reportgen.spec.positions import Path, Positions

# As execution words it, which knows arms and no lines: "bilstm: data.params.rule[1]".
PLACE = re.compile(r"(?P<arm>[a-z][a-z0-9-]*): (?P<path>(?:data|model|training)\b.*)")
PART = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def place_problems(problems: Iterable[Problem], positions: Positions) -> list[Problem]:
    """Give problems that name an arm and a setting the place it was written at."""
    return list(dict.fromkeys(_place(problem, positions) for problem in problems))


def _place(problem: Problem, positions: Positions) -> Problem:
    where = problem.where
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
