"""Captured values: any live value in, the JSON that stands for it out.

Equal JSON means equal content: what is too long to be written out is told by its shape
and the head of its digest.
"""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import partial
from typing import Any

import numpy as np
import torch
from pydantic import JsonValue

from reportgen.errors import InputError, Problem
from reportgen.records import digest_array

FEW = 16  # elements of a tensor that are written out
DEEPEST = 12  # levels of a nested value
NO_SETTINGS = "no_settings"  # where a class says which of its attributes set nothing
BELOW_TRAINING = frozenset({"optimizer", "scheduler", "loss"})  # in a spec


class Unreadable(Exception):  # noqa: N818  says what a value is
    """There is no faithful JSON for this value."""


def plain(value: Any, depth: int = 0) -> JsonValue:
    """The JSON that stands for a value.

    Raises:
        Unreadable: the value is an object whose content we cannot see.
    """
    if depth > DEEPEST:
        raise Unreadable("a value that nests too deeply")
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple | range):
        return [plain(one, depth + 1) for one in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(one, depth + 1) for one in value), key=str)
    if isinstance(value, Mapping):
        return {str(key): plain(one, depth + 1) for key, one in value.items()}
    return _named(value, depth)


def _named(value: Any, depth: int) -> JsonValue:
    """Arrays by content; types, functions and formats by name; others by their parts.

    Raises:
        Unreadable: it is none of these.
    """
    if isinstance(value, torch.dtype | torch.device | complex):
        return str(value).removeprefix("torch.")
    if isinstance(value, torch.Tensor):
        return _array(as_array(value))
    if isinstance(value, np.ndarray | np.generic):
        return _array(np.asarray(value))
    if callable(value) and hasattr(value, "__qualname__"):
        return f"{value.__module__}:{value.__qualname__}"
    if isinstance(value, partial):
        parts: dict[str, Any] = {"calls": value.func, "arguments": value.args}
        return plain({**parts, **value.keywords}, depth + 1)
    if is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: getattr(value, field.name) for field in fields(value)}
        return plain(parts, depth + 1)
    raise Unreadable(type(value).__name__)


def as_array(tensor: torch.Tensor) -> Any:
    """A tensor's numbers; formats that NumPy lacks as float32, which holds them all."""
    kept = tensor.detach().cpu()
    return kept.float().numpy() if kept.dtype == torch.bfloat16 else kept.numpy()


def _array(array: Any) -> JsonValue:
    if array.dtype == object:
        raise Unreadable("an array of objects")
    if array.size <= FEW:
        return plain(array.tolist())
    digest = digest_array(array)[:12]
    return f"{array.dtype} array of shape {list(array.shape)}, SHA-256 {digest}…"


def cannot_read(name: str, owner: type, where: str) -> InputError:
    """The error for an argument that left no trace on the object it was given to.

    Args:
        name: the argument.
        owner: whose constructor takes it.
        where: the object's place, e.g. `model.stack.0`.
    """
    fix = (
        f"keep it on the object, so that the report can state it:\n"
        f"        def __init__(self, …, {name}) -> None:\n"
        f"            super().__init__(…)\n"
        f"            self.{name} = {name}"
    )
    what = f"cannot read what {owner.__name__} was given as {name!r}"
    return InputError(Problem(what, in_spec(where), fix))


def cannot_state(name: str, owner: type, where: str, error: Unreadable) -> InputError:
    """The error for an attribute whose value has no JSON."""
    fix = (
        f"keep numbers, texts, lists and maps in it, or say that it sets nothing:\n"
        f"        class {owner.__name__}(…):\n"
        f'            {NO_SETTINGS} = ("{name}",)'
    )
    what = f"cannot state {name!r} of {owner.__name__}: it holds {error}"
    return InputError(Problem(what, in_spec(where), fix))


def cannot_state_argument(
    name: str, target: str, where: str, error: Unreadable
) -> InputError:
    """The error for an argument, given or by default, whose value has no JSON."""
    kind = str(error)  # a class, unless it is the shape of a value
    fix = (
        f"make it a number, a text or a list, or a dataclass of such:\n"
        f"        @dataclass\n"
        f"        class {kind if kind.isidentifier() else 'Settings'}:\n"
        f"            …: float"
    )
    what = f"cannot state the argument {name!r} of {target}: it is {error}"
    return InputError(Problem(what, in_spec(where), fix))


def in_spec(path: str) -> str:
    """Where a spec writes what stands at a captured path."""
    head = path.partition(".")[0]
    return f"training.{path}" if head in BELOW_TRAINING else path
