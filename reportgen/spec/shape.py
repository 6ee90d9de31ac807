"""What a parameter accepts from YAML: a type annotation in, a `Shape` out.

Annotations reach us as live types (user code, which is imported) or as syntax (our own
modules and PyTorch, which are only read); both become the same few shapes.
"""

import ast
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import JsonValue

from reportgen.spec.positions import Path
from reportgen.spec.wording import LIST, MAP, NOTHING, NUMBER, TEXT, TRUTH, WHOLE

Kind = Literal[
    "any", "alien", "int", "float", "bool", "str", "null", "one of", "list", "tuple",
    "map", "union",
]  # fmt: skip
Lookup = Callable[[str], ast.expr | None]


@dataclass(frozen=True)
class Shape:
    """What fits: a kind, the shapes inside it, and the words of a `one of`.

    `alien` is what YAML cannot write, such as a tensor.
    """

    kind: Kind
    parts: tuple["Shape", ...] = ()
    words: tuple[str | int | bool | None, ...] = ()


ANY, ALIEN = Shape("any"), Shape("alien")
NAMED: dict[str, Shape] = {
    **dict.fromkeys(("Any", "object", "JsonValue"), ANY),
    **dict.fromkeys(("int", "PositiveInt", "NonNegativeInt"), Shape("int")),
    **dict.fromkeys(("float", "PositiveFloat", "NonNegativeFloat"), Shape("float")),
    "bool": Shape("bool"),
    "str": Shape("str"),
    **dict.fromkeys(("None", "NoneType"), Shape("null")),
}
LISTS = {"list", "List", "set", "frozenset", "Sequence", "Iterable", "Collection"}
MAPS = {"dict", "Dict", "Mapping", "MutableMapping"}
WORDS: dict[Kind, str] = {
    "any": "anything",
    "alien": "anything",
    "int": WHOLE,
    "float": NUMBER,
    "bool": TRUTH,
    "str": TEXT,
    "null": NOTHING,
    "map": MAP,
}
PLURALS = {WHOLE: "whole numbers", NUMBER: "numbers", TEXT: "texts"}


def shape_of_type(annotation: Any) -> Shape:
    """The shape of a live annotation."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return shape_of_type(arguments[0])
    if origin is Literal:
        return Shape("one of", words=tuple(arguments))
    if origin in (Union, types.UnionType):
        return union(*map(shape_of_type, arguments))
    if origin is None:
        return _named(getattr(annotation, "__name__", str(annotation)), ())
    endless = Ellipsis in arguments
    parts = tuple(shape_of_type(one) for one in arguments if one is not Ellipsis)
    return _named("list" if endless else origin.__name__, parts)


def shape_of_source(node: ast.expr | None, lookup: Lookup) -> Shape:
    """The shape of a written annotation; `lookup` finds what a module's names mean."""
    if node is None:
        return ANY
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):  # postponed: the text is the annotation
            return shape_of_source(ast.parse(node.value, mode="eval").body, lookup)
        return Shape("null") if node.value is None else ALIEN
    if isinstance(node, ast.BinOp):
        sides = (node.left, node.right)
        return union(*(shape_of_source(side, lookup) for side in sides))
    if isinstance(node, ast.Subscript):
        return _subscripted(node, lookup)
    name = _last_name(node)
    if name not in NAMED and name not in LISTS | MAPS | {"tuple", "Tuple"}:
        meaning = lookup(name)
        if meaning is not None:
            return shape_of_source(meaning, lookup)
    return _named(name, ())


def _subscripted(node: ast.Subscript, lookup: Lookup) -> Shape:
    name = _last_name(node.value)
    inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if name == "Literal":
        constants = [one.value for one in inner if isinstance(one, ast.Constant)]
        return Shape("one of", words=tuple(constants))  # type: ignore[arg-type]
    if name == "Annotated":
        return shape_of_source(inner[0], lookup)
    endless = any(isinstance(e, ast.Constant) and e.value is Ellipsis for e in inner)
    parts = tuple(
        shape_of_source(one, lookup) for one in inner[: 1 if endless else None]
    )
    if name == "Optional":
        return union(*parts, Shape("null"))
    if name == "Union":
        return union(*parts)
    return _named("list" if endless else name, parts)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _named(name: str, parts: tuple[Shape, ...]) -> Shape:
    if name in NAMED:
        return NAMED[name]
    if name in LISTS or (name in ("tuple", "Tuple") and not parts):
        return Shape("list", parts[:1])
    if name in ("tuple", "Tuple"):
        return Shape("tuple", parts)
    return Shape("map", parts[-1:]) if name in MAPS else ALIEN


def union(*shapes: Shape) -> Shape:
    """Any of these; what YAML cannot write is left out where something else fits."""
    flat = [p for s in shapes for p in (s.parts if s.kind == "union" else (s,))]
    kept = tuple(dict.fromkeys(one for one in flat if one != ALIEN))
    if ANY in kept or not kept:
        return ANY
    return kept[0] if len(kept) == 1 else Shape("union", kept)


def misfit(shape: Shape, value: JsonValue) -> tuple[Path, Shape] | None:
    """Where below a value something does not fit, and what would."""
    if shape.kind in ("any", "alien"):
        return None
    if shape.kind == "union":
        found = [misfit(part, value) for part in shape.parts]
        if None in found:
            return None
        deepest = max((one for one in found if one), key=lambda one: len(one[0]))
        return deepest if deepest[0] else ((), shape)
    if shape.kind in ("list", "tuple", "map"):
        return _misfit_inside(shape, value)
    return None if _fits(shape, value) else ((), shape)


def _misfit_inside(shape: Shape, value: JsonValue) -> tuple[Path, Shape] | None:
    wanted = dict if shape.kind == "map" else list
    counted = shape.kind == "tuple" and isinstance(value, list)
    if not isinstance(value, wanted) or (counted and len(value) != len(shape.parts)):
        return (), shape
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for place, item in items:
        if shape.parts:
            part = shape.parts[int(place)] if counted else shape.parts[0]
            inside = misfit(part, item)
            if inside:
                return (place, *inside[0]), inside[1]
    return None


def _fits(shape: Shape, value: JsonValue) -> bool:
    if shape.kind == "one of":
        return any(value == w and type(value) is type(w) for w in shape.words)
    if shape.kind == "null":
        return value is None
    if isinstance(value, bool) or shape.kind == "bool":
        return isinstance(value, bool) and shape.kind == "bool"
    if shape.kind == "str":
        return isinstance(value, str)
    return isinstance(value, (int, float) if shape.kind == "float" else int)


def describe_shape(shape: Shape) -> str:
    """Say what fits, for a sentence that begins with "must be"."""
    if shape.kind == "union":
        return " or ".join(map(describe_shape, shape.parts))
    if shape.kind == "one of":
        quoted = [repr(word) for word in shape.words]
        return " or ".join(
            [", ".join(quoted[:-1]), quoted[-1]] if quoted[1:] else quoted
        )
    if shape.kind == "tuple":
        kinds = {describe_shape(part) for part in shape.parts}
        items = PLURALS.get(kinds.pop(), "items") if len(kinds) == 1 else "items"
        return f"{LIST} of {len(shape.parts)} {items}"
    if shape.kind == "list" and shape.parts:
        inside = describe_shape(shape.parts[0])
        return f"{LIST} of {PLURALS[inside]}" if inside in PLURALS else LIST
    return LIST if shape.kind == "list" else WORDS[shape.kind]
