"""What the family of claims leaves to each: opened claims in, levels out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from reportgen.analysis.claims.judged import Case, Levels
from reportgen.analysis.claims.looks import look_count, look_level
from reportgen.analysis.claims.method import load_method
from reportgen.analysis.claims.quantity import load_quantity
from reportgen.analysis.statistics.family import CORRECTIONS, share
from reportgen.spec.claims import parse_claim
from reportgen.spec.model import StudySpec


@dataclass(frozen=True)
class Standing:
    """What the family of claims leaves to one of them.

    Attributes:
        levels: of the claim's hypotheses.
        alone: the levels it would have as the only claim.
        p_adjusted: for all claims and all declared looks.
        size: hypotheses in the family.
        shares: among which the level is shared: hypotheses times looks.
        correction: what it is called.
    """

    levels: Levels
    alone: Levels
    p_adjusted: float
    size: int
    shares: int
    correction: str


def stand(
    study: StudySpec,
    cases: Sequence[Case],
    *,
    barred: Collection[str] = (),
    withdrawn: int = 0,
) -> dict[str, Standing]:
    """Correct over the claims given and over equivalence hypotheses of their own.

    Barred and withdrawn claims count as hypotheses that nothing speaks against: a claim
    that is dropped after runs had started, or whose arm is not what it says, gives no
    other claim a wider level.
    """
    twice = [case for case in cases if case.own_equivalence]
    extra = [case.name for case in twice]
    p_values = [1.0 if case.name in barred else case.p for case in cases]
    p_values += [1.0 if case.name in barred else case.p_equivalent for case in twice]
    if not p_values:
        return {}
    p_values += [1.0] * withdrawn
    looks, size = look_count(study), len(p_values)
    correction = CORRECTIONS[study.analysis.correction]
    found = share(p_values, correction, looks=looks)
    single = look_level(study)
    standings = {}
    for place, case in enumerate(cases):
        own = fallback = found.levels[place]
        if case.name in extra:
            fallback = found.levels[len(cases) + extra.index(case.name)]
        standings[case.name] = Standing(
            Levels(own, fallback),
            Levels(single, single),
            found.adjusted[place],
            size,
            size * looks,
            correction.title,
        )
    return standings


def describe_family(study: StudySpec, size: int) -> dict[str, Any]:
    """How the claims of a study are judged, for the report."""
    correction = CORRECTIONS[study.analysis.correction]
    method = load_method(study.analysis)
    level = look_level(study)
    return {
        "correction": f"{correction.title} over {size} hypotheses at {level:g}",
        "correction_explained": correction.explained,
        "hypotheses": size,
        "level": level,
        "method": method.name,
        "method_title": method.title,
        "method_explained": method.explained,
        "failures": study.analysis.failures,
        "looks": study.analysis.looks,
        "own_rules": _own_rules(study),
    }


def _own_rules(study: StudySpec) -> tuple[str, ...]:
    """How claims are judged that are about no score, each way once."""
    abouts = dict.fromkeys(
        parse_claim(claim.says).about for claim in study.claims.values()
    )
    methods = [load_quantity(about).method for about in abouts]
    return tuple(
        f"By {method.title}: {method.explained}" for method in methods if method
    )
