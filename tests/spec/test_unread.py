"""What a callable takes and never reads."""

from dataclasses import dataclass
from functools import wraps
from typing import Any

import pytest

from reportgen.spec.unread import unread_parameters


def reads_all(one: int, *, two: int = 2) -> int:
    return one + two


def reads_one(one: int, two: int = 2, *, three: int = 3) -> int:  # noqa: ARG001
    """Two and three are only mentioned here."""
    return one


def passes_on(one: int, **more: int) -> int:
    return reads_all(one, **more)


def takes_all_at_once(one: int, two: int) -> dict[str, int]:
    return locals()


def reads_inside(one: int, two: int) -> Any:
    return lambda three: one + sum(two for _ in range(three))


class Constructed:
    def __init__(self, width: int, depth: int) -> None:  # noqa: ARG002
        self.width = width


class Inherits(Constructed):
    """Has no constructor of its own."""


@dataclass
class Fields:
    used: int
    idle: int = 0

    def value(self) -> int:
        return self.used


@wraps(reads_one)
def wrapped(*values: Any) -> Any:
    return reads_one(*values)


@pytest.mark.parametrize(
    ("function", "unread"),
    [
        (reads_all, set()),
        (reads_one, {"two", "three"}),
        (passes_on, set()),
        (takes_all_at_once, set()),
        (reads_inside, set()),
        (Constructed, {"depth"}),
        (Inherits, {"depth"}),
        (Fields, {"idle"}),
        (wrapped, {"two", "three"}),
        (len, set()),
        (dict, set()),
    ],
)
def test_unread_parameters_are_named(function: Any, unread: set[str]) -> None:
    assert unread_parameters(function) == unread
