"""One plain YAML 1.2 scalar: its text in, its value out.

DVC reads the same files with another YAML library. Where readers of YAML disagree
about a scalar it is refused, so that nobody trains with `17` what DVC tracks as `15`.
"""

import math
import re

from reportgen.errors import SettingError

Scalar = str | int | float | bool | None

CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
BASED_INTEGER = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
FLOAT = re.compile(
    r"[-+]?(?:[0-9]+\.[0-9]*(?:[eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+|\.[0-9]+)"
)
NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
# What some reader takes for a number, and another for text or for another number.
DISPUTED_NUMBER = re.compile(
    r"[-+]?[0-9_]+|[-+]?0b[01_]+|[-+]?0o?[0-7_]+|[-+]?0x[0-9a-fA-F_]+"
    r"|[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+"
)
DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt \t].*)?", re.DOTALL)
SPECIAL = re.compile(r"(?:[-+]\.?|\.)_+")  # another reader fails on these
MOST_DIGITS = 300


def read_scalar(text: str) -> Scalar:
    """Read a plain (unquoted) scalar.

    Raises:
        SettingError: readers disagree about it, or it is no finite number.
    """
    if text in CONSTANTS:
        return CONSTANTS[text]
    if INTEGER.fullmatch(text) or BASED_INTEGER.fullmatch(text):
        return _finite(int(text, 0) if len(text) <= MOST_DIGITS else math.inf, text)
    if FLOAT.fullmatch(text):
        return _finite(float(text), text)
    if NOT_FINITE.fullmatch(text):
        return _finite(math.inf, text)
    _refuse_disputed(text)
    return text


def _finite(value: int | float, text: str) -> int | float:
    if math.isinf(value):
        raise SettingError("", f"{text} is no finite number", "write a finite number")
    return value


def _refuse_disputed(text: str) -> None:
    if DISPUTED_NUMBER.fullmatch(text) and any(sign.isdigit() for sign in text):
        what = f"readers of YAML disagree about the number {text}"
        fix = f"write it plainly, as in 1000 or 0.5; {_quote(text)}"
        raise SettingError("", what, fix)
    if DATE.fullmatch(text):
        what = f"some readers of YAML take {text} for a date"
        raise SettingError("", what, _quote(text))
    if text in ("=", "<<") or SPECIAL.fullmatch(text):
        raise SettingError("", f"{text} is special to some readers", _quote(text))


def _quote(text: str) -> str:
    return f"for text, quote it: '{text}'"
