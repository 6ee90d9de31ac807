"""Turn `use:` and `params:` into live objects: a written component in, its build out.

A component's settings were checked against its signature when the study was read;
here they are bound to it, so that defaults nobody wrote become known as well.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from reportgen.errors import SettingError, nearest
from reportgen.spec.model import Component


@dataclass(frozen=True)
class Built:
    """A live object and the arguments it was made with, defaults included."""

    target: str  # module:attribute
    value: Any
    arguments: Mapping[str, Any]


def target_of(use: str, catalogue: Mapping[str, str]) -> str:
    """The `module:attribute` a name stands for, or the import path itself.

    Raises:
        SettingError: no such name in the catalogue, and no import path either.
    """
    if use in catalogue:
        return catalogue[use]
    if use.count(":") != 1:
        fix = f"{nearest(use, catalogue)} Or write module:attribute."
        raise SettingError("use", f"there is no {use!r}", fix)
    return use


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
    component: Component, catalogue: Mapping[str, str], *positional: object
) -> Built:
    """Call a component with its settings.

    Args:
        component: what to call.
        catalogue: names it may be called by.
        positional: values for the first parameters, which a spec cannot write.

    Raises:
        SettingError: it cannot be loaded, its signature does not take these settings,
            or it refuses one of them; the path starts with `use` or `params`.
    """
    target = target_of(component.use, catalogue)
    function = load_target(target)
    arguments = bind(function, component.params, positional)
    try:
        value = function(*positional, **component.params)
    except SettingError as error:
        path = f"params.{error.path}" if error.path else "params"
        raise SettingError(path, error.what, error.fix) from error
    return Built(target, value, arguments)


def build_function(component: Component) -> Built:
    """A callable: an instance where `use` names a class, else the function itself.

    Raises:
        SettingError: as `build`.
    """
    function = load_target(target_of(component.use, {}))
    if isinstance(function, type):
        return build(component, {})
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
    function = load_target(target_of(component.use, catalogue))
    wanted = [
        parameter.name
        for parameter in _signature(function).parameters.values()
        if parameter.annotation is type(info)
    ]
    injected = dict.fromkeys(wanted, info)
    arguments = bind(function, {**component.params, **injected}, ())
    try:
        value = function(**component.params, **injected)
    except SettingError as error:
        path = f"params.{error.path}" if error.path else "params"
        raise SettingError(path, error.what, error.fix) from error
    return Built(target_of(component.use, catalogue), value, arguments)


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
        raise SettingError("params", str(error), fix) from error
    bound.apply_defaults()
    given = list(signature.parameters)[: len(positional)]
    return {name: value for name, value in bound.arguments.items() if name not in given}


def _signature(function: Callable[..., Any]) -> inspect.Signature:
    """The signature with annotations as objects, also under postponed evaluation."""
    try:
        return inspect.signature(function, eval_str=True)
    except NameError:
        return inspect.signature(function)
