"""The claims figure in words and as a table: claims in, caption, alt and CSV out."""

from collections import Counter
from collections.abc import Sequence

from reportgen.analysis.findings.claims import shown, shown_interval
from reportgen.analysis.findings.study import ClaimResult, Verdict
from reportgen.report.figures.view import Cell, write_table
from reportgen.report.figures.wording import count, listed
from reportgen.report.statements import (
    decimals_of,
    effect_text,
    interval_text,
)
from reportgen.spec.claims import About

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

READING: dict[About, str] = {
    "shift": " Robustness is how much less a shift costs the variant than the other "
    "arm.",
    "level": " A single arm is drawn by its distance from the number, chance or "
    "ceiling it is held against, one dot per run.",
    "spread": " Spread over seeds is a ratio on a logarithmic scale; its dots are what "
    "each seed pair contributes.",
    "failures": " A difference of failure rates has a dot at 1 where only the other "
    "arm’s run failed, and at −1 where only the variant’s did.",
}


def claims_caption(claims: Sequence[ClaimResult]) -> str:
    """Say how to read the figure."""
    text = (
        "Effects point so that right is better for "
        "the variant. Thick lines are 95 % intervals, thin lines the intervals at the "
        "level the correction for several claims leaves; dots are seed pairs. The "
        "shaded region, ending at the margin, is where an effect has to lie with its "
        "whole interval for the claim to be supported."
    )
    told = {claim.about for claim in claims}
    text += "".join(READING[about] for about in READING if about in told)
    if any(claim.post_hoc for claim in claims):
        text += " A dagger marks a claim written after a run it concerns had started."
    return text


def claims_alt(claims: Sequence[ClaimResult]) -> str:
    """Say what the figure shows: the verdicts, and the effects where there is room."""
    tally = Counter(claim.verdict for claim in claims)
    verdicts = [f"{tally[word]} {word}" for word in ORDER if tally[word]]
    opening = f"Interval chart of {count(len(claims), 'claim')}: {listed(verdicts)}."
    late = sum(claim.post_hoc for claim in claims)
    if late:
        opening += f" Post hoc: {late}."
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
        ci, family = (
            one and shown_interval(claim, one) for one in (claim.ci95, claim.ci_family)
        )
        shared: tuple[Cell, ...] = (
            claim.id,
            claim.says,
            claim.kind,
            claim.metric,
            "ratio" if claim.about == "spread" else claim.unit,
            shown(claim, claim.margin),
            None if claim.effect is None else shown(claim, claim.effect),
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
        rows += [(*shared, seed, shown(claim, effect)) for seed, effect in pairs] or [
            (*shared, None, None)
        ]
    return write_table(HEADER, rows)


def _in_words(claim: ClaimResult) -> str:
    verdict = claim.verdict + (" (post hoc)" if claim.post_hoc else "")
    if claim.effect is None:
        return f"{claim.id}: {verdict}, no effect estimated."
    decimals = decimals_of(claim, None)
    effect = effect_text(claim, claim.effect, decimals)
    if claim.ci95 is not None:
        effect += f" ({interval_text(claim, claim.ci95, decimals)})"
    return f"{claim.id}: {verdict}, effect {effect}."
