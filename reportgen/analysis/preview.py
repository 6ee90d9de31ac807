"""What a study's claims can show before anything runs: a spec in, powers out."""

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.analysis.family import ALPHA
from reportgen.analysis.power import FEWEST_SEEDS, detectable_effect
from reportgen.analysis.signflip import smallest_p
from reportgen.analysis.verdict import margins_of
from reportgen.analysis.wording import short
from reportgen.spec.claims import Kind, parse_claim
from reportgen.spec.model import StudySpec


@dataclass(frozen=True)
class ClaimPreview:
    """What one claim can show with the seeds planned.

    Attributes:
        detectable: distance from the margin that is resolved with 80 % power, in SDs
            of a paired difference; None where no verdict can be reached.
        resolution: the distance the claim asks for, in the metric's unit.
        largest_sd: the SD up to which that distance is resolved.
        smallest_p: the smallest p an exact sign-flip test could reach.
    """

    claim: str
    kind: Kind
    seeds: int
    level: float
    detectable: float | None
    resolution: float
    largest_sd: float | None
    smallest_p: float
    decidable: bool
    sentence: str


def preview_claims(study: StudySpec) -> tuple[ClaimPreview, ...]:
    """Say what each claim can detect, at the level that Holm leaves to the hardest."""
    size = _hypotheses(study)
    seeds = len(study.seed_list)
    return tuple(
        _preview(name, study, level=ALPHA / size, seeds=seeds) for name in study.claims
    )


def _hypotheses(study: StudySpec) -> int:
    """Claims, and those whose equivalence is a hypothesis of its own."""
    total = 0
    for claim in study.claims.values():
        kind = parse_claim(claim.says).kind
        margins = margins_of(kind, claim.margin, claim.smallest_effect)
        own = kind in ("improves", "worse", "differs")
        total += 1 + (own and margins.equivalence not in (0.0, margins.claimed))
    return total


def _preview(name: str, study: StudySpec, *, level: float, seeds: int) -> ClaimPreview:
    claim = study.claims[name]
    kind = parse_claim(claim.says).kind
    resolution = claim.smallest_effect or claim.margin
    detectable = detectable_effect(seeds, alpha=level, equivalence=kind == "equivalent")
    if detectable is None:
        largest = None
        sentence = (
            f"{seeds} seeds can decide nothing: a verdict needs {FEWEST_SEEDS} or more"
        )
    else:
        largest = resolution / detectable
        sentence = (
            f"{seeds} seeds resolve {short(resolution)} with 80 % power if the "
            f"difference varies over seeds by {short(largest)} (SD) or less"
        )
    return ClaimPreview(
        claim=name,
        kind=kind,
        seeds=seeds,
        level=level,
        detectable=detectable,
        resolution=resolution,
        largest_sd=largest,
        smallest_p=smallest_p(seeds),
        decidable=detectable is not None,
        sentence=sentence,
    )


def undecidable(previews: Sequence[ClaimPreview]) -> tuple[str, ...]:
    """Names of the claims that no outcome could decide."""
    return tuple(one.claim for one in previews if not one.decidable)
