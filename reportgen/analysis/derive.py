"""Facts from results: every number a report may print, with how it came about."""

from collections.abc import Iterator, Sequence

from reportgen.analysis.claims import failure_interval
from reportgen.analysis.facts import Derivation, Fact, Subject, Unit
from reportgen.analysis.findings import (
    ArmAttrition,
    ArmScore,
    ClaimResult,
    DetectorResult,
    Interval,
    RankCorrelation,
)
from reportgen.analysis.results import Results

KEY_DIGITS = 16  # of a run's key; enough to be the only one in any project
VERDICTS = ("supported", "refuted", "equivalent", "inconclusive", "inadmissible")


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
            interval=_ends(interval),
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
        yield Fact(
            id=f"{stem}/n",
            value=n,
            unit="seeds",
            subject=subject,
            derivation=Derivation(formula="seeds that completed", inputs=mean),
        )


def _ends(interval: Interval | None) -> tuple[float, float] | None:
    return None if interval is None else (interval.lower, interval.upper)


def claim_facts(claims: Sequence[ClaimResult]) -> Iterator[Fact]:
    """`claim/CLAIM/effect` and everything else a claim's sentence may need."""
    for claim in claims:
        evaluation_set, _, rest = claim.metric.partition(".")
        name, _, rule = rest.partition("@")
        subject = Subject(
            arm=claim.variant,
            reference=claim.reference,
            metric=name,
            evaluation_set=evaluation_set,
            checkpoint=rule,
            claim=claim.id,
        )
        unit: Unit = "nats" if claim.unit == "nats" else "fraction"
        stem = f"claim/{claim.id}"
        inputs = (runs_input(claim.variant), runs_input(claim.reference))
        if claim.effect is not None:
            error = claim.standard_error_crossed or claim.standard_error_seeds
            yield Fact(
                id=f"{stem}/effect",
                value=claim.effect,
                unit=unit,
                interval=_ends(claim.ci95),
                level=0.95 if claim.ci95 else None,
                standard_error=error,
                n=len(claim.seeds),
                subject=subject,
                derivation=Derivation(
                    formula="mean over seeds of the paired difference, positive where "
                    "the variant is better; the wider of the seed and the seed-by-row "
                    "interval",
                    inputs=inputs,
                ),
            )
        seeds = claim.settle.seeds if claim.settle else None
        rows = claim.settle.test_rows if claim.settle else None
        parts: list[tuple[str, float | int | str | None, Unit, str]] = [
            ("p", claim.p, "probability", "smaller p of support and refutation"),
            ("p_adjusted", claim.p_adjusted, "probability", "Holm over all claims"),
            ("margin", claim.margin, unit, "registered in the spec"),
            ("seeds_needed", seeds, "seeds", "80 % power at the SD"),
            ("rows_needed", rows, "rows", "80 % power"),
            ("ruled_out", claim.ruled_out, unit, "end of the family-level interval"),
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


def count_facts(
    results: Results,
    arms: Sequence[ArmAttrition],
    claims: Sequence[ClaimResult],
) -> Iterator[Fact]:
    """`count/…`: runs by how they ended, arms, seeds, and claims by verdict."""

    def count(name: str, value: int, unit: Unit, formula: str, *inputs: str) -> Fact:
        return Fact(
            id=f"count/{name}",
            value=value,
            unit=unit,
            derivation=Derivation(formula=formula, inputs=inputs),
        )

    last = f"ledger:{len(results.ledger.entries)}"
    for state in ("planned", "reported", "failed", "excluded", "superseded"):
        total = sum(getattr(one, state) for one in arms)
        formula = f"runs {state}, over all arms, controls and former arms included"
        yield count(f"runs/{state}", total, "runs", formula, last)
    yield count(
        "arms",
        len(results.study_arms),
        "count",
        "baseline and variants",
        "spec:variants",
    )
    yield count(
        "seeds", len(results.study.seed_list), "seeds", "seeds of an arm", "spec:seeds"
    )
    registered = len(claims)
    yield count(
        "claims/registered", registered, "claims", "claims of the spec", "spec:claims"
    )
    for verdict in VERDICTS:
        judged = [claim.id for claim in claims if claim.verdict == verdict]
        inputs = [f"fact:claim/{name}/verdict" for name in judged]
        formula = f"claims with the verdict {verdict}"
        yield count(f"claims/{verdict}", len(judged), "claims", formula, *inputs)


def failure_facts(results: Results, arms: Sequence[ArmAttrition]) -> Iterator[Fact]:
    """`failures/ARM` and its rate, for every arm that is planned now."""
    for one in arms:
        planned = one.reported + one.failed
        if one.arm not in results.arms or not planned:
            continue
        inputs = (runs_input(one.arm),)
        subject = Subject(arm=one.arm)
        yield Fact(
            id=f"failures/{one.arm}",
            value=one.failed,
            unit="runs",
            n=planned,
            subject=subject,
            derivation=Derivation(formula="runs that failed", inputs=inputs),
        )
        interval = failure_interval(one.failed, planned)
        yield Fact(
            id=f"failures/{one.arm}/rate",
            value=one.failed / planned,
            unit="fraction",
            interval=_ends(interval),
            level=interval.level,
            n=planned,
            subject=subject,
            derivation=Derivation(
                formula="failed over planned; Clopper-Pearson interval",
                inputs=(f"fact:failures/{one.arm}",),
            ),
        )


def robustness_facts(found: RankCorrelation | None) -> Iterator[Fact]:
    """`robustness/…`: seed spread against shift drop, where enough arms allow it."""
    if found is None:
        return
    parts: list[tuple[str, float | None, Interval | None, Unit, str]] = [
        (
            "partial",
            found.partial,
            found.partial_interval,
            "ratio",
            "Spearman correlation of log SD over seeds on dev and mean drop under "
            "shift, given the mean score; Bonett-Wright interval",
        ),
        ("partial_p", found.partial_p, None, "probability", "t with k - 3 df"),
        (
            "spearman",
            found.spearman,
            found.spearman_interval,
            "ratio",
            "Spearman correlation of log SD over seeds and mean drop under shift",
        ),
        ("spearman_p", found.spearman_p, None, "probability", "by permutation"),
        ("arms", len(found.arms), None, "count", "arms with a spread and a drop"),
    ]
    inputs = tuple(runs_input(one.arm) for one in found.arms)
    for part, value, interval, unit, formula in parts:
        if value is not None:
            yield Fact(
                id=f"robustness/{part}",
                value=value,
                unit=unit,
                interval=_ends(interval),
                level=interval.level if interval else None,
                n=len(found.arms),
                subject=Subject(metric=found.metric),
                derivation=Derivation(formula=formula, inputs=inputs),
            )


def detector_facts(detectors: Sequence[DetectorResult]) -> Iterator[Fact]:
    """`detector/ID/SUBJECT/statistic`, where the detector applied."""
    for one in detectors:
        if one.statistic is None:
            continue
        yield Fact(
            id=f"detector/{one.id}/{one.subject.replace(' ', '_')}/statistic",
            value=one.statistic,
            unit="ratio",
            interval=_ends(one.interval),
            level=one.interval.level if one.interval else None,
            n=one.n_used,
            derivation=Derivation(formula=one.statistic_name or one.title),
        )
