"""The audit of the data: detector results in, what they mean for the claims out.

Where test rows occur in training beyond chance, every claim on test is judged once
more on the clean rows, in the same family and at the same levels, and stands beside
the registered verdict. It never takes its place: the registered question was asked of
all rows.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from reportgen.analysis.evidence.fed import pair_subject
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.audit import CleanVerdict, DataAudit
from reportgen.analysis.findings.claims import shown, shown_interval
from reportgen.analysis.findings.facts import Derivation, Fact, Subject
from reportgen.analysis.findings.study import ClaimResult, DetectorResult
from reportgen.analysis.rows.clean import CLEAN, CLEANED
from reportgen.spec.model import BASELINE, ClaimSpec, StudySpec

Judge = Callable[[Results], Sequence[ClaimResult]]
TWO_SAMPLE = ("token_shift", "feature_ks", "c2st", "mmd")
CHECKLIST = "leakage_process"
_TEST_METRIC = re.compile(rf"(?<!\S){CLEANED}\.")


def audit_data(
    results: Results,
    detectors: Sequence[DetectorResult],
    claims: Sequence[ClaimResult],
    judge: Judge,
) -> DataAudit:
    """Sum up what detectors saw in the data, and judge again where they must.

    Args:
        results: of the study.
        detectors: all of them, false discoveries controlled.
        claims: as judged on all rows.
        judge: judges every claim of the results it is given.
    """
    mask = results.clean_mask(BASELINE)
    clean = None if mask is None else int(mask.sum())
    rows = 0 if mask is None else len(mask)
    repeated = next(
        (one for one in detectors if (one.id, one.subject) == ("dup_exact", CLEANED)),
        None,
    )
    flagged = any(
        one.flag and one.id == "dup_exact" and _is_test(one.subject)
        for one in detectors
    )
    verdicts = tuple(_again(results, claims, judge)) if flagged and clean else ()
    return DataAudit(
        test_rows=rows,
        clean_rows=clean,
        verdicts=verdicts,
        sentences=(
            _duplicates(repeated, clean, rows, verdicts),
            _sampling(detectors),
            _checklist(detectors),
        ),
    )


def _is_test(subject: str) -> bool:
    """Whether a set is the test set of some arm."""
    return subject.rpartition(": ")[2] == CLEANED


def _again(
    results: Results, claims: Sequence[ClaimResult], judge: Judge
) -> Iterator[CleanVerdict]:
    study = on_clean_rows(results.study)
    changed = {
        name for name, one in study.claims.items() if one != results.study.claims[name]
    }
    if not changed:
        return
    printed = {claim.id: claim.verdict for claim in claims}
    for claim in judge(replace(results, study=study)):
        if claim.id in changed:
            yield CleanVerdict(
                claim=claim.id,
                printed=printed[claim.id],
                verdict=claim.verdict,
                effect=None if claim.effect is None else shown(claim, claim.effect),
                ci95=claim.ci95 and shown_interval(claim, claim.ci95),
            )


def on_clean_rows(study: StudySpec) -> StudySpec:
    """The study with its claims on test asked of the clean rows."""

    def asked(claim: ClaimSpec) -> ClaimSpec:
        says = _TEST_METRIC.sub(f"{CLEAN}.", claim.says)
        return claim.model_copy(update={"says": says})

    claims = {name: asked(claim) for name, claim in study.claims.items()}
    return study.model_copy(update={"claims": claims})


def _duplicates(
    found: DetectorResult | None,
    clean: int | None,
    rows: int,
    again: Sequence[CleanVerdict],
) -> str:
    if found is None or not found.applicable or clean is None:
        return "Whether test rows occur in training was not checked."
    repeated = rows - clean
    if not repeated:
        return f"None of the {rows} test rows occurs in a training split."
    verb = "occurs" if repeated == 1 else "occur"
    chance = (found.expected or 0.0) * rows
    seen = (
        f"{repeated} of the {rows} test rows {verb} in a training split, "
        f"{chance:.1f} would by chance."
    )
    if not again:
        return seen
    differing = sum(one.differs for one in again)
    return (
        f"{seen} Every claim on test is therefore judged once more on the other "
        f"{clean}, beside its registered verdict; {differing} of {len(again)} come out "
        "differently."
    )


def _sampling(detectors: Iterable[DetectorResult]) -> str:
    """Whether test rows are drawn as training rows are."""
    subject = pair_subject(BASELINE, "train", CLEANED)
    tests = [
        one for one in detectors if one.id in TWO_SAMPLE and one.subject == subject
    ]
    made = [one for one in tests if one.applicable]
    if not made:
        return "Whether test rows are drawn as training rows are was not checked."
    apart = [one.title for one in made if one.flag]
    number = _many(len(made), "two-sample test")
    text = (
        f"{len(apart)} of {number} told test rows from training rows "
        f"({', '.join(apart)})"
        if apart
        else f"{number} did not tell test rows from training rows"
    )
    left = len(tests) - len(made)
    return f"{text}; {_many(left, 'test')} had too few rows." if left else f"{text}."


def _checklist(detectors: Iterable[DetectorResult]) -> str:
    items = [one for one in detectors if one.id == CHECKLIST]
    unknown = sum(not one.applicable for one in items)
    fired = [one.subject for one in items if one.flag]
    named = f" ({', '.join(fired)})" if fired else ""
    return (
        f"Of {_many(len(items), 'item')} on a checklist of leakage, {len(fired)} fired"
        f"{named} and {unknown} could not be checked."
    )


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def audit_facts(audit: DataAudit) -> Iterator[Fact]:
    """`data/test/clean`, and `clean/CLAIM/effect` where claims were judged again."""
    if audit.clean_rows is not None:
        yield Fact(
            id=f"data/{CLEANED}/clean",
            value=audit.clean_rows,
            unit="rows",
            subject=Subject(arm=BASELINE, evaluation_set=CLEANED),
            derivation=Derivation(formula="rows that occur in no training split"),
        )
    for one in audit.verdicts:
        if one.effect is not None:
            yield Fact(
                id=f"clean/{one.claim}/effect",
                value=one.effect,
                unit="ratio",
                interval=(one.ci95.lower, one.ci95.upper) if one.ci95 else None,
                level=0.95 if one.ci95 else None,
                subject=Subject(claim=one.claim, evaluation_set=CLEAN),
                derivation=Derivation(
                    formula="the claim's effect on clean rows",
                    inputs=(f"fact:claim/{one.claim}/effect",),
                ),
            )
