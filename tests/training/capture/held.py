"""A module of interest inside another one, and what is captured of it."""

from typing import Any

from torch import nn

from reportgen.training.capture.modules import Tree, capture_modules
from reportgen.training.components import Built


class Holder(nn.Module):
    """Holds one module of interest."""

    def __init__(self, held: nn.Module) -> None:
        super().__init__()
        self.held = held


def held(module: nn.Module) -> dict[str, Any]:
    """Captured arguments of a module inside another one."""
    built = Built("torch.nn:Identity", Holder(module), {})
    rows = capture_modules(Tree("model", "model.params", built, {}))
    prefix = "model.held."
    return {
        row.path.removeprefix(prefix): row.value
        for row in rows
        if row.path.startswith(prefix)
    }
