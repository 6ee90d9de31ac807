"""Turn `use:` and `params:` into live objects: a written component in, its build out.

A component's settings were checked against its signature when the study was read;
here they are bound to it, so that defaults nobody wrote become known as well.
"""

import inspect
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from reportgen.errors import SettingError
from reportgen.spec.component import Kind, find_target
from reportgen.spec.model import Component


@dataclass(frozen=True)
class Built:
    """A live object and the arguments it was made with, defaults included."""

    target: str  # module:attribute
    value: Any
    arguments: Mapping[str, Any]


def load_target(target: str) -> Callable[..., Any]:
    """Import what `module:attribute` names.

    Raises:
        SettingError: it cannot be imported, or cannot be called.
    """
    module, _, attribute = target.partition(":")
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        fix = "check the spelling and that the module can be imported from the project"
        raise SettingError("use", f"cannot load {target!r} ({error})", fix) from error
    if not callable(found):
        raise SettingError("use", f"{target!r} is not callable", "name a callable")
    return found  # type: ignore[no-any-return]


def build(
    component: Component,
    kind: Kind,
    catalogue: Mapping[str, str],
    *positional: object,
) -> Built:
    """Call a component with its settings.

    Args:
        component: what to call.
        kind: what it is, for messages.
        catalogue: names it may be called by.
        positional: values for the first parameters, which a spec cannot write.

    Raises:
        SettingError: it cannot be loaded, its signature does not take these settings,
            or it refuses one of them; the path starts with `use` or `params`.
    """
    target = find_target(component.use, kind, catalogue)
    function = load_target(target)
    return Built(target, *_call(function, component.params, positional))


def build_loss(component: Component) -> Built:
    """A callable: an instance where `use` names a class, else the function itself.

    Raises:
        SettingError: as `build`.
    """
    function = load_target(find_target(component.use, "loss", {}))
    if isinstance(function, type):
        return build(component, "loss", {})
    settings = dict(component.params)
    bound = _signature(function).bind_partial(**settings)
    bound.apply_defaults()

    def configured(*values: object) -> Any:
        return function(*values, **settings)

    return Built(component.use, configured, dict(bound.arguments))


def build_model(
    component: Component, catalogue: Mapping[str, str], info: object
) -> Built:
    """Call a model's constructor, handing `info` to the parameter annotated with it.

    A model that declares no such parameter is built from its settings alone.

    Raises:
        SettingError: as `build`.
    """
    target = find_target(component.use, "model", catalogue)
    function = load_target(target)
    injected = {
        parameter.name: info
        for parameter in _signature(function).parameters.values()
        if parameter.annotation is type(info)
    }
    return Built(target, *_call(function, {**component.params, **injected}, ()))


def _call(
    function: Callable[..., Any], params: Mapping[str, Any], positional: tuple[Any, ...]
) -> tuple[Any, dict[str, Any]]:
    """What a call gives back, and all its arguments."""
    arguments = bind(function, params, positional)
    try:
        # A copy, so that nobody changes the config that is put on record.
        value = function(*positional, **deepcopy(dict(params)))
    except SettingError as error:
        path = f"params.{error.path}" if error.path else "params"
        raise SettingError(path, error.what, error.fix) from error
    return value, arguments


def bind(
    function: Callable[..., Any], params: Mapping[str, Any], positional: tuple[Any, ...]
) -> dict[str, Any]:
    """All arguments by name, defaults included, positional ones left out.

    Raises:
        SettingError: a setting is unknown, or one is missing.
    """
    signature = _signature(function)
    try:
        bound = signature.bind(*positional, **params)
    except TypeError as error:
        name = getattr(function, "__name__", repr(function))
        fix = f"its signature is {name}{signature}"
        unknown = [one for one in params if one not in signature.parameters]
        path = f"params.{unknown[0]}" if unknown else "params"
        raise SettingError(path, str(error), fix) from error
    bound.apply_defaults()
    given = list(signature.parameters)[: len(positional)]
    arguments: dict[str, Any] = {}
    for name, value in bound.arguments.items():
        if signature.parameters[name].kind is inspect.Parameter.VAR_KEYWORD:
            arguments.update(value)
        elif name not in given:
            arguments[name] = value
    return arguments


def _signature(function: Callable[..., Any]) -> inspect.Signature:
    """The signature with annotations as objects, also under postponed evaluation."""
    try:
        return inspect.signature(function, eval_str=True)
    except NameError:
        return inspect.signature(function)
