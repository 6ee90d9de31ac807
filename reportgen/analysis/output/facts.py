"""Facts about runs, scores and claims: each number with how it came about."""

from collections.abc import Iterator, Sequence

from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.claims import shown
from reportgen.analysis.findings.facts import Derivation, Fact, Subject, Unit
from reportgen.analysis.findings.study import (
    ArmScore,
    ClaimResult,
    Interval,
)
from reportgen.spec.claims import About

KEY_DIGITS = 16  # of a run's key; enough to be the only one in any project


def run_input(key: str) -> str:
    """How a derivation names a run."""
    return f"run:{key[:KEY_DIGITS]}"


def runs_input(arm: str) -> str:
    """How a derivation names all runs of an arm: through the fact that lists them."""
    return f"fact:runs/{arm}"


def run_facts(results: Results) -> Iterator[Fact]:
    """`runs/ARM`: how many records an arm has, and which."""
    for arm in results.arms:
        keys = [run_input(record.key) for _, record in results.records(arm)]
        yield Fact(
            id=f"runs/{arm}",
            value=len(keys),
            unit="runs",
            subject=Subject(arm=arm),
            derivation=Derivation(formula="records of the arm", inputs=tuple(keys)),
        )


def score_facts(scores: Sequence[ArmScore]) -> Iterator[Fact]:
    """`score/ARM/METRIC/mean` and its companions, for every arm and metric."""
    for score in scores:
        values = [value for value in score.values if value is not None]
        if not values or score.mean is None:
            continue
        stem = f"score/{score.arm}/{score.metric}"
        evaluation_set, _, rest = score.metric.partition(".")
        name, _, rule = rest.partition("@")
        subject = Subject(
            arm=score.arm,
            metric=name,
            evaluation_set=evaluation_set,
            checkpoint=rule,
        )
        unit: Unit = "nats" if score.unit == "nats" else "fraction"
        n = len(values)
        interval = score.ci95
        yield Fact(
            id=f"{stem}/mean",
            value=score.mean,
            unit=unit,
            interval=ends(interval),
            level=interval.level if interval else None,
            standard_error=score.sd / n**0.5 if score.sd is not None else None,
            n=n,
            subject=subject,
            derivation=Derivation(
                formula=f"mean over completed seeds of {score.metric}; Student t "
                "interval over seeds",
                inputs=(runs_input(score.arm),),
            ),
        )
        parts = {"sd": score.sd, "min": min(values), "max": max(values)}
        words = {
            "sd": "standard deviation over seeds (n - 1)",
            "min": "smallest over seeds",
            "max": "largest over seeds",
        }
        mean = (f"fact:{stem}/mean",)
        for part, value in parts.items():
            if value is not None:
                yield Fact(
                    id=f"{stem}/{part}",
                    value=value,
                    unit=unit,
                    n=n,
                    subject=subject,
                    derivation=Derivation(
                        formula=f"{words[part]} of the scores behind the mean",
                        inputs=mean,
                    ),
                )


def ends(interval: Interval | None) -> tuple[float, float] | None:
    """An interval as a fact holds it."""
    return None if interval is None else (interval.lower, interval.upper)


def claim_facts(claims: Sequence[ClaimResult]) -> Iterator[Fact]:
    """`claim/CLAIM/effect` and everything else a claim's sentence may need."""
    for claim in claims:
        subject, unit = _subject(claim), _unit(claim)
        stem = f"claim/{claim.id}"
        if claim.effect is not None:
            yield _effect_fact(claim)
        seeds = claim.settle.seeds if claim.settle else None
        rows = claim.settle.test_rows if claim.settle else None
        ruled_out = None if claim.ruled_out is None else shown(claim, claim.ruled_out)
        parts: list[tuple[str, float | int | str | None, Unit, str]] = [
            ("p", claim.p, "probability", "smaller p of support and refutation"),
            ("p_adjusted", claim.p_adjusted, "probability", "adjusted for all claims"),
            ("margin", shown(claim, claim.margin), unit, "registered in the spec"),
            ("seeds_needed", seeds, "seeds", "80 % power at the SD"),
            ("rows_needed", rows, "rows", "80 % power"),
            ("ruled_out", ruled_out, unit, "end of the family-level interval"),
            ("n", len(claim.seeds), "seeds", "seed pairs used"),
            ("verdict", claim.verdict, "text", "the rule fixed beforehand"),
        ]
        source = f"spec:claims.{claim.id}"
        effect = f"fact:{stem}/effect"
        for part, value, kind, formula in parts:
            if value is not None:
                came_from = (source,) if part == "margin" else (effect, source)
                yield Fact(
                    id=f"{stem}/{part}",
                    value=value,
                    unit=kind,
                    n=len(claim.seeds),
                    subject=subject,
                    derivation=Derivation(formula=formula, inputs=came_from),
                )


FORMULAS: dict[About, str] = {
    "score": "mean over seeds of the paired difference, positive where the variant is "
    "better; the wider of the seed and the seed-by-row interval",
    "shift": "mean over seeds of what the shift costs the reference, minus what it "
    "costs the variant; the wider of the seed and the seed-by-row interval",
    "level": "mean over seeds of the score minus the yardstick, positive where the "
    "variant is better; the wider of the seed and the seed-by-row interval",
    "spread": "mean distance from the median over seeds: the reference's over the "
    "variant's; Fieller interval of seed pairs",
    "failures": "share of failed runs: the reference's minus the variant's; exact "
    "unconditional interval",
}


def _effect_fact(claim: ClaimResult) -> Fact:
    """The effect, on the scale that readers see."""
    effect, interval = claim.effect or 0.0, claim.ci95
    error = claim.standard_error_crossed or claim.standard_error_seeds
    if claim.about in ("spread", "failures"):
        error = None  # its interval is no symmetric one
    low_high = None
    if interval is not None:
        low_high = (shown(claim, interval.lower), shown(claim, interval.upper))
    arms = [claim.variant, *([] if claim.about == "level" else [claim.reference])]
    return Fact(
        id=f"claim/{claim.id}/effect",
        value=shown(claim, effect),
        unit=_unit(claim),
        interval=low_high,
        level=None if interval is None else 0.95,
        standard_error=error,
        n=len(claim.seeds),
        subject=_subject(claim),
        derivation=Derivation(
            formula=FORMULAS[claim.about], inputs=tuple(map(runs_input, arms))
        ),
    )


def _subject(claim: ClaimResult) -> Subject:
    if claim.about == "failures":
        return Subject(arm=claim.variant, reference=claim.reference, claim=claim.id)
    evaluation_set, _, rest = claim.metric.partition(".")
    name, _, rule = rest.partition("@")
    return Subject(
        arm=claim.variant,
        reference=claim.reference,
        metric=name,
        evaluation_set=evaluation_set,
        checkpoint=rule,
        claim=claim.id,
    )


def _unit(claim: ClaimResult) -> Unit:
    if claim.about == "spread":
        return "ratio"
    return "nats" if claim.unit == "nats" else "fraction"
