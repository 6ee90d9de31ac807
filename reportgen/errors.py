"""What a user can get wrong: in come findings of any stage, out go worded problems.

Finding a problem (the stages), wording it (`word_problem`) and printing it (`cli`) are
three separate things. Everything a user may cause is a `ReportgenError`; anything else
is our mistake and keeps its traceback.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

WIDEST = 100  # characters of a source line that a message shows
LONGEST = 40  # words that a list of what is allowed shows


@dataclass(frozen=True)
class Location:
    """A place in a text file; `line` and `column` count from 1, `text` is the line."""

    file: str
    line: int
    column: int
    text: str = ""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: what, where, and how to fix it; one sentence each."""

    what: str
    where: Location | str
    fix: str


class ReportgenError(Exception):
    """Root of everything a user can cause and mend; carries all problems at once."""

    exit_code = 2

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        found = [problems] if isinstance(problems, Problem) else list(problems)
        self.problems: tuple[Problem, ...] = tuple(found)
        super().__init__("\n".join(word_problem(problem) for problem in self.problems))


class InputError(ReportgenError):
    """The input is wrong: a spec, a bibliography, a file, an argument (exit code 2)."""


class GateError(ReportgenError):
    """The input is fine and the study failed a gate (exit code 1)."""

    exit_code = 1


class SettingError(Exception):
    """A component refuses one of its settings; the caller knows where it was written.

    Raised by datasets, transforms, models and metrics, which see values and no files.
    `path` points below the component's `params`, for example `rule[1]`.
    """

    def __init__(self, path: str, what: str, fix: str) -> None:
        self.path, self.what, self.fix = path, what, fix
        super().__init__(f"{path}: {what}. {fix}")


def word_problem(problem: Problem) -> str:
    """Word one problem as `file:line:column: what`, the source line, and the fix."""
    where = problem.where
    if isinstance(where, str):
        return f"{where}: {problem.what}\n    fix: {problem.fix}"
    head = f"{where.file}:{where.line}:{where.column}: {problem.what}"
    if not where.text.strip():
        return f"{head}\n    fix: {problem.fix}"
    gutter = f"{where.line:>5} | "
    text, column = _window(where.text.rstrip(), where.column)
    caret = " " * (len(gutter) + column - 1) + "^"
    return f"{head}\n{gutter}{text}\n{caret} {problem.fix}"


def _window(text: str, column: int) -> tuple[str, int]:
    """The part of a long line around a column, and where the column is in it."""
    start = max(0, min(column - WIDEST // 2, len(text) - WIDEST))
    end = start + WIDEST
    left, right = "…" if start else "", "…" if end < len(text) else ""
    return f"{left}{text[start:end]}{right}", column - start + len(left)


def near_words(word: str, allowed: Iterable[str], *, limit: int = 3) -> list[str]:
    """The allowed words that are spelt most alike, the nearest first; often none."""
    return get_close_matches(word, list(allowed), n=limit, cutoff=0.6)


def nearest(word: str, allowed: Iterable[str], *, limit: int = 3) -> str:
    """Suggest the nearest allowed words, or list them all when none is near."""
    words = list(allowed)
    close = near_words(word, words, limit=limit)
    if close:
        return "did you mean " + " or ".join(f"'{one}'" for one in close) + "?"
    if not words:
        return "there is nothing to choose"
    rest = f", … ({len(words)} in all)" if len(words) > LONGEST else ""
    return "use one of: " + ", ".join(words[:LONGEST]) + rest
