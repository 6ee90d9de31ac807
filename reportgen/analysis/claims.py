"""Verdicts on all claims of a study: results in, claim results and their family out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from scipy import stats

from reportgen.analysis.findings import (
    ArmFailures,
    ClaimResult,
    ControlResult,
    FamilySummary,
    Interval,
)
from reportgen.analysis.fragility import claim_tags
from reportgen.analysis.judged import (
    Case,
    Levels,
    judge,
    judge_complete,
    open_case,
)
from reportgen.analysis.looks import undeclared_looks
from reportgen.analysis.results import Results
from reportgen.analysis.settle import what_settles
from reportgen.analysis.standing import Standing, describe_family, stand
from reportgen.analysis.verdict import Decision
from reportgen.analysis.wording import plain_sentence, ruled_out, verdict_sentence
from reportgen.spec.model import StudySpec


@dataclass(frozen=True)
class Bar:
    """Why a claim may have no verdict: the finding, and the reason in words."""

    finding: str
    reason: str


@dataclass(frozen=True)
class Opened:
    """The claims of a study before any verdict, and what the family leaves to each.

    Attributes:
        late: names of claims registered after a run they concern had started.
    """

    cases: tuple[Case, ...]
    standings: Mapping[str, Standing]
    late: tuple[str, ...]
    study: StudySpec
    undeclared_looks: tuple[int, ...] = ()

    @property
    def levels(self) -> tuple[tuple[Case, Levels], ...]:
        """Every case with its levels."""
        return tuple((case, self.standings[case.name].levels) for case in self.cases)


def open_claims(
    results: Results, late: Collection[str], looks: Collection[int] = ()
) -> Opened:
    """Collect what the claims of a study are judged by.

    Late claims are corrected as if they had joined the family, and weaken no other.

    Args:
        results: of the study.
        late: names of claims registered after a run they concern had started.
        looks: numbers of seeds at which the claims were looked at, this time included.
    """
    study = results.study
    cases = tuple(
        open_case(results, name, spec) for name, spec in results.study.claims.items()
    )
    registered = [case for case in cases if case.name not in late]
    return Opened(
        cases,
        stand(study, cases) | stand(study, registered),
        tuple(case.name for case in cases if case.name in late),
        study,
        undeclared_looks(study, looks),
    )


def judge_claims(
    results: Results, controls: Sequence[ControlResult], late: Collection[str]
) -> tuple[tuple[ClaimResult, ...], FamilySummary]:
    """Judge every claim of the study."""
    return judge_opened(open_claims(results, late), controls)


def judge_opened(
    opened: Opened,
    controls: Sequence[ControlResult],
    refused: Mapping[str, str] | None = None,
) -> tuple[tuple[ClaimResult, ...], FamilySummary]:
    """Judge opened claims; a control that failed takes every verdict away.

    Args:
        opened: what the claims are judged by.
        controls: those of the study.
        refused: arms that are not what they say, or `arm/set` where only that set is
            not, each with the reason; no claim about them has a verdict.
    """
    cases, standings, late = opened.cases, opened.standings, opened.late
    failed = control_failure(controls)
    judged = tuple(
        _result(
            case,
            standings[case.name],
            post_hoc=case.name in late,
            barred=_bar(case, failed, refused or {}),
            looked=bool(opened.undeclared_looks),
        )
        for case in cases
    )
    untested = tuple(
        f"{case.name}: {result.finding}"
        for case, result in zip(cases, judged, strict=True)
        if result.p is None
    )
    registered = [case for case in cases if case.name not in late]
    size = standings[registered[0].name].size if registered else 0
    family = FamilySummary(
        registered=len(registered),
        tested=len(cases) - len(untested),
        dropped=untested,
        post_hoc=late,
        **describe_family(opened.study, size),
        undeclared_looks=opened.undeclared_looks,
    )
    return judged, family


def control_failure(controls: Sequence[ControlResult]) -> str:
    """Why no claim is admissible; empty where every control passed."""
    return "; ".join(
        f"control {one.id} failed ({one.observed}; expected {one.expected})"
        for one in controls
        if one.passed is False
    )


def _bar(case: Case, failed: str, refused: Mapping[str, str]) -> Bar | None:
    """What keeps a claim from a verdict: a failed control before a failed check."""
    if failed:
        return Bar("control_failed", failed)
    sets = (case.parts.evaluation_set, case.parts.shifted_set)
    names: dict[str, None] = {}
    for arm in case.parts.arms:
        names |= dict.fromkeys((arm, *(f"{arm}/{one}" for one in sets)))
    reasons = [f"{name}: {refused[name]}" for name in names if name in refused]
    return Bar("check_failed", "; ".join(reasons)) if reasons else None


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


def _result(
    case: Case,
    standing: Standing,
    *,
    post_hoc: bool,
    barred: Bar | None,
    looked: bool,
) -> ClaimResult:
    decision = _decision(case, standing, barred, looked=looked)
    found, pairs = case.found, case.pairs
    tested = found is not None and found.n > 2 and found.determined
    p = case.p if tested else None
    adjusted = standing.p_adjusted if tested else None
    level = case.method.level(case.parts.kind, standing.levels.claim)
    positive = decision.verdict == "supported"
    bound, bound_text = ruled_out(case, level)
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
        plain=plain_sentence(case, decision, reason=_reason(case, barred)),
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
    found = stats.binomtest(failed, planned).proportion_ci(0.95, method="exact")
    return Interval(level=0.95, lower=float(found.low), upper=float(found.high))
