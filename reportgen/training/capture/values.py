"""Captured values: any live value in, the JSON that stands for it out."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from pydantic import JsonValue

from reportgen.errors import InputError, Problem

FEW = 16  # elements of a tensor that are written out


class Unreadable(Exception):  # noqa: N818  says what a value is
    """There is no faithful JSON for this value."""


def plain(value: Any) -> JsonValue:
    """The JSON that stands for a value.

    Raises:
        Unreadable: the value is an object whose content we cannot see.
    """
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(one) for one in value), key=str)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    return _named(value)


def _named(value: Any) -> JsonValue:
    """Arrays by their elements or shape; types, functions and formats by their name.

    Raises:
        Unreadable: it is none of these.
    """
    if isinstance(value, torch.dtype | torch.device):
        return str(value).removeprefix("torch.")
    if isinstance(value, torch.Tensor):
        return _array(value.detach().cpu().numpy())
    if isinstance(value, np.ndarray | np.generic):
        return _array(np.asarray(value))
    if callable(value) and hasattr(value, "__qualname__"):
        return f"{value.__module__}:{value.__qualname__}"
    raise Unreadable(type(value).__name__)


def _array(array: Any) -> JsonValue:
    if array.size <= FEW:
        return plain(array.tolist())
    return f"{array.dtype} array of shape {list(array.shape)}"


def cannot_read(name: str, owner: str) -> InputError:
    """The error for an argument that left no trace on the object it was given to."""
    fix = (
        f"keep it in {owner}.__init__ as `self.{name} = {name}`, "
        "a number, text or list, so that the report can state it"
    )
    what = f"cannot read what was passed as {name!r}"
    return InputError(Problem(what, f"model: {owner}", fix))
