"""Modules read without running them: a module and a name in, its definition out.

Importing PyTorch takes seconds, and a spec is checked far more often than it is run.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.machinery import PathFinder
from pathlib import Path

MOST_HOPS = 12  # through re-exports
NEXT_BLOCK = re.compile(r"^(?=[^\s#)\]}])", re.MULTILINE)

Definition = ast.ClassDef | ast.FunctionDef | ast.Assign | ast.AnnAssign


@dataclass(frozen=True)
class Found:
    """A definition and the module whose names its annotations use."""

    module: str
    node: Definition


@cache
def find_source(module: str) -> Path | None:
    """The file of a module; nothing is imported, not even its parents."""
    top, *rest = module.split(".")
    spec = PathFinder.find_spec(top)
    if spec is None:
        return None
    if not rest:
        return Path(spec.origin) if spec.origin else None
    for place in spec.submodule_search_locations or ():
        base = Path(place, *rest)
        for candidate in (base / "__init__.py", base.with_suffix(".py")):
            if candidate.is_file():
                return candidate
    return None


@cache
def _read_text(module: str) -> str | None:
    path = find_source(module)
    if path is None or path.suffix != ".py":
        return None
    return path.read_text(encoding="utf-8")


@cache
def read_source(module: str) -> ast.Module | None:
    """The syntax tree of a module; None if it has no readable source."""
    text = _read_text(module)
    return None if text is None else ast.parse(text)


@cache
def read_block(module: str, name: str) -> ast.ClassDef | ast.FunctionDef | None:
    """A class or function that stands at the left margin, parsed by itself.

    PyTorch's files are long, and a spec names one class of each. None where the name
    is defined in another way, or twice.
    """
    start = re.compile(rf"^(?:@.*\n)*(?:class|def) {name}\b", re.MULTILINE)
    found = [*start.finditer(_read_text(module) or "")]
    if len(found) != 1:
        return None
    text = found[0].string
    end = NEXT_BLOCK.search(text, found[0].end())
    try:
        (block,) = ast.parse(text[found[0].start() : end.start() if end else None]).body
    except SyntaxError:  # a text within it begins at the left margin as well
        return None
    return block if isinstance(block, ast.ClassDef | ast.FunctionDef) else None


def find_definition(
    module: str, name: str, *, within: str = "", hops: int = MOST_HOPS
) -> Found | None:
    """Find what a module's name refers to, through `from … import …`.

    Args:
        module: where the name is used.
        name: what to look up.
        within: follow imports only into modules whose name begins so.
        hops: re-exports to follow, at most.
    """
    block = read_block(module, name)
    if block:
        return Found(module, block)
    tree = read_source(module)
    if tree is None or hops == 0:
        return None
    for statement in reversed([*_statements(tree.body)]):
        if isinstance(statement, ast.ImportFrom):
            target = _import_target(module, statement, name)
            if target and target[0].startswith(within):
                found = find_definition(*target, within=within, hops=hops - 1)
                if found:
                    return found
        elif name in _names(statement):
            return Found(module, statement)  # type: ignore[arg-type]
    return None


def public_names(module: str) -> tuple[str, ...]:
    """Names a module defines or re-exports, private ones left out."""
    tree = read_source(module)
    names: list[str] = []
    for statement in _statements(tree.body if tree else []):
        if isinstance(statement, ast.ImportFrom):
            names += [alias.asname or alias.name for alias in statement.names]
        else:
            names += _names(statement)
    return tuple(dict.fromkeys(name for name in names if name[0] not in "_*"))


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Top-level statements, those under `if` and `try` included."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.If | ast.Try):
            yield from _statements(statement.body)
            yield from _statements(statement.orelse)


def _names(statement: ast.stmt) -> tuple[str, ...]:
    if isinstance(statement, ast.ClassDef | ast.FunctionDef):
        return (statement.name,)
    if isinstance(statement, ast.Assign):
        return tuple(one.id for one in statement.targets if isinstance(one, ast.Name))
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return (statement.target.id,)
    return ()


def _import_target(
    module: str, statement: ast.ImportFrom, name: str
) -> tuple[str, str] | None:
    """The module and name that `from … import …` gives a name to, if it does."""
    source = statement.module or ""
    if statement.level:  # relative to the package that holds the module
        path = find_source(module)
        is_package = path is not None and path.name == "__init__.py"
        parts = module.split(".")
        base = parts[: len(parts) - statement.level + is_package]
        source = ".".join([*base, *filter(None, [source])])
    for alias in statement.names:
        if alias.name == "*":
            return source, name
        if (alias.asname or alias.name) == name:
            return source, alias.name
    return None
