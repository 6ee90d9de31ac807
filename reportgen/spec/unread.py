"""Parameters that a callable takes and never reads: a user's function in, names out."""

import ast
import dataclasses
import inspect
import textwrap
from collections.abc import Callable
from typing import Any


def unread_parameters(function: Callable[..., Any]) -> frozenset[str]:
    """Names in a signature that the body never mentions.

    Of a class, its constructor is read; of a dataclass, all of its methods. Empty where
    there is no source to read.
    """
    if isinstance(function, type) and dataclasses.is_dataclass(function):
        return _unread_fields(function)
    body = function
    if isinstance(function, type):
        body = next(
            (vars(one)["__init__"] for one in function.__mro__ if _constructs(one)),
            function,
        )
    tree = _parse(body)
    if not isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef):
        return frozenset()
    arguments = tree.args
    listed = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    read = {
        node.id
        for statement in tree.body
        for node in ast.walk(statement)
        if isinstance(node, ast.Name)
    }
    if "locals" in read or "vars" in read:  # takes all of them at once
        return frozenset()
    return frozenset(one.arg for one in listed) - read


def _constructs(kind: type) -> bool:
    return "__init__" in vars(kind) and kind is not object


def _unread_fields(kind: type) -> frozenset[str]:
    """Fields that no method of a dataclass, or of its parents in Python, mentions."""
    read: set[str] = set()
    for one in kind.__mro__[:-1]:
        tree = _parse(one)
        if tree is None:
            return frozenset()
        read |= {
            node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)
        }
    return frozenset(one.name for one in dataclasses.fields(kind)) - read


def _parse(written: Any) -> ast.AST | None:
    try:
        source = textwrap.dedent(inspect.getsource(written))
        return ast.parse(source).body[0]
    except (OSError, TypeError, SyntaxError, IndexError):
        return None
