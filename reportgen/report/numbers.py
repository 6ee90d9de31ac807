"""How numbers are written: a value and its uncertainty in, the digits shown out.

How many decimals a value deserves, its uncertainty says (`findings.digits`).
"""

import math

from reportgen.analysis.findings.digits import decimals_for as decimals_for
from reportgen.analysis.findings.facts import Fact, Unit

# The narrow space that no line breaks at.
MINUS, THIN = "\u2212", "\u202f"
SMALLEST_P = 1e-4
COUNTS: frozenset[Unit] = frozenset(
    {"runs", "rows", "seeds", "epochs", "claims", "parameters", "count"}
)


def write_decimal(value: float, decimals: int, *, signed: bool = False) -> str:
    """Write a value with fixed decimals, a true minus sign and grouped thousands.

    A value that rounds to zero has no sign.
    """
    text = f"{abs(value):.{decimals}f}"
    zero = not text.strip("0.")
    sign = "" if zero else MINUS if value < 0 else "+" if signed else ""
    whole, dot, rest = text.partition(".")
    return sign + _grouped(whole) + dot + rest


def write_count(value: int) -> str:
    """Write a whole number; five digits and more are grouped by thin spaces."""
    sign = MINUS if value < 0 else ""
    return sign + _grouped(str(abs(value)))


def write_p(p: float) -> str:
    """Write a p-value with two significant digits; never as zero."""
    if p < SMALLEST_P:
        return f"<{THIN}0.0001"
    if p >= 0.995:  # two digits would round it to 1.0
        return f">{THIN}0.99"
    decimals = 1 - math.floor(math.log10(float(f"{p:.1e}")))
    return f"{p:.{decimals}f}"


def write_plain(value: float) -> str:
    """Write a value as someone would type it, in at most six significant digits."""
    text = f"{value:.6g}"
    if "e" not in text:
        return write_decimal(value, len(text.partition(".")[2]))
    mantissa, _, exponent = text.partition("e")
    power = str(int(exponent)).translate(_SUPERSCRIPT)
    front = "" if mantissa == "1" else f"{mantissa.replace('-', MINUS)}{THIN}×{THIN}"
    return f"{front}10{power}"


def write_interval(lower: float, upper: float, decimals: int) -> str:
    """Write `lower to upper`, both with the same decimals."""
    low, high = (write_decimal(end, decimals) for end in (lower, upper))
    return f"{low}\u00a0to\u00a0{high}"


def uncertainty_of(fact: Fact) -> float | None:
    """The fact's standard error, or a quarter of its interval's width."""
    if fact.standard_error is not None:
        return fact.standard_error
    if fact.interval is not None:
        return (fact.interval[1] - fact.interval[0]) / 4
    return None


def write_fact(fact: Fact, *, signed: bool = False) -> str:
    """Write a fact's value as its unit and its uncertainty ask for."""
    value = fact.value
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if fact.unit in COUNTS and float(value).is_integer():
        return write_count(int(value))
    if fact.unit == "probability":
        return write_p(float(value))
    if fact.unit == "setting":
        return write_plain(float(value))
    decimals = decimals_for(uncertainty_of(fact), unit=fact.unit)
    return write_decimal(float(value), decimals, signed=signed)


_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _grouped(digits: str) -> str:
    if len(digits) < 5:
        return digits
    head = len(digits) % 3 or 3
    groups = [digits[:head]]
    groups += [digits[at : at + 3] for at in range(head, len(digits), 3)]
    return THIN.join(groups)
