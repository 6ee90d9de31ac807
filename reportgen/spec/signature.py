"""The parameters of a callable: `module:attribute` in, its `Signature` out.

Our own modules and PyTorch's are read without being imported; any other module is
imported for real, because only running it says what its names are.
"""

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Final

from pydantic import JsonValue

from reportgen.errors import SettingError, nearest
from reportgen.spec.shape import ANY, Shape, shape_of_source, shape_of_type
from reportgen.spec.source import Found, find_definition, find_source, public_names
from reportgen.spec.unread import unread_parameters

ONLY_READ = ("reportgen", "torch")
INJECTED = "DataInfo"  # filled in by training, so never written in a spec
UNKNOWN_DEFAULT: Final = "…"


@dataclass(frozen=True)
class Parameter:
    """One parameter; `default` is UNKNOWN_DEFAULT where it is no plain value."""

    name: str
    shape: Shape
    required: bool
    default: JsonValue = None
    injected: bool = False


@dataclass(frozen=True)
class Signature:
    """What a callable takes.

    Attributes:
        parameters: by position, those that only a position can fill left out.
        open: it also takes keywords it does not name (`**kwargs`).
        is_class: calling it makes an instance.
        unread: names a user's callable takes and never reads.
    """

    parameters: tuple[Parameter, ...]
    open: bool
    is_class: bool
    unread: frozenset[str] = frozenset()


def read_signature(target: str) -> Signature:
    """Read the signature of `module:attribute`.

    Raises:
        SettingError: there is no such thing, it cannot be imported or called.
    """
    module, _, attribute = target.partition(":")
    if module.partition(".")[0] in ONLY_READ:
        return _read(module, attribute)
    return _inspect(load_attribute(module, attribute), target)


def load_attribute(module: str, attribute: str) -> Any:
    """Import a module outside this package and give one of its attributes.

    Raises:
        SettingError: the import fails, or there is no such attribute.
    """
    try:
        imported = import_module(module)
    # The one place that imports a user's module, which may raise anything, or leave.
    except (Exception, SystemExit) as error:
        absent = error.name if isinstance(error, ModuleNotFoundError) else None
        if absent and f"{module}.".startswith(f"{absent}."):
            fix = "check its spelling; modules are looked up from the project's folder"
            raise SettingError("use", f"there is no module {module!r}", fix) from error
        what = f"importing {module!r} fails: {type(error).__name__}: {error}"
        fix = f"make `python -c 'import {module}'` work in the project's folder"
        raise SettingError("use", what, fix) from error
    if not hasattr(imported, attribute):
        names = [name for name in vars(imported) if not name.startswith("_")]
        raise _no_attribute(module, attribute, names)
    return getattr(imported, attribute)


def _no_attribute(module: str, attribute: str, names: list[str]) -> SettingError:
    what = f"the module {module!r} has no {attribute!r}"
    near = nearest(attribute, names)
    fix = near if near.startswith("did") else f"look into {module} for the right name"
    return SettingError("use", what, fix)


def _not_callable(target: str) -> SettingError:
    return SettingError(
        "use", f"{target!r} cannot be called", "name a class or a function"
    )


def _inspect(value: Any, target: str) -> Signature:
    if not callable(value):
        raise _not_callable(target)
    try:
        signature = inspect.signature(value, eval_str=True)
    except (NameError, AttributeError, TypeError):  # meant for type checkers only
        signature = inspect.signature(value)
    except ValueError as error:  # written in C, without a signature
        fix = "wrap it in a function with named, typed parameters"
        what = f"{target!r} does not say what it takes"
        raise SettingError("use", what, fix) from error
    kinds = [parameter.kind for parameter in signature.parameters.values()]
    return Signature(
        tuple(
            _live_parameter(parameter)
            for parameter in signature.parameters.values()
            if parameter.kind
            in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
        ),
        inspect.Parameter.VAR_KEYWORD in kinds,
        isinstance(value, type),
        unread_parameters(value),
    )


def _live_parameter(parameter: inspect.Parameter) -> Parameter:
    empty = inspect.Parameter.empty
    annotation, default = parameter.annotation, parameter.default
    injected = getattr(annotation, "__name__", annotation) == INJECTED
    if annotation is empty:
        shape = ANY
    elif isinstance(annotation, str):
        node = ast.parse(annotation, mode="eval").body
        shape = shape_of_source(node, lambda _: None)
    else:
        shape = shape_of_type(annotation)
    plain = None if default is empty else _plain(default)
    return Parameter(parameter.name, shape, default is empty, plain, injected)


def _plain(value: object) -> JsonValue:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, tuple | list):
        items = [_plain(item) for item in value]
        return UNKNOWN_DEFAULT if UNKNOWN_DEFAULT in items else items
    return UNKNOWN_DEFAULT


@cache
def _read(module: str, attribute: str) -> Signature:
    if find_source(module) is None:
        fix = "check its spelling"
        raise SettingError("use", f"there is no module {module!r}", fix)
    found = find_definition(module, attribute)
    if found is None:
        raise _no_attribute(module, attribute, list(public_names(module)))
    if isinstance(found.node, ast.FunctionDef):
        parameters, is_open = _arguments(found, found.node)
        return Signature(parameters, is_open, is_class=False)
    if isinstance(found.node, ast.ClassDef):
        parameters, is_open = _constructor(found)
        return Signature(parameters, is_open, is_class=True)
    raise _not_callable(f"{module}:{attribute}")


def _constructor(found: Found) -> tuple[tuple[Parameter, ...], bool]:
    """The parameters of a class: its `__init__`, its fields, or those of a base."""
    node = found.node
    if not isinstance(node, ast.ClassDef):
        return (), False
    methods = [one for one in node.body if isinstance(one, ast.FunctionDef)]
    for method in reversed(methods):
        if method.name == "__init__":
            parameters, is_open = _arguments(found, method)
            return parameters[1:], is_open  # without self
    bases = [_base(found, base) for base in node.bases]
    inherited = next((_constructor(base) for base in bases if base), ((), False))
    if any("dataclass" in ast.unparse(one) for one in node.decorator_list):
        merged = {one.name: one for one in (*inherited[0], *_fields(found, node))}
        return tuple(merged.values()), False
    return inherited


def _base(found: Found, base: ast.expr) -> Found | None:
    name = base.id if isinstance(base, ast.Name) else ""
    return find_definition(found.module, name) if name else None


def _fields(found: Found, node: ast.ClassDef) -> Iterator[Parameter]:
    for statement in node.body:
        if not isinstance(statement, ast.AnnAssign):
            continue
        if not isinstance(statement.target, ast.Name):
            continue
        if "ClassVar" not in ast.unparse(statement.annotation):
            name, default = statement.target.id, statement.value
            yield _written_parameter(found, name, statement.annotation, default)


def _arguments(
    found: Found, node: ast.FunctionDef
) -> tuple[tuple[Parameter, ...], bool]:
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults))
    pairs = [
        *zip(positional, [*defaults, *arguments.defaults], strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    parameters = tuple(
        _written_parameter(found, argument.arg, argument.annotation, default)
        for argument, default in pairs
        if argument not in arguments.posonlyargs
    )
    return parameters, arguments.kwarg is not None


def _written_parameter(
    found: Found, name: str, annotation: ast.expr | None, default: ast.expr | None
) -> Parameter:
    written = ast.unparse(annotation) if annotation else ""
    injected = written.strip("'").rpartition(".")[2] == INJECTED
    shape = ANY if injected else shape_of_source(annotation, _lookup(found))
    if default is None:
        return Parameter(name, shape, required=True, injected=injected)
    try:
        value = _plain(ast.literal_eval(default))
    except ValueError:
        value = UNKNOWN_DEFAULT
    return Parameter(name, shape, required=False, default=value, injected=injected)


def _lookup(found: Found) -> Callable[[str], ast.expr | None]:
    """What a name in our own modules' annotations stands for, if that is an alias."""

    def lookup(name: str) -> ast.expr | None:
        if not found.module.startswith("reportgen"):
            return None
        meaning = find_definition(found.module, name, within="reportgen")
        if meaning and isinstance(meaning.node, ast.Assign | ast.AnnAssign):
            return meaning.node.value
        return None

    return lookup
