"""One claim judged: its case and its standing in, everything told about it out."""

from dataclasses import dataclass
from math import isfinite

from reportgen.analysis.claims.bounds import ruled_out
from reportgen.analysis.claims.fragility import claim_tags
from reportgen.analysis.claims.judged import (
    Case,
    judge,
    judge_complete,
)
from reportgen.analysis.claims.rule import Decision
from reportgen.analysis.claims.settle import what_settles
from reportgen.analysis.claims.standing import Standing
from reportgen.analysis.claims.wording import (
    plain_sentence,
    verdict_sentence,
)
from reportgen.analysis.evidence.arm_values import share_interval
from reportgen.analysis.findings.study import (
    ArmFailures,
    ClaimResult,
    Interval,
)
from reportgen.analysis.statistics.effect_size import standardised

# Where an arm or the instrument is not what it says.
NOTHING = "Nothing: what was measured is not what the claim speaks of."


@dataclass(frozen=True)
class Bar:
    """Why a claim may have no verdict: the finding, and the reason in words."""

    finding: str
    reason: str


def _decision(
    case: Case, standing: Standing, barred: Bar | None, *, looked: bool
) -> Decision:
    if barred:
        return Decision("inadmissible", barred.finding)
    decision = judge(case, standing.levels)
    if decision.verdict != "inconclusive" and looked:
        return Decision("exploratory", "undeclared_look")
    if decision.verdict != "inconclusive" or decision.finding == "depends_on_failures":
        return decision
    if judge(case, standing.alone).verdict != "inconclusive":
        return Decision("inconclusive", "significant_before_correction")
    return decision


def tell_claim(
    case: Case,
    standing: Standing,
    *,
    post_hoc: bool,
    barred: Bar | None,
    looked: bool,
) -> ClaimResult:
    """Give a claim its verdict, and everything the verdict rests on.

    Args:
        case: the claim.
        standing: what the family leaves to it.
        post_hoc: whether it was registered after a run it concerns had started.
        barred: what keeps it from a verdict.
        looked: whether results were looked at without a declaration.
    """
    decision = _decision(case, standing, barred, looked=looked)
    early = decision.finding == "significant_before_correction"
    alone = judge(case, standing.alone).verdict if early else None
    found, pairs = case.found, case.pairs
    tested = found is not None and found.n > 2 and found.determined
    p = case.p if tested else None
    adjusted = standing.p_adjusted if tested else None
    level = case.method.level(case.parts.kind, standing.levels.claim)
    positive = decision.verdict == "supported"
    bound, bound_text = (
        (None, NOTHING)
        if decision.verdict == "inadmissible"
        else ruled_out(case, level)
    )
    effects = pairs.sample.effects if pairs.sample is not None else ()
    any_failed = any(pairs.failed) and not case.quantity.counts_failures
    smallest = case.spec.smallest_effect
    cite = case.spec.why_expected.cite
    return ClaimResult(
        id=case.name,
        says=case.spec.says,
        kind=case.parts.kind,
        variant=case.parts.variant,
        reference=case.parts.reference,
        about=case.parts.about,
        metric=case.metric_path,
        shifted=case.shifted_path,
        unit=case.quantity.unit or case.metric.unit,
        orientation=1 if case.metric.higher_is_better else -1,
        margin=case.quantity.scaled(case.spec.margin),
        smallest_effect=None if smallest is None else case.quantity.scaled(smallest),
        scope="population" if _beyond_rows(case) else "test_set",
        verdict=decision.verdict,
        finding=decision.finding,
        tags=claim_tags(case, decision, standing.levels),
        post_hoc=post_hoc,
        effect=None if found is None else found.mean,
        ci95=_interval(case, 0.95),
        ci90=_interval(case, 0.90),
        ci_family=_interval(case, level),
        p=p,
        p_adjusted=adjusted,
        seeds=pairs.seeds,
        pair_effects=tuple(float(effect) for effect in effects),
        standard_error_seeds=found.seeds.error if found and found.seeds else None,
        standard_error_crossed=found.crossed.error if found and found.crossed else None,
        failures=_failures(case),
        without_failures=(
            judge_complete(case, standing.levels).verdict if any_failed else None
        ),
        ruled_out=bound,
        ruled_out_sentence="" if positive else bound_text,
        settle=None if positive else what_settles(case, decision, standing.shares),
        sentence=verdict_sentence(
            case, decision.verdict, (p, adjusted), correction=standing.correction
        ),
        plain=plain_sentence(case, decision, alone=alone, reason=_reason(case, barred)),
        alone=alone,
        standardised=(
            standardised(pairs.sample.effects)
            if pairs.sample is not None and case.quantity.means
            else None
        ),
        judged_by="" if found is None else case.method.shown(found, level),
        why_expected=case.spec.why_expected.text,
        cite=(cite,) if isinstance(cite, str) else tuple(cite or ()),
    )


def _beyond_rows(case: Case) -> bool:
    """Whether a verdict reaches beyond the rows at hand; failures hang on none."""
    return case.over_rows or case.quantity.counts_failures


def _reason(case: Case, barred: Bar | None) -> str:
    """Why a claim has no verdict, where a verdict was kept from it."""
    if barred:
        return barred.reason
    return "" if case.found is None else case.found.refused


def _interval(case: Case, level: float) -> Interval | None:
    if case.found is None or not case.found.determined:
        return None
    lower, upper = case.found.interval(level)
    if not isfinite(lower) or not isfinite(upper):
        return None  # too few pairs for a test without a normal law
    return Interval(level=level, lower=lower, upper=upper)


def _failures(case: Case) -> tuple[ArmFailures, ...]:
    """Failed runs of each arm among the pairs planned."""
    pairs = case.pairs
    everyone = (
        set(pairs.seeds) | set(pairs.missing) | {s for f in pairs.failed for s in f}
    )
    planned = len(everyone) + pairs.repeats
    return tuple(
        ArmFailures(
            arm=arm,
            failed=len(failed),
            planned=planned,
            interval=failure_interval(len(failed), planned),
        )
        for arm, failed in zip(case.parts.arms, pairs.failed, strict=False)
    )


def failure_interval(failed: int, planned: int) -> Interval:
    """Clopper-Pearson 95 % interval of a failure rate; 0 to 1 without any run."""
    if planned == 0:
        return Interval(level=0.95, lower=0.0, upper=1.0)
    return share_interval(failed, planned)
