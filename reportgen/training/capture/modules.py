"""The live module tree: an `nn.Module` in, one row per argument and attribute out."""

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from pydantic import JsonValue
from torch import nn

from reportgen.records import CaptureRow
from reportgen.training.capture.components import argument_rows
from reportgen.training.capture.meaning import meaning_of
from reportgen.training.capture.objects import (
    attribute_rows,
    constructor_parameters,
    is_torchs,
    kept_value,
    same,
)
from reportgen.training.capture.readers import READERS
from reportgen.training.capture.rows import Origin, row
from reportgen.training.capture.values import (
    Unreadable,
    cannot_read,
    cannot_state,
    plain,
)
from reportgen.training.components import Built, load_target

# Their arguments are what they hold, which has rows of its own.
CHILDREN = (
    *(nn.Sequential, nn.ModuleList, nn.ModuleDict),
    *(nn.ParameterList, nn.ParameterDict),
)
HOOKS = (
    *("_forward_pre_hooks", "_forward_hooks"),
    *("_backward_pre_hooks", "_backward_hooks"),
)


@dataclass(frozen=True)
class Tree:
    """One module with everything below it, and where its rows stand."""

    path: str  # e.g. model
    origin: str  # where its settings are written, e.g. model.params; "" for a default
    built: Built
    written: Mapping[str, Any]


def capture_modules(tree: Tree) -> Iterator[CaptureRow]:
    """Rows for the root's own arguments, then for every module below it.

    Raises:
        InputError: a module was given an argument that left no trace on it, or holds
            something whose content cannot be stated.
    """
    root: nn.Module = tree.built.value
    yield from argument_rows(tree.path, tree.built, tree.written, tree.origin)
    yield from _beyond_call(tree)
    yield from _hook_rows(tree.path, root)
    first: dict[int, str] = {}
    for name, module in root.named_modules(remove_duplicate=False):
        path = f"{tree.path}.{name}" if name else tree.path
        if id(module) in first:
            origin: Origin = ("derived", f"shared inside {type(root).__name__}")
            shared = f"the module {first[id(module)]}"
            yield row(path, shared, origin, "the same layer, used twice")
            continue
        first[id(module)] = path
        if name:
            yield from _module_rows(path, module, type(root).__name__)


def _beyond_call(tree: Tree) -> Iterator[CaptureRow]:
    """What the root holds that its call did not say.

    Where `use` names a function, the root is of a class that nobody's spec called.
    """
    root, kind = tree.built.value, type(tree.built.value)
    called = set(tree.built.arguments)
    if load_target(tree.built.target) is kind or is_torchs(kind):
        yield from attribute_rows(tree.path, root, called)
        return
    for parameter in constructor_parameters(kind):
        if parameter.name not in called:
            yield _argument_row(tree.path, root, parameter, tree.built.target)
            called.add(parameter.name)
    yield from attribute_rows(tree.path, root, called)


def _module_rows(path: str, module: nn.Module, root: str) -> Iterator[CaptureRow]:
    seen: set[str] = set()
    if not isinstance(module, CHILDREN):
        for parameter in constructor_parameters(type(module)):
            seen.add(parameter.name)
            yield _argument_row(path, module, parameter, root)
    yield from attribute_rows(path, module, seen)
    yield from _hook_rows(path, module)


def _argument_row(
    path: str, module: nn.Module, parameter: inspect.Parameter, root: str
) -> CaptureRow:
    kind, name = type(module), parameter.name
    value = _read(path, module, name)
    unit, meaning = meaning_of(kind, name)
    if name in dict(module.named_children()):
        unit = None  # of what that layer was given, not of the layer
    if same(value, parameter.default):
        origin = f"{kind.__module__}.{kind.__qualname__}"
        return row(f"{path}.{name}", value, ("default", origin), meaning, unit)
    return row(f"{path}.{name}", value, ("derived", f"set by {root}"), meaning, unit)


def _read(path: str, module: nn.Module, name: str) -> JsonValue:
    """What a module was given as `name`, read from the module itself.

    Raises:
        InputError: it left no trace.
    """
    kind = type(module)
    for owner in kind.__mro__:
        if name in READERS.get(owner, {}):
            return plain(READERS[owner][name](module))
    if name in ("device", "dtype"):
        tensors = [*module.parameters(), *module.buffers()]
        return plain(getattr(tensors[0], name)) if tensors else None
    found, kept = kept_value(module, name)
    if not found:
        raise cannot_read(name, kind, path)
    if isinstance(kept, nn.Module):
        return f"module {type(kept).__name__}"  # it has rows of its own
    if name == "bias" and (kept is None or isinstance(kept, torch.Tensor)):
        return kept is not None
    try:
        return plain(kept)
    except Unreadable as error:
        raise cannot_state(name, kind, path, error) from error


def _hook_rows(path: str, module: nn.Module) -> Iterator[CaptureRow]:
    """Functions that run around a layer and may change what passes through it."""
    hooks = [hook for name in HOOKS for hook in vars(module)[name].values()]
    if hooks:
        names = [
            f"{named.__module__}:{named.__qualname__}"
            for hook in hooks
            for named in (hook if hasattr(hook, "__qualname__") else type(hook),)
        ]
        origin: Origin = ("derived", f"registered on {type(module).__name__}")
        yield row(f"{path}.hooks", [*names], origin, "functions run around the layer")
