"""Words for values and keys that are not what they should be."""

import re
from collections.abc import Iterable

from pydantic import JsonValue

from reportgen.errors import nearest
from reportgen.spec.positions import Mistake, Path

WHOLE, NUMBER, TRUTH, TEXT = "a whole number", "a number", "true or false", "a text"
LIST, MAP, NOTHING = "a list", "a map", "nothing"
TRUE_WORDS, FALSE_WORDS = {"yes", "on", "y"}, {"no", "off", "n"}
MOST_SHOWN = 40


def describe(value: JsonValue) -> str:
    """Say what a value is, short enough for a sentence."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        cut = value if len(value) <= MOST_SHOWN else value[:MOST_SHOWN] + "…"
        return f"the text {cut!r}"
    if isinstance(value, int | float):
        return f"the number {value}"
    return f"{LIST} of {len(value)}" if isinstance(value, list) else MAP


def advise(expected: str, value: JsonValue) -> str:
    """Say how to turn a value into what was expected."""
    wants_number = WHOLE in expected or NUMBER in expected
    if isinstance(value, str):
        if wants_number and re.fullmatch(r"[-+]?\d+(\.\d+)?(e[-+]?\d+)?", value):
            return f"remove the quotes: {value}"
        if TRUTH in expected and value.lower() in TRUE_WORDS | FALSE_WORDS:
            return f"write {str(value.lower() in TRUE_WORDS).lower()}"
    if isinstance(value, float) and WHOLE in expected and value.is_integer():
        return f"write {int(value)}"
    if TEXT in expected and isinstance(value, bool | int | float):
        return f"quote it: '{str(value).lower()}'"
    if LIST in expected and not wants_number and isinstance(value, str | int | float):
        plain = not isinstance(value, str) or re.fullmatch(r"[\w.-]+", value)
        return f"write [{value}]" if plain else f'write ["{value}"]'
    if value is None and expected in (LIST, MAP):
        return f"write {'[]' if expected == LIST else '{}'} if there is nothing"
    return f"write {expected}"


def wrong_type(path: Path, expected: str, value: JsonValue) -> Mistake:
    """Say that a value should have been something else."""
    what = f"must be {expected}, not {describe(value)}"
    return Mistake(path, what, advise(expected, value))


def unknown_key(path: Path, allowed: Iterable[str]) -> Mistake:
    """Say that a key is not among those allowed beside it."""
    key = str(path[-1])
    what, fix = f"unknown key '{key}'", nearest(key, allowed)
    if "." in key:
        outer, _, inner = key.partition(".")
        fix = f"nest it: {outer}: {{{inner.replace('.', ': {')}: …" + "}" * key.count(
            "."
        )
    return Mistake(path, what, fix, "key")
