"""A built component: what was called, with what, and what it holds now, in rows."""

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import JsonValue

from reportgen.errors import InputError, Problem
from reportgen.records import CaptureRow
from reportgen.training.capture.meaning import meaning_of
from reportgen.training.capture.objects import attribute_rows, kept_value
from reportgen.training.capture.rows import OURS, Origin, row
from reportgen.training.capture.values import (
    Unreadable,
    cannot_state_argument,
    plain,
)
from reportgen.training.components import Built, load_target
from reportgen.training.data import DataInfo


def component_rows(
    path: str, built: Built, written: Mapping[str, Any], origin: str
) -> Iterator[CaptureRow]:
    """What was called, every argument it got, and whatever its value holds besides.

    Raises:
        InputError: something has no faithful JSON.
    """
    yield from argument_rows(path, built, written, origin)
    yield from attribute_rows(path, built.value, set(built.arguments))


def argument_rows(
    path: str, built: Built, written: Mapping[str, Any], origin: str
) -> Iterator[CaptureRow]:
    """What was called and every argument it got, defaults included.

    Args:
        path: where the rows stand, e.g. `data`.
        built: what was called, and with which arguments.
        written: params from the spec.
        origin: where those params stand in the spec, e.g. `data.params`; "" where the
            component is the default.

    Raises:
        InputError: an argument has no faithful JSON, or nobody reads it.
    """
    use: Origin = ("spec", origin.removesuffix("params") + "use") if origin else OURS
    yield row(f"{path}.use", built.target, use, "what is called")
    function = load_target(built.target)
    named = inspect.signature(function).parameters
    for name, given in built.arguments.items():
        if isinstance(given, DataInfo):
            continue  # the rows of `data` tell the same
        if name not in named:
            _require_trace(name, built, origin)
        try:
            value = plain(given)
        except Unreadable as error:
            raise cannot_state_argument(name, built.target, path, error) from error
        unit, meaning = meaning_of(function, name)
        source: Origin = ("default", built.target)
        if name in written:
            source = ("spec", f"{origin}.{name}")
        yield row(f"{path}.{name}", value, source, meaning, unit)
        kept = _kept(built.value, name)
        if kept not in (None, value):
            how = f"kept by {type(built.value).__name__} instead of what it was given"
            yield row(f"{path}.{name}.kept", kept, ("derived", how), meaning, unit)


def _kept(owner: Any, name: str) -> JsonValue:
    """What an object holds under an argument's name; None for what is not plain."""
    found, kept = kept_value(owner, name)
    try:
        return plain(kept) if found else None
    except Unreadable:
        return None  # built from it: a layer, say


def _require_trace(name: str, built: Built, origin: str) -> None:
    """Check that what `**kwargs` swallowed has left a trace.

    Raises:
        InputError: as far as anybody can see, nothing reads it.
    """
    groups = getattr(built.value, "param_groups", [{}])
    if kept_value(built.value, name)[0] or any(name in group for group in groups):
        return
    what = f"{built.target} takes {name!r} among its **keywords and keeps no trace"
    fix = f"name the parameter `{name}` in its signature, or delete it here"
    raise InputError(Problem(what, f"{origin}.{name}", fix))
