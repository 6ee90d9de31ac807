"""Words and numbers in captions and text alternatives."""

from collections.abc import Sequence

from reportgen.analysis.findings.study import ArmScore, Interval
from reportgen.report.numbers import (
    decimals_for,
    write_count,
    write_decimal,
)


def show(value: float, *, decimals: int = 3, signed: bool = False) -> str:
    """Write a number that has no interval of its own."""
    return write_decimal(value, decimals, signed=signed)


def show_score(score: ArmScore) -> str:
    """Write a mean with the digits its interval allows, or that there is none."""
    if score.mean is None:
        return "not available"
    return write_decimal(score.mean, _decimals(score.ci95, score.unit))


def count(number: int, noun: str, plural: str | None = None) -> str:
    """`1 run`, `2 runs`, `no runs`."""
    word = noun if number == 1 else plural or noun + "s"
    return f"{write_count(number) if number else 'no'} {word}"


def listed(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + " and " + words[-1]


def _decimals(interval: Interval | None, unit: str) -> int:
    # A quarter of a 95 % interval is about a standard error.
    spread = None if interval is None else (interval.upper - interval.lower) / 4
    return decimals_for(spread, unit=unit)
