"""A live module as levels to draw: module rows in call order in, boxes by level out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.records import ModuleRow

RECURRENT = frozenset({"LSTM", "GRU", "RNN"})
MOST = 14  # levels that fit a page; deeper modules are summed up beyond
_USUAL = re.compile(
    r"(?:, )?\b(?:batch_first=True|inplace=False|bias=True|elementwise_affine=True)\b"
)

Shape = tuple[int, ...] | None


@dataclass(frozen=True)
class Box:
    """One module as drawn: its parameters include those of modules not drawn."""

    path: str
    type: str
    arguments: str
    parameters: int

    @property
    def layers(self) -> int:
        """Stacked layers of a recurrent module; 0 for any other."""
        if self.type not in RECURRENT:
            return 0
        found = re.search(r"num_layers=(\d+)", self.arguments)
        return int(found[1]) if found else 1

    @property
    def both_directions(self) -> bool:
        """Whether a recurrent module also reads from the end."""
        return "bidirectional=True" in self.arguments


@dataclass(frozen=True)
class Level:
    """Modules drawn beside each other, and the shapes that enter and leave them."""

    boxes: tuple[Box, ...]
    input_shape: Shape
    output_shape: Shape
    title: str = ""  # of the module that holds them, when they are several


def module_levels(rows: Sequence[ModuleRow]) -> tuple[Level, ...]:
    """Choose the modules to draw and put parallel embedding tables on one level."""
    called = [row for row in rows if row.output_shape is not None]
    shown = called
    for depth in range(max((_depth(row) for row in called), default=0), -1, -1):
        shown = _deepest([row for row in called if _depth(row) <= depth])
        if len(shown) <= MOST:
            break
    levels: list[Level] = []
    for group in _parallel(shown):
        boxes = tuple(_box(row, rows) for row in group)
        ends = (group[0].input_shape, group[0].output_shape)
        title = ""
        if len(group) > 1:
            holder = _holder(group, called)
            ends = (holder.input_shape, holder.output_shape)
            title = holder.type
        levels.append(Level(boxes, *ends, title))
    return tuple(levels)


def short_arguments(arguments: str) -> str:
    """A module's arguments without those that hardly ever differ."""
    return _USUAL.sub("", arguments).removeprefix(", ")


def _depth(row: ModuleRow) -> int:
    return row.path.count(".") + 1 if row.path else 0


def _inside(path: str, holder: str) -> bool:
    return path != holder and (not holder or path.startswith(holder + "."))


def _deepest(rows: Sequence[ModuleRow]) -> list[ModuleRow]:
    return [row for row in rows if not any(_inside(one.path, row.path) for one in rows)]


def _box(row: ModuleRow, rows: Sequence[ModuleRow]) -> Box:
    below = sum(one.parameters for one in rows if _inside(one.path, row.path))
    return Box(row.path, row.type, row.arguments, row.parameters + below)


def _parallel(rows: Sequence[ModuleRow]) -> list[list[ModuleRow]]:
    """Group consecutive embedding tables of one parent: they read the same token."""
    groups: list[list[ModuleRow]] = []
    for row in rows:
        last = groups[-1][-1] if groups else None
        if (
            last is not None
            and row.type == last.type == "Embedding"
            and row.path.rpartition(".")[0] == last.path.rpartition(".")[0] != ""
            and row.input_shape == last.input_shape
        ):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _holder(group: Sequence[ModuleRow], called: Sequence[ModuleRow]) -> ModuleRow:
    """The innermost called module that holds the whole group, or its first member."""
    around = [
        row
        for row in called
        if row.path and all(_inside(one.path, row.path) for one in group)
    ]
    return max(around, key=_depth, default=group[0])
