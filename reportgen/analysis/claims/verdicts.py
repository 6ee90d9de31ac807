"""Verdicts on all claims of a study: results in, claim results and their family out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from reportgen.analysis.claims.judged import Case, Levels, open_case
from reportgen.analysis.claims.looks import undeclared_looks
from reportgen.analysis.claims.phrases import UNTESTED
from reportgen.analysis.claims.standing import Standing, describe_family, stand
from reportgen.analysis.claims.tell import Bar, tell_claim
from reportgen.analysis.claims.tell import failure_interval as failure_interval
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import ClaimResult, ControlResult, FamilySummary
from reportgen.spec.model import StudySpec
from reportgen.spec.plan import CONTROL_PREFIX

LEFT_OPEN = "the rule cannot judge what its runs came to"


@dataclass(frozen=True)
class Opened:
    """The claims of a study before any verdict, and what the family leaves to each.

    Attributes:
        late: names of claims registered after a run they concern had started.
        withdrawn: names of claims under which runs had started, changed or gone since.
        refused: arms that are not what they say, or `arm/set` where only that set is
            not, each with the reason; no claim about them has a verdict.
    """

    cases: tuple[Case, ...]
    standings: Mapping[str, Standing]
    late: tuple[str, ...]
    study: StudySpec
    undeclared_looks: tuple[int, ...] = ()
    withdrawn: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def levels(self) -> tuple[tuple[Case, Levels], ...]:
        """Every case with its levels."""
        return tuple((case, self.standings[case.name].levels) for case in self.cases)


def open_claims(
    results: Results,
    late: Collection[str],
    looks: Collection[int] = (),
    withdrawn: Sequence[str] = (),
    refused: Mapping[str, str] | None = None,
) -> Opened:
    """Collect what the claims of a study are judged by.

    Late claims are corrected as if they had joined the family, and weaken no other;
    withdrawn ones, and those about arms that are not what they say, keep their share of
    it and give none of it on: what they came to shows nothing.

    Args:
        results: of the study.
        late: names of claims registered after a run they concern had started.
        looks: numbers of seeds at which the claims were looked at, this time included.
        withdrawn: names of claims under which runs had started, changed or gone since.
        refused: see `Opened`.
    """
    study = results.study
    cases = tuple(
        open_case(results, name, spec) for name, spec in results.study.claims.items()
    )
    registered = [case for case in cases if case.name not in late]
    barred = {case.name for case in cases if _refusal(case, refused or {})}
    return Opened(
        cases,
        stand(study, cases, barred=barred, withdrawn=len(withdrawn))
        | stand(study, registered, barred=barred, withdrawn=len(withdrawn)),
        tuple(case.name for case in cases if case.name in late),
        study,
        undeclared_looks(study, looks),
        tuple(withdrawn),
        refused or {},
    )


def judge_claims(
    results: Results, controls: Sequence[ControlResult], late: Collection[str]
) -> tuple[tuple[ClaimResult, ...], FamilySummary]:
    """Judge every claim of the study."""
    return judge_opened(open_claims(results, late), controls)


def judge_opened(
    opened: Opened, controls: Sequence[ControlResult]
) -> tuple[tuple[ClaimResult, ...], FamilySummary]:
    """Judge opened claims; a control that failed takes every verdict away."""
    cases, standings, late = opened.cases, opened.standings, opened.late
    failed = control_failure(controls)
    judged = tuple(
        tell_claim(
            case,
            standings[case.name],
            post_hoc=case.name in late,
            barred=_bar(case, failed, opened.refused),
            looked=bool(opened.undeclared_looks),
        )
        for case in cases
    )
    untested = tuple(
        f"{case.name}: {UNTESTED.get(result.finding, LEFT_OPEN)}"
        for case, result in zip(cases, judged, strict=True)
        if result.p is None or result.verdict == "inadmissible"
    )
    registered = [case for case in cases if case.name not in late]
    size = standings[registered[0].name].size if registered else 0
    family = FamilySummary(
        registered=len(registered),
        tested=len(cases) - len(untested),
        dropped=untested,
        post_hoc=late,
        withdrawn=opened.withdrawn,
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
    refusal = _refusal(case, refused)
    return Bar("check_failed", refusal) if refusal else None


def _refusal(case: Case, refused: Mapping[str, str]) -> str:
    """Which arms of a claim are not what they say; empty where all are.

    A control that is not what it says vouches for nothing: no arm may be rested on.
    """
    sets = (case.parts.evaluation_set, case.parts.shifted_set)
    names = dict.fromkeys(name for name in refused if name.startswith(CONTROL_PREFIX))
    for arm in case.parts.arms:
        names |= dict.fromkeys((arm, *(f"{arm}/{one}" for one in sets)))
    return "; ".join(
        f"{name.replace('/', ' on ')} is not what it says: {refused[name]}"
        for name in names
        if name in refused
    )
