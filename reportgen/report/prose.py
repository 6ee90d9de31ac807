"""Author's text and where it stands: a study and its spec file in, every prose out."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from reportgen.errors import Location, Problem
from reportgen.spec.model import StudySpec


@dataclass(frozen=True)
class Prose:
    """One piece of an author's text.

    `path` is its place in the spec, `spec` and `spec_text` are the file it comes from,
    `use` is the template of its section, "" outside sections.
    """

    path: str
    text: str
    spec: str
    spec_text: str
    use: str = ""

    @property
    def tells_results(self) -> bool:
        """Whether it is told as ours; what was asked and expected is no result."""
        return self.path.startswith("report.")

    @cached_property
    def _first_line(self) -> int:
        """Line of the spec (from 0) where this text begins; block scalars only."""
        lines = [line.strip() for line in self.spec_text.splitlines()]
        wanted = [line.strip() for line in self.text.splitlines()]
        for start in range(len(lines) - len(wanted) + 1):
            if wanted and lines[start : start + len(wanted)] == wanted:
                return start
        return -1

    @cached_property
    def _beginning(self) -> tuple[int, int]:
        """Line and column of the spec (from 0) where a folded or quoted text begins."""
        words = self.text.strip()[:20].splitlines()[:1]
        for number, line in enumerate(self.spec_text.splitlines()):
            column = line.find(words[0]) if words else -1
            if column >= 0:
                return number, column
        return 0, 0

    def locate(self, snippet: str, *, line: int = 1) -> Location:
        """Say where a snippet of this text stands in the spec.

        Args:
            snippet: what is wrong; the nearest place at or after `line` is taken.
            line: line of the text, from 1.
        """
        lines = self.spec_text.splitlines()
        if self._first_line >= 0:
            start = self._first_line + line - 1
            stop = self._first_line + len(self.text.splitlines())
        else:  # folded or quoted: only the snippet can tell
            start, stop = self._beginning[0], len(lines)
        for number in range(start, min(stop, len(lines))):
            inside = self._first_line < 0 and number == start
            column = lines[number].find(snippet, self._beginning[1] if inside else 0)
            if column >= 0:
                return Location(self.spec, number + 1, column + 1, lines[number])
        number = min(start, max(len(lines) - 1, 0))
        text = lines[number] if lines else ""
        indent = len(text) - len(text.lstrip())
        return Location(self.spec, number + 1, indent + 1, text)

    def locate_at(self, start: int, stop: int) -> Location:
        """Say where the characters from `start` to `stop` of this text stand."""
        number = self.text.count("\n", 0, start)
        if self._first_line < 0:
            return self.locate(self.text[start:stop], line=number + 1)
        own = self.text.splitlines()[number]
        whole = self.spec_text.splitlines()[self._first_line + number]
        indent = len(whole) - len(whole.lstrip()) - (len(own) - len(own.lstrip()))
        column = start - self.text.rfind("\n", 0, start) - 1 + indent
        line = self._first_line + number + 1
        return Location(self.spec, line, column + 1, whole)

    def problem(self, what: str, fix: str, snippet: str, *, line: int = 1) -> Problem:
        """Word what is wrong with a snippet of this text."""
        return Problem(f"{self.path}: {what}", self.locate(snippet, line=line), fix)

    def problem_at(self, what: str, fix: str, span: tuple[int, int]) -> Problem:
        """Word what is wrong with the characters of a span of this text."""
        return Problem(f"{self.path}: {what}", self.locate_at(*span), fix)


def study_prose(study: StudySpec, spec: Path) -> Iterator[Prose]:
    """Give every text of a study that may hold bindings, in the spec's order."""
    spec_text = spec.read_text(encoding="utf-8") if spec.is_file() else ""

    def prose(path: str, text: str, use: str = "") -> Prose:
        return Prose(path, text, "/".join(spec.parts[-2:]), spec_text, use)

    yield prose("question", study.question)
    for name, variant in study.variants.items():
        yield prose(f"variants.{name}.why", variant.why)
    for name, claim in study.claims.items():
        yield prose(f"claims.{name}.why_expected.text", claim.why_expected.text)
    yield prose("report.title", study.report.title)
    yield prose("report.abstract", study.report.abstract)
    for index, section in enumerate(study.report.sections):
        if section.title:
            yield prose(f"report.sections[{index}].title", section.title, section.use)
        yield prose(f"report.sections[{index}].prose", section.prose, section.use)
