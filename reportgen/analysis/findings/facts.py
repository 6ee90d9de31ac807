"""Facts: every number a report may print, with its uncertainty and its derivation."""

from typing import Literal

from reportgen.spec.model import Frozen

Unit = Literal[
    "fraction",
    "nats",
    "runs",
    "rows",
    "seeds",
    "epochs",
    "claims",
    "parameters",
    "probability",
    "ratio",
    "text",
    "setting",
    "count",
]


class Subject(Frozen):
    """What a fact is about; a binding must name the same."""

    arm: str | None = None
    reference: str | None = None
    metric: str | None = None  # catalogue name, e.g. hwa
    evaluation_set: str | None = None
    checkpoint: str | None = None
    claim: str | None = None


class Derivation(Frozen):
    """How a fact came about: a formula, and what went into it.

    Inputs are `run:KEY`, `spec:PATH`, `fact:ID` or `ledger:N`.
    """

    formula: str
    inputs: tuple[str, ...] = ()


class Fact(Frozen):
    """One value with an id, e.g. `score/baseline/test.hwa@best/mean`.

    Numbers are kept to 12 significant digits, so that the last bits of a sum never
    reach a file; verdicts are decided before.
    """

    id: str
    value: float | int | str
    unit: Unit
    interval: tuple[float, float] | None = None
    level: float | None = None  # of the interval, e.g. 0.95
    standard_error: float | None = None
    n: int | None = None  # seeds or pairs behind it
    subject: Subject = Subject()
    derivation: Derivation
