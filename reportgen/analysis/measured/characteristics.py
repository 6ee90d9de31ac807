"""How often the rule for verdicts errs, as measured: a file in, tables out.

`python -m benchmarks.operating_characteristics --write` measures it anew.
"""

from functools import lru_cache
from pathlib import Path

from reportgen.spec.model import Frozen

FILE = Path(__file__).with_name("operating_characteristics.json")


class NoiseCoverage(Frozen):
    """Nominal 95 % intervals of a mean of n differences with the noise named.

    `student_low` and `two_arms_low` are how often the lower limit lies above the truth,
    nominally .025: a false gain. The second is of two arms that share the noise.
    """

    noise: str
    n: int
    repeats: int
    student: float
    student_low: float
    two_arms_low: float
    percentile: float


class RowCoverage(Frozen):
    """Coverage of the difference on all rows, from a sample of them.

    `luck` is the SD over seeds, `taste` that of the difference of two arms' likings for
    rows, `rest` that of every single answer, all on the scale on which rows differ in
    difficulty by 1.2.
    """

    luck: float
    taste: float
    rest: float
    n: int
    repeats: int
    seeds: float
    crossed: float
    wider: float


class MethodErrors(Frozen):
    """How often a method calls a gain over nothing supported, of two equal normal arms.

    `refused` is the share of studies, of eight arms, that it would not judge; the rest
    count in `false_gain`, nominally .025, and .05 for posterior probabilities.
    """

    method: str
    n: int
    repeats: int
    refused: float
    false_gain: float


class FamilyErrors(Frozen):
    """How often any of several true nulls gets a verdict."""

    variants: int
    n: int
    repeats: int
    uncorrected: float
    holm: float


class Characteristics(Frozen):
    """Everything measured."""

    noise: tuple[NoiseCoverage, ...]
    rows: tuple[RowCoverage, ...]
    methods: tuple[MethodErrors, ...]
    families: tuple[FamilyErrors, ...]


@lru_cache(maxsize=1)
def read_characteristics() -> Characteristics:
    """What the last measurement found."""
    return Characteristics.model_validate_json(FILE.read_text(encoding="utf-8"))
