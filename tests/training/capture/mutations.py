"""Alterations of a run, each with the captured rows that it must change.

A mutation is one edit: of the spec, of the user's code, of a global flag, of a variable
that a process starts with, or of what a library says of itself. The rows it is made for
are listed with it, and whether the result of the run must be another one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from tests.training.capture.mutants import CODE

Kind = Literal["spec", "code", "process", "variable"]


@dataclass(frozen=True)
class Mutation:
    """One alteration.

    Attributes:
        kind: what is altered.
        rows: captured rows it is made for.
        change: for the spec, what is laid over it; for code, the whole other text; for
            the process, a function that alters it through a pytest.MonkeyPatch; for a
            variable, its name and value.
        still: why the result must stay as it is; empty where it must be another one.
        code: the text of the user's code, before and after where that is not altered.
    """

    kind: Kind
    rows: tuple[str, ...]
    change: Any
    still: str = ""
    code: str = CODE


def spec(rows: str, change: dict[str, Any], *, still: str = "") -> Mutation:
    return Mutation("spec", tuple(rows.split()), change, still)


def code(
    rows: str, old: str, new: str, *, still: str = "", before: str = CODE
) -> Mutation:
    change = edited((old, new), text=before)
    return Mutation("code", tuple(rows.split()), change, still, before)


def process(
    rows: str, change: Callable[[Any], object], *, still: str = "", code: str = CODE
) -> Mutation:
    return Mutation("process", tuple(rows.split()), change, still, code)


def variable(
    name: str, value: str, *, rows: str = "", still: str = "", code: str = CODE
) -> Mutation:
    every = (f"backend.environment.{name}", *rows.split())
    return Mutation("variable", every, (name, value), still, code)


def edited(*edits: tuple[str, str], text: str = CODE) -> str:
    """The user's code with pieces of it replaced, each of which stands there once."""
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text
