"""Any live object in, its constructor's arguments and whatever else it holds out."""

import inspect
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import JsonValue
from torch import nn

from reportgen.records import CaptureRow
from reportgen.training.capture.meaning import meaning_of
from reportgen.training.capture.rows import Origin, row
from reportgen.training.capture.values import (
    NO_SETTINGS,
    Unreadable,
    cannot_state,
    plain,
)
from reportgen.training.data import DataInfo

MODULE_PARTS = frozenset(vars(nn.Module()))  # its parameters, children, hooks, mode


def is_torchs(kind: type) -> bool:
    """Whether PyTorch wrote a class."""
    return kind.__module__.partition(".")[0] == "torch"


def constructor_parameters(kind: type) -> list[inspect.Parameter]:
    """Named constructor arguments, those of parents included where `*args` pass on."""
    found: dict[str, inspect.Parameter] = {}
    for owner in kind.__mro__:
        if "__init__" not in vars(owner) or owner in (nn.Module, object):
            continue
        parameters = [*inspect.signature(vars(owner)["__init__"]).parameters.values()]
        variable = [
            one
            for one in parameters
            if one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
        ]
        for one in parameters[1:]:
            # torch's underscored arguments hand over tensors, which have their rows.
            internal = one.name.startswith("_") and is_torchs(owner)
            if one not in variable and not internal:
                found.setdefault(one.name, one)
        if not variable:
            break
    return [one for one in found.values() if not _is_info(one.annotation)]


def _is_info(annotation: Any) -> bool:
    name = annotation if isinstance(annotation, str) else ""
    return annotation is DataInfo or name.rpartition(".")[2] == DataInfo.__name__


def same(value: JsonValue, default: Any) -> bool:
    """Whether a captured value is a signature's default."""
    if default is inspect.Parameter.empty:
        return False
    try:
        return bool(plain(default) == value)
    except Unreadable:
        return False


def kept_value(owner: Any, name: str) -> tuple[bool, Any]:
    """Whether an object holds something under an argument's name, and what.

    A method that happens to have the name (`half` of every module) is nothing held.
    """
    for spelling in (name, f"_{name}"):
        is_method = inspect.isroutine(getattr(type(owner), spelling, None))
        if spelling in getattr(owner, "__dict__", {}) or (
            hasattr(owner, spelling) and not is_method
        ):
            return True, getattr(owner, spelling)
    return False, None


def attribute_rows(
    path: str, owner: Any, seen: frozenset[str] | set[str]
) -> Iterator[CaptureRow]:
    """What an object holds besides its arguments, private names of users included.

    Args:
        path: the object's place.
        owner: the object.
        seen: names that have rows already, or are no settings.

    Raises:
        InputError: an attribute of a user's class has no faithful JSON.
    """
    kind = type(owner)
    for name, kept in sorted(attributes(owner).items()):
        bare = name.removeprefix("_")
        if name in seen or bare in seen or isinstance(kept, DataInfo):
            continue
        if name in getattr(kind, NO_SETTINGS, ()):
            said: Origin = ("derived", f"{kind.__name__}.{NO_SETTINGS} says so")
            yield row(f"{path}.{name}", "sets nothing", said, "no setting")
            continue
        try:
            value = plain(kept)
        except Unreadable as error:
            if not is_torchs(kind):
                raise cannot_state(name, kind, path, error) from error
            value = f"object of {type(kept).__name__}"
        unit, meaning = meaning_of(kind, bare)
        origin = f"attribute of {kind.__name__}"
        yield row(f"{path}.{name}", value, ("derived", origin), meaning, unit)


def attributes(owner: Any) -> Mapping[str, Any]:
    """An object's own attributes without the inner workings of torch's classes."""
    kind = type(owner)
    return {
        name: kept
        for name, kept in getattr(owner, "__dict__", {}).items()
        if not (isinstance(owner, nn.Module) and name in MODULE_PARTS)
        and not _is_wrapped(kind, name, kept)
        and not (name.startswith("_") and _internal(kind, name))  # type: ignore[arg-type]
    }


def _is_wrapped(kind: type, name: str, kept: Any) -> bool:
    """Whether it is the class's own method, as a scheduler wraps its optimiser's."""
    method = getattr(kind, name, None)
    spelt = getattr(method, "__qualname__", None)
    return spelt is not None and getattr(kept, "__qualname__", "") == spelt


@cache
def _internal(kind: Any, name: str) -> bool:
    """Whether a private name belongs to torch: its class, or a parent that uses it."""
    if is_torchs(kind):
        return True
    parents = [one for one in kind.__mro__ if is_torchs(one) and one is not nn.Module]
    used = re.compile(rf"\.{re.escape(name)}\b")
    return any(used.search(inspect.getsource(one)) for one in parents)
