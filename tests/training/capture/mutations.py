"""Alterations of a run, each with the captured rows that it must change.

A mutation is one edit: of the spec, of the user's code, of a global flag, or of what a
library says of itself. The rows it is made for are listed with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from tests.training.capture.mutants import CODE

Kind = Literal["spec", "code", "process"]


@dataclass(frozen=True)
class Mutation:
    """One alteration.

    Attributes:
        kind: what is altered.
        rows: captured rows it is made for.
        change: for the spec, what is laid over it; for code, (old, new); for the
            process, a function that alters it through a pytest.MonkeyPatch.
        live: whether the result must change; None where a library only gives another
            account of itself, or where that depends on the processor.
    """

    kind: Kind
    rows: tuple[str, ...]
    change: Any
    live: bool | None = True


def spec(rows: str, change: dict[str, Any], *, live: bool = True) -> Mutation:
    return Mutation("spec", tuple(rows.split()), change, live)


def code(rows: str, old: str, new: str, *, live: bool = True) -> Mutation:
    assert CODE.count(old) == 1, f"{old!r} stands {CODE.count(old)} times"
    return Mutation("code", tuple(rows.split()), (old, new), live)


def process(
    rows: str, change: Callable[[Any], object], *, live: bool | None = None
) -> Mutation:
    return Mutation("process", tuple(rows.split()), change, live)
