"""What pydantic refuses, in our words: validation errors in, mistakes out."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, JsonValue
from pydantic_core import ErrorDetails

from reportgen.errors import near_words, nearest
from reportgen.spec.positions import Mistake, Path
from reportgen.spec.wording import (
    LIST,
    MAP,
    NOTHING,
    NUMBER,
    TEXT,
    TRUTH,
    WHOLE,
    unknown_key,
    wrong_type,
)

EXPECTED: dict[str, str] = {
    "int_type": WHOLE,
    "int_from_float": WHOLE,
    "float_type": NUMBER,
    "bool_type": TRUTH,
    "string_type": TEXT,
    "tuple_type": LIST,
    "list_type": LIST,
    "dict_type": MAP,
    "model_type": MAP,
    "none_required": NOTHING,
}
WRITE_WHERE_EMPTY = {
    "variants": "{}",
    "claims": "{}",
    "analysis": "{}",
    "controls": "default",
}


def word_errors(
    errors: Iterable[ErrorDetails], written: JsonValue, model: type[BaseModel]
) -> list[Mistake]:
    """Word validation errors, one mistake per place.

    Args:
        errors: what pydantic found.
        written: the value it validated; tells union tags in error paths from keys.
        model: the model it was validated against.
    """
    located = [(written_path(error, written), error) for error in errors]
    # A list whose items are wrong is "too short" to pydantic, which counts valid ones.
    located = [
        (path, error)
        for path, error in located
        if error["type"] != "too_short" or not _value_at(written, path)
    ]
    single = [(path, error) for path, error in located if _is_own(path, error)]
    grouped: dict[Path, list[ErrorDetails]] = {}
    for path, error in located:
        if not _is_own(path, error):  # a branch of a union
            grouped.setdefault(path, []).append(error)
    mistakes = [_word(path, [error], written, model) for path, error in single]
    for path, group in grouped.items():
        # Where another branch of the union got further, its errors say more.
        if not any(len(p) > len(path) and p[: len(path)] == path for p, _ in located):
            mistakes.append(_word(path, group, written, model))
    return _without_echoes(mistakes)


def _is_own(path: Path, error: ErrorDetails) -> bool:
    """Whether an error is the only one that can be said about its place."""
    own = error["type"] in ("missing", "extra_forbidden") or error["loc"][-1] == "[key]"
    return own or len(error["loc"]) == len(path)


def _without_echoes(mistakes: list[Mistake]) -> list[Mistake]:
    """Drop `epochs is missing` where `epoch` was written and `epochs` suggested."""
    kept = []
    for mistake in mistakes:
        suggested = (
            f"'{missing[1]}'" in other.fix
            for other in mistakes
            if other.at == "key" and other.path[:-1] == mistake.path
            if (missing := re.fullmatch(r"the key '(.*)' is missing", mistake.what))
        )
        if not any(suggested):
            kept.append(mistake)
    return kept


def written_path(error: ErrorDetails, written: JsonValue) -> Path:
    """The path as written: pydantic adds the branch of a union it tried."""
    path: list[str | int] = []
    value = written
    for part in error["loc"]:
        if isinstance(value, dict) and part in value:
            value = value[str(part)]
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            continue
        path.append(part)
    return tuple(path)


def _word(
    path: Path, group: list[ErrorDetails], written: JsonValue, model: type[BaseModel]
) -> Mistake:
    error = group[0]
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return _missing(path, str(error["loc"][-1]), model)
    if kind == "extra_forbidden":
        return unknown_key(path, _neighbours(path, model))
    if error["loc"][-1] == "[key]" and path:
        return Mistake(path, _bad_name(path[-1]), _better_name(path[-1]), "key")
    value = _value_at(written, path)
    expected = [EXPECTED[one["type"]] for one in group if one["type"] in EXPECTED]
    literals = [
        str(one["ctx"]["expected"]) for one in group if "expected" in one.get("ctx", {})
    ]
    if (expected or literals) and kind in {*EXPECTED, "literal_error"}:
        return _wrong(path, [*dict.fromkeys(literals + expected)], value)
    return _out_of_bounds(path, kind, context, value)


def suggested(path: Path, model: type[BaseModel]) -> list[str]:
    """The keys that an unknown one may be meant for."""
    return near_words(str(path[-1]), _neighbours(path, model))


def _neighbours(path: Path, model: type[BaseModel]) -> tuple[str, ...]:
    owner = _model_at(model, path[:-1])
    return tuple(owner.model_fields) if owner else ()


def _missing(path: Path, key: str, model: type[BaseModel]) -> Mistake:
    owner = _model_at(model, path)
    field = owner.model_fields.get(key) if owner else None
    meaning = f" ({field.description})" if field and field.description else ""
    fix = f"add `{key}: …`{meaning}"
    if not path and key in WRITE_WHERE_EMPTY:
        fix = f"add `{key}: {WRITE_WHERE_EMPTY[key]}` if there is nothing to say"
    return Mistake(path, f"the key '{key}' is missing", fix, "owner")


def _wrong(path: Path, expected: list[str], value: JsonValue) -> Mistake:
    mistake = wrong_type(path, " or ".join(expected), value)
    words = re.findall(r"'([^']*)'", " ".join(expected))
    if isinstance(value, str) and words:
        return Mistake(path, mistake.what, nearest(value, words))
    if expected == [MAP] and isinstance(value, str) and value:
        return Mistake(path, mistake.what, f'for a component, write {{use: "{value}"}}')
    return mistake


def _out_of_bounds(
    path: Path, kind: str, context: Mapping[str, Any], value: JsonValue
) -> Mistake:
    if kind == "greater_than":
        return Mistake(
            path, f"must be above {context['gt']:g}, not {value}", "raise it"
        )
    if kind == "greater_than_equal":
        what = f"must be at least {context['ge']:g}, not {value}"
        if path[-1] == "margin" and isinstance(value, int | float):
            fix = f"write {-value:g}: which way it goes is in the sentence"
            return Mistake(path, what, fix)
        return Mistake(path, what, "raise it")
    if kind in ("string_too_short", "too_short"):
        fix = "write a sentence" if value == "" else "write at least one"
        return Mistake(path, "must not be empty", fix)
    if kind == "string_pattern_mismatch":
        if "\\." in context["pattern"]:
            what = f"{value!r} is no metric of an evaluation set"
            return Mistake(path, what, "write SET.METRIC, e.g. dev.hwa")
        return Mistake(path, _bad_name(value), _better_name(value))
    if kind == "string_too_long":
        what = f"is longer than {context['max_length']} characters"
        return Mistake(path, what, "shorten it")
    return Mistake(path, f"does not fit ({kind.replace('_', ' ')})", "correct it")


def _bad_name(name: object) -> str:
    return f"{name!r} is no name: small letters, digits and dashes, a letter first"


def _better_name(name: object) -> str:
    better = re.sub(r"[^a-z0-9]+", "-", str(name).lower()).strip("-0123456789")
    return f"write '{better}'" if better else "choose a name"


def _value_at(written: JsonValue, path: Path) -> JsonValue:
    for part in path:
        written = written[part]  # type: ignore[index]
    return written


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """The model that describes the map at a path."""
    found: Any = model
    for part in path:
        found = _step(found, part)
    return next((one for one in _branches(found) if _is_model(one)), None)


def _step(annotation: Any, part: str | int) -> Any:
    for branch in _branches(annotation):
        if _is_model(branch):
            field = branch.model_fields.get(str(part))
            return field.annotation if field else None
        if get_origin(branch) is tuple and isinstance(part, int):
            return get_args(branch)[0]
        if get_origin(branch) is dict:
            return get_args(branch)[1]
    return None


def _branches(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) in (Union, type(int | str)):
        return tuple(b for one in get_args(annotation) for b in _branches(one))
    return (annotation,)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
