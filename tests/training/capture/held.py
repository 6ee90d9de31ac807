"""A module of interest inside another one, and what is captured of it."""

from typing import Any

from torch import nn

from reportgen.records import CaptureRow
from reportgen.training.capture.modules import Tree, capture_modules
from reportgen.training.components import Built

PREFIX = "model.held."


class Holder(nn.Module):
    """Holds one module of interest."""

    def __init__(self, held: nn.Module) -> None:
        super().__init__()
        self.held = held


def held_rows(module: nn.Module) -> list[CaptureRow]:
    """Captured rows of a module inside another one."""
    built = Built("torch.nn:Identity", Holder(module), {})
    rows = capture_modules(Tree("model", "model.params", built, {}))
    return [row for row in rows if row.path.startswith(PREFIX)]


def held(module: nn.Module) -> dict[str, Any]:
    """The same by name, each with its value."""
    return {row.path.removeprefix(PREFIX): row.value for row in held_rows(module)}
