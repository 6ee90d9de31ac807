"""What a study's claims can show before anything runs: a spec in, powers out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reportgen.analysis.family import ALPHA, CORRECTIONS, share
from reportgen.analysis.looks import look_count
from reportgen.analysis.method import Method, load_method
from reportgen.analysis.pilot import ADVICE, Pilot, find_pilot
from reportgen.analysis.power import (
    MOST_SEEDS,
    detectable_chance,
    detectable_effect,
    resolvable,
    rows_needed,
    seeds_needed,
)
from reportgen.analysis.results import Results
from reportgen.analysis.signflip import smallest_p
from reportgen.analysis.verdict import margins_of
from reportgen.analysis.wording import p_text, short
from reportgen.spec.claims import Kind, parse_claim
from reportgen.spec.model import ClaimSpec, StudySpec


@dataclass(frozen=True)
class ClaimPreview:
    """What one claim can show with the seeds planned.

    Attributes:
        level: two-sided, that the family leaves to its hardest claim at one look.
        detectable: distance from the margin that is resolved with 80 % power, in SDs
            of a paired difference; for ranks, the chance of improvement so resolved;
            None where no verdict can be reached.
        resolution: the distance the claim asks for, in the metric's unit; for ranks,
            the chance of improvement worth having.
        largest_sd: the SD up to which that distance is resolved; None for ranks.
        smallest_p: the smallest p an exact sign-flip test could reach.
        reachable_p: the smallest p that the study's method can reach, with the others.
        pilot_sd: SD of a difference over seeds, from runs that exist.
        pilot_basis: where it comes from, or what would give one.
        seeds_needed: for 80 % power at that SD.
        seeds_if_underestimated: at its upper 80 % limit.
        test_rows: needed where more seeds cannot resolve the effect.
    """

    claim: str
    kind: Kind
    seeds: int
    level: float
    detectable: float | None
    resolution: float
    largest_sd: float | None
    smallest_p: float
    reachable_p: float
    decidable: bool
    sentence: str
    pilot_sd: float | None = None
    pilot_basis: str = ADVICE
    seeds_needed: int | None = None
    seeds_if_underestimated: int | None = None
    test_rows: int | None = None


def preview_claims(
    study: StudySpec, pilot: Results | None = None
) -> tuple[ClaimPreview, ...]:
    """Say what each claim can detect, at the level left to the hardest.

    Args:
        study: a checked study.
        pilot: runs of it that exist already.
    """
    if not study.claims:
        return ()
    method = load_method(study.analysis)
    reach = _reachable(study, method)
    level = ALPHA / look_count(study) / _hypotheses(study, method)
    found = []
    for name, claim in study.claims.items():
        one = _preview(name, study, method, level=level, reach=reach[name])
        spread = None if pilot is None else find_pilot(pilot, name, claim)
        if spread is not None and one.detectable is not None:
            one = _with_pilot(one, method, spread)
        found.append(one)
    return tuple(found)


def _own_equivalence(claim: ClaimSpec, method: Method) -> bool:
    """Whether `equivalent` is a hypothesis of its own in the family."""
    kind = parse_claim(claim.says).kind
    if kind not in ("improves", "worse", "differs"):
        return False
    if method.own_margins:
        return kind == "differs"
    margins = margins_of(kind, claim.margin, claim.smallest_effect)
    return margins.equivalence not in (0.0, margins.claimed)


def _hypotheses(study: StudySpec, method: Method) -> int:
    """Claims, and those whose equivalence is a hypothesis of its own."""
    claims = study.claims.values()
    return len(claims) + sum(_own_equivalence(claim, method) for claim in claims)


def _reachable(study: StudySpec, method: Method) -> Mapping[str, float]:
    """Each claim's adjusted p were every claim as clear as its seeds allow."""
    n = len(study.seed_list)
    p_values = [
        method.least_p(parse_claim(claim.says).kind, n)
        for claim in study.claims.values()
    ]
    p_values += [
        method.least_p("differs", n)
        for claim in study.claims.values()
        if _own_equivalence(claim, method)
    ]
    correction = CORRECTIONS[study.analysis.correction]
    shared = share(p_values, correction, looks=look_count(study))
    return dict(zip(study.claims, shared.adjusted, strict=False))


def _preview(
    name: str, study: StudySpec, method: Method, *, level: float, reach: float
) -> ClaimPreview:
    claim, seeds = study.claims[name], len(study.seed_list)
    kind = parse_claim(claim.says).kind
    one = ClaimPreview(
        claim=name,
        kind=kind,
        seeds=seeds,
        level=level,
        detectable=None,
        resolution=claim.smallest_effect or claim.margin,
        largest_sd=None,
        smallest_p=smallest_p(seeds),
        reachable_p=reach,
        decidable=False,
        sentence="",
    )
    if seeds < method.fewest:
        text = f"{seeds} seeds can decide nothing: a verdict needs {method.fewest}"
        return replace(one, sentence=f"{text} or more")
    if reach >= ALPHA:
        text = f"{seeds} seeds can decide nothing: by {method.title}, with all claims "
        text += f"of the study, no p below {p_text(reach)[1:]} can come out"
        return replace(one, sentence=text)
    if method.own_margins:
        gamma = study.analysis.better_with_probability
        chance = detectable_chance(seeds, alpha=level)
        text = f"{seeds} seeds show a chance of improvement of {chance:.2f} with 80 % "
        text += f"power; {gamma:g} is declared worth having"
        return replace(
            one, detectable=chance, resolution=gamma, decidable=True, sentence=text
        )
    return _resolved(one, method)


def _resolved(one: ClaimPreview, method: Method) -> ClaimPreview:
    """What the seeds resolve, in SDs of a difference."""
    found = detectable_effect(
        one.seeds,
        alpha=_test_level(one.kind, method, one.level),
        equivalence=one.kind == "equivalent",
    )
    if found is None:
        return one
    largest = one.resolution / found
    return replace(
        one,
        detectable=found,
        largest_sd=largest,
        decidable=True,
        sentence=f"{one.seeds} seeds resolve {short(one.resolution)} with 80 % power "
        f"if the difference varies over seeds by {short(largest)} (SD) or less",
    )


def _test_level(kind: Kind, method: Method, level: float) -> float:
    """As the power of a test wants it: two-sided, for equivalence of each side."""
    beyond = 1 - method.level(kind, level)
    return beyond / 2 if kind == "equivalent" else beyond


def _with_pilot(one: ClaimPreview, method: Method, pilot: Pilot) -> ClaimPreview:
    """The preview with the seeds, or rows, that the spread of a pilot asks for."""
    one = replace(one, pilot_sd=pilot.sd, pilot_basis=pilot.basis)
    if method.own_margins:
        return one
    equivalence = one.kind == "equivalent"
    alpha = _test_level(one.kind, method, one.level)
    two_sided = 2 * alpha if equivalence else alpha
    if pilot.rows and not resolvable(
        one.resolution, pilot.row_variance, alpha=two_sided
    ):
        rows = rows_needed(
            one.resolution, pilot.row_variance, pilot.rows, alpha=two_sided
        )
        text = f"; no number of seeds resolves it on {pilot.rows} rows: it needs {rows}"
        return replace(one, test_rows=rows, sentence=one.sentence + text)
    likely, most = (
        seeds_needed(one.resolution, noise, alpha=alpha, equivalence=equivalence)
        for noise in (pilot.noise, pilot.upper_noise)
    )
    about = f"about {likely}" if likely else f"more than {MOST_SEEDS}"
    ceiling = f"{most}" if most else f"more than {MOST_SEEDS}"
    text = f"; by {pilot.basis} it varies by {short(pilot.sd)}, so it needs {about} "
    text += f"seeds ({ceiling} if that is an underestimate)"
    return replace(
        one,
        seeds_needed=likely,
        seeds_if_underestimated=most,
        sentence=one.sentence + text,
    )


def undecidable(previews: Sequence[ClaimPreview]) -> tuple[str, ...]:
    """Names of the claims that no outcome could decide."""
    return tuple(one.claim for one in previews if not one.decidable)
