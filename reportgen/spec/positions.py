"""Where every key and value of a YAML file stands: a path in, a `Location` out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from reportgen.errors import Location, Problem

Path = tuple[str | int, ...]
Place = tuple[int, int]  # line and column, both counted from 0


@dataclass(frozen=True)
class Mistake:
    """Something wrong at a path of a file, before anyone looked up where that is.

    Attributes:
        at: what the path names: a `value`, a `key` that should not be there, or the
            `owner` of something that is missing.
    """

    path: Path
    what: str
    fix: str
    at: Literal["value", "key", "owner"] = "value"


@dataclass(frozen=True)
class Positions:
    """The places of a file's keys and values.

    Attributes:
        file: the file's name as messages show it.
        lines: the file's lines, without their ends.
        keys: where each key of a map, or each item of a list, begins.
        values: where each value begins; for a block scalar, its `|` or `>`.
        blocks: paths of literal block scalars (`|`).
    """

    file: str
    lines: tuple[str, ...]
    keys: Mapping[Path, Place]
    values: Mapping[Path, Place]
    blocks: frozenset[Path] = frozenset()

    def key(self, path: Path) -> Location:
        """Where the key stands, or that of its nearest written ancestor."""
        return self._nearest(path, self.keys)

    def value(self, path: Path) -> Location:
        """Where the value stands, or the key of its nearest written ancestor."""
        if path in self.values:
            return self.location(*self.values[path])
        return self.key(path[:-1])

    def problem(self, mistake: Mistake) -> Problem:
        """Say where a mistake stands."""
        find = self.value if mistake.at == "value" else self.key
        subject = dotted(mistake.path[:-1] if mistake.at == "key" else mistake.path)
        what = f"{subject}: {mistake.what}" if subject else mistake.what
        return Problem(what, find(mistake.path), mistake.fix)

    def inside(self, path: Path, line: int, column: int = 1) -> Location:
        """A place inside a text, `line` and `column` counted from 1.

        Exact for block literals (`|`), which keep their lines; the text's first
        character otherwise.
        """
        if path not in self.blocks:
            return self.value(path)
        first = self.values[path][0] + 1
        block = self.lines[first : first + line]
        indents = [len(text) - len(text.lstrip()) for text in block if text.strip()]
        last = min(first + line, len(self.lines)) - 1
        return self.location(last, min(indents, default=0) + column - 1)

    def location(self, line: int, column: int) -> Location:
        """Word a place counted from 0 as a location counted from 1."""
        text = self.lines[line] if line < len(self.lines) else ""
        seen = text.replace("\t", "→")  # as wide as a column, and visible
        return Location(self.file, line + 1, column + 1, seen)

    def _nearest(self, path: Path, places: Mapping[Path, Place]) -> Location:
        while path and path not in places:
            path = path[:-1]
        return self.location(*places.get(path, (0, 0)))


def dotted(path: Path) -> str:
    """Write a path as people do: `training.freeze[0].epochs`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")
