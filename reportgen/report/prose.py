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

    `path` is its place in the spec, `background` says that its section is not about
    results, `spec` and `spec_text` are the file it comes from.
    """

    path: str
    text: str
    spec: str
    spec_text: str

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

    def problem(self, what: str, fix: str, snippet: str, *, line: int = 1) -> Problem:
        """Word what is wrong with a snippet of this text."""
        return Problem(f"{self.path}: {what}", self.locate(snippet, line=line), fix)


def study_prose(study: StudySpec, spec: Path) -> Iterator[Prose]:
    """Give every text of a study that may hold bindings, in the spec's order."""
    spec_text = spec.read_text(encoding="utf-8") if spec.is_file() else ""

    def prose(path: str, text: str) -> Prose:
        return Prose(path, text, "/".join(spec.parts[-2:]), spec_text)

    yield prose("question", study.question)
    for name, variant in study.variants.items():
        yield prose(f"variants.{name}.why", variant.why)
    for name, claim in study.claims.items():
        yield prose(f"claims.{name}.why_expected.text", claim.why_expected.text)
    yield prose("report.title", study.report.title)
    yield prose("report.abstract", study.report.abstract)
    for index, section in enumerate(study.report.sections):
        if section.title:
            yield prose(f"report.sections[{index}].title", section.title)
        yield prose(f"report.sections[{index}].prose", section.prose)
