"""The claims figure in words and as a table: claims in, caption, alt and CSV out."""

from collections import Counter
from collections.abc import Sequence

from reportgen.analysis.findings import ClaimResult, Verdict
from reportgen.report.figures.view import Cell, write_table
from reportgen.report.figures.wording import count, listed, show_estimate

ORDER: tuple[Verdict, ...] = (
    "supported",
    "refuted",
    "equivalent",
    "inconclusive",
    "exploratory",
    "inadmissible",
)
FULL = 12  # as many claims as a text alternative spells out
HEADER = [
    "claim",
    "says",
    "kind",
    "metric",
    "unit",
    "margin",
    "effect",
    "ci95_lower",
    "ci95_upper",
    "family_level",
    "family_lower",
    "family_upper",
    "verdict",
    "finding",
    "post_hoc",
    "seed",
    "pair_effect",
]


def claims_caption(claims: Sequence[ClaimResult]) -> str:
    """Say how to read the figure."""
    text = (
        "Effects point so that right is better for "
        "the variant. Thick lines are 95 % intervals, thin lines the intervals at the "
        "level the correction for several claims leaves; dots are seed pairs. The "
        "shaded region, ending at the margin, is where an effect has to lie with its "
        "whole interval for the claim to be supported."
    )
    if any(claim.post_hoc for claim in claims):
        text += " A dagger marks a claim written after a run it concerns had started."
    return text


def claims_alt(claims: Sequence[ClaimResult]) -> str:
    """Say what the figure shows: the verdicts, and the effects where there is room."""
    tally = Counter(claim.verdict for claim in claims)
    verdicts = [f"{tally[word]} {word}" for word in ORDER if tally[word]]
    opening = f"Interval chart of {count(len(claims), 'claim')}: {listed(verdicts)}."
    if len(claims) <= FULL:
        return " ".join([opening, *(_in_words(claim) for claim in claims)])
    known = [claim for claim in claims if claim.effect is not None]
    if not known:
        return opening
    ranked = sorted(known, key=lambda claim: (claim.effect or 0.0, claim.id))
    return (
        f"{opening} From the lowest effect, {_in_words(ranked[0])[:-1]}, to the "
        f"highest, {_in_words(ranked[-1])}"
    )


def claims_table(claims: Sequence[ClaimResult]) -> str:
    """One line per seed pair; a claim without pairs has one line."""
    rows: list[tuple[Cell, ...]] = []
    for claim in claims:
        ci, family = claim.ci95, claim.ci_family
        shared: tuple[Cell, ...] = (
            claim.id,
            claim.says,
            claim.kind,
            claim.metric,
            claim.unit,
            claim.margin,
            claim.effect,
            ci.lower if ci else None,
            ci.upper if ci else None,
            family.level if family else None,
            family.lower if family else None,
            family.upper if family else None,
            claim.verdict,
            claim.finding,
            "yes" if claim.post_hoc else "no",
        )
        pairs = list(zip(claim.seeds, claim.pair_effects, strict=True))
        rows += [(*shared, seed, effect) for seed, effect in pairs] or [
            (*shared, None, None)
        ]
    return write_table(HEADER, rows)


def _in_words(claim: ClaimResult) -> str:
    if claim.effect is None:
        return f"{claim.id}: {claim.verdict}, no effect estimated."
    effect = show_estimate(claim.effect, claim.ci95, claim.unit)
    return f"{claim.id}: {claim.verdict}, effect {effect}."
