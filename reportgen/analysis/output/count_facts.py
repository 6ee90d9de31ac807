"""Facts about the account: counts of runs and claims, failures, detectors."""

from collections.abc import Iterator, Sequence

from reportgen.analysis.claims.verdicts import failure_interval
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.facts import Derivation, Fact, Subject, Unit
from reportgen.analysis.findings.study import (
    ArmAttrition,
    ClaimResult,
    DetectorResult,
    Interval,
    RankCorrelation,
)
from reportgen.analysis.output.facts import ends, runs_input

VERDICTS = (
    *("supported", "refuted", "equivalent", "inconclusive", "exploratory"),
    "inadmissible",
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
    registered = [claim for claim in claims if not claim.post_hoc]
    formula = "claims of the spec that stood before the runs they concern"
    yield count(
        "claims/registered", len(registered), "claims", formula, "spec:claims", last
    )
    formula = "claims of the spec that were added or changed after such a run"
    late = len(claims) - len(registered)
    yield count("claims/post_hoc", late, "claims", formula, "spec:claims", last)
    for verdict in VERDICTS:
        judged = [claim.id for claim in registered if claim.verdict == verdict]
        inputs = [f"fact:claim/{name}/verdict" for name in judged]
        formula = f"registered claims with the verdict {verdict}"
        yield count(f"claims/{verdict}", len(judged), "claims", formula, *inputs)


def failure_facts(results: Results, arms: Sequence[ArmAttrition]) -> Iterator[Fact]:
    """`failures/ARM` and its rate, for every arm that is planned now."""
    for one in arms:
        planned = one.reported + one.broken
        if one.arm not in results.arms or not planned:
            continue
        inputs = (runs_input(one.arm),)
        subject = Subject(arm=one.arm)
        yield Fact(
            id=f"failures/{one.arm}",
            value=one.broken,
            unit="runs",
            n=planned,
            subject=subject,
            derivation=Derivation(formula="runs that failed", inputs=inputs),
        )
        interval = failure_interval(one.broken, planned)
        yield Fact(
            id=f"failures/{one.arm}/rate",
            value=one.broken / planned,
            unit="fraction",
            interval=ends(interval),
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
    if found.within is not None:
        formula = "correlation over seeds, within arms, of score on dev and drop"
        own, p = found.within, "by permuting the seeds that arms share"
        parts += [
            ("within", own.correlation, own.interval, "ratio", formula),
            ("within_p", own.p, None, "probability", p),
        ]
    inputs = tuple(runs_input(one.arm) for one in found.arms)
    for part, value, interval, unit, formula in parts:
        if value is not None:
            yield Fact(
                id=f"robustness/{part}",
                value=value,
                unit=unit,
                interval=ends(interval),
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
            interval=ends(one.interval),
            level=one.interval.level if one.interval else None,
            n=one.n_used,
            derivation=Derivation(formula=one.statistic_name or one.title),
        )
