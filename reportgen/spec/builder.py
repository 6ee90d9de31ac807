"""Parser events in, one JSON value with the place of its every part out."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import yaml
from pydantic import JsonValue

from reportgen.errors import InputError, Problem, SettingError
from reportgen.spec.positions import Path, Place, Positions
from reportgen.spec.scalar import read_scalar

MOST_VALUES = 50_000  # aliases counted as often as they are used
DEEPEST = 40


@dataclass(frozen=True)
class Document:
    """What a file says, and what is wrong with how it says it."""

    value: JsonValue
    positions: Positions
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class _Anchored:
    value: JsonValue
    size: int


class Builder:
    """Builds one JSON value out of parser events, noting where everything stands."""

    def __init__(self, positions: Positions, events: Iterator[yaml.Event]) -> None:
        self.events = events
        self.positions = positions
        self.keys: dict[Path, Place] = {}
        self.values: dict[Path, Place] = {}
        self.blocks: set[Path] = set()
        self.anchors: dict[str, _Anchored] = {}
        self.problems: list[Problem] = []
        self.size = 0

    def document(self) -> Document:
        """Build the stream's only document."""
        next(self.events)  # the stream's start
        start = next(self.events)
        if isinstance(start, yaml.StreamEndEvent):
            raise InputError(
                Problem(
                    "the file is empty", self.positions.file, "start with `study: NAME`"
                )
            )
        if getattr(start, "version", None) or getattr(start, "tags", None):
            self.complain("a % directive may not stand here", start, "delete the line")
        value = self.build((), next(self.events))
        next(self.events)  # the document's end
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            fix = "keep one document to a file"
            raise InputError(self.problem("a second document begins here", after, fix))
        places = Positions(
            self.positions.file,
            self.positions.lines,
            self.keys,
            self.values,
            frozenset(self.blocks),
        )
        return Document(value, places, tuple(self.problems))

    def build(self, path: Path, event: yaml.Event) -> JsonValue:
        """Build the value that `event` begins; fatal limits raise."""
        self.values[path] = place = _place(event)
        self.keys.setdefault(path, place)
        self.count(1, event)
        if isinstance(event, yaml.AliasEvent):
            return self.expand(event, event.anchor or "")
        if len(path) > DEEPEST:
            raise InputError(
                self.problem(
                    f"this lies more than {DEEPEST} levels deep",
                    event,
                    "flatten it",
                )
            )
        if getattr(event, "tag", None) is not None:
            self.complain("a tag (!) is not read", event, "delete the tag")
        before = self.size
        value = self.node(path, event)
        anchor = getattr(event, "anchor", None)
        if anchor in self.anchors:
            self.complain(f"a second anchor &{anchor}", event, "give it another name")
        if anchor is not None:
            self.anchors[anchor] = _Anchored(value, 1 + self.size - before)
        return value

    def node(self, path: Path, event: yaml.Event) -> JsonValue:
        """Build a list, a map or a scalar."""
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[JsonValue] = []
            while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
                items.append(self.build((*path, len(items)), event))
            return items
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(path)
        return self.scalar(path, cast("yaml.ScalarEvent", event))

    def mapping(self, path: Path) -> dict[str, JsonValue]:
        """Build a map; of a duplicate key the last value is kept, and a complaint."""
        found: dict[str, JsonValue] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.key(event)
            below = (*path, key)
            if key in found:
                first = self.keys[below][0] + 1
                self.complain(
                    f"the key '{key}' stands twice (first in line {first})",
                    event,
                    "keep one of the two",
                )
            self.keys[below] = _place(event)
            found[key] = self.build(below, next(self.events))
        return found

    def key(self, event: yaml.Event) -> str:
        """Read a map's key; only a structured key is fatal."""
        if not isinstance(event, yaml.ScalarEvent):
            fix = "quote a text that begins with { or ["
            raise InputError(self.problem("a key must be text", event, fix))
        if event.value == "<<" and not event.style:
            self.complain("merge keys are not read", event, "write the keys out")
            return event.value
        value = self.scalar((), event)
        if not isinstance(value, str):
            self.complain(
                f"the key {event.value or 'null'} is no text",
                event,
                f"quote it: '{event.value}'",
            )
        return event.value

    def scalar(self, path: Path, event: yaml.ScalarEvent) -> JsonValue:
        """Read a scalar; None, and a complaint, where it cannot be read."""
        if event.style == "|":
            self.blocks.add(path)
        if event.style:
            return event.value
        try:
            return read_scalar(event.value)
        except SettingError as error:
            self.complain(error.what, event, error.fix)
            return None

    def expand(self, event: yaml.Event, anchor: str) -> JsonValue:
        """Look an alias up; one inside its own anchor finds nothing."""
        if anchor not in self.anchors:
            what = f"there is no anchor &{anchor} above its alias"
            raise InputError(self.problem(what, event, "write the value out"))
        anchored = self.anchors[anchor]
        self.count(anchored.size - 1, event)
        return anchored.value

    def count(self, values: int, event: yaml.Event) -> None:
        """Stop a file whose aliases multiply."""
        self.size += values
        if self.size > MOST_VALUES:
            what = f"the file grows beyond {MOST_VALUES:,} values here"
            fix = "write the values out instead of nesting aliases"
            raise InputError(self.problem(what, event, fix))

    def problem(self, what: str, event: yaml.Event, fix: str) -> Problem:
        """A problem where the event begins."""
        return Problem(what, self.positions.location(*_place(event)), fix)

    def complain(self, what: str, event: yaml.Event, fix: str) -> None:
        """Note a problem and go on."""
        self.problems.append(self.problem(what, event, fix))


def _place(event: yaml.Event) -> Place:
    mark = cast("yaml.Mark", event.start_mark)  # parsers mark every event
    return mark.line, mark.column
