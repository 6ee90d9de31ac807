"""Every kind of claim on runs that have little to say: a verdict, never a traceback."""

from typing import Any

import pytest

from reportgen.analysis.claims.verdicts import judge_claims, open_claims
from reportgen.analysis.complements.choices import other_choices
from reportgen.analysis.complements.failed_pairs import failed_pairs
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import ClaimResult
from reportgen.analysis.output.facts import claim_facts
from reportgen.spec.claims import PATTERNS
from tests.analysis.factory import (
    BEHAVIOURS,
    Bundle,
    make_bundle,
    make_results,
    make_study,
    with_record,
)
from tests.analysis.simulate import Behaviour

WHY = {"why_expected": {"text": "Because."}}


def every_kind(**changes: Any) -> dict[str, dict[str, Any]]:
    """One claim per sentence pattern, of bilstm against the baseline."""
    claims = {}
    for number, ((about, kind), pattern) in enumerate(PATTERNS.items()):
        says = pattern.format(
            a="bilstm",
            b={"level": ("chance", "0.6", "ceiling")[number % 3]}.get(
                about, "baseline"
            ),
            m="test.accuracy",
            n="ordering.accuracy",
        )
        margin = 1.5 if about == "spread" else 0.05
        scope = "test_set" if about == "spread" else "population"
        claims[f"{about}-{kind}"] = {
            **WHY,
            "says": says,
            "margin": margin,
            "scope": scope,
            **changes,
        }
    return claims


def judged(bundle: Bundle) -> dict[str, ClaimResult]:
    """Judge, and make everything else that is told about claims."""
    results: Results = make_results(bundle)
    claims, _ = judge_claims(results, (), ())
    levels = open_claims(results, ()).levels
    other_choices(results, levels)
    failed_pairs(results, levels, claims)
    list(claim_facts(claims))
    for claim in claims:
        assert "nan" not in f"{claim.sentence} {claim.plain}".lower().split()
    return {claim.id: claim for claim in claims}


@pytest.mark.parametrize("seeds", [1, 2, 3])
def test_few_seeds_give_numbers_and_no_verdict(seeds: int) -> None:
    study = make_study(claims=every_kind(), seeds=seeds)
    for claim in judged(make_bundle(study)).values():
        if seeds < 3:
            assert claim.verdict == "inconclusive"
            assert claim.p is None
        if claim.about == "spread":
            assert claim.ci95 is None


def test_an_arm_that_always_fails_has_a_verdict_on_failures_only() -> None:
    study = make_study(claims=every_kind(), seeds=10)
    behaviours = {**BEHAVIOURS, "bilstm": Behaviour(failed_seeds=tuple(range(10)))}
    found = judged(make_bundle(study, behaviours))
    assert found["failures-worse"].verdict == "supported"
    assert found["failures-equivalent"].verdict == "refuted"
    for name, claim in found.items():
        if claim.about != "failures":
            assert claim.verdict == "inconclusive", name


@pytest.mark.parametrize("arms", [("bilstm",), ("bilstm", "baseline")])
def test_runs_that_are_all_alike_show_no_spread(arms: tuple[str, ...]) -> None:
    """One record under every seed: nothing varies, so nothing is known."""
    study = make_study(claims=every_kind(), seeds=10)
    bundle = make_bundle(study)
    records = {(one.variant, one.seed): one.record for one in bundle.runs}
    for arm in arms:
        first = records[arm, 0]
        for seed in range(1, 10):
            bundle = with_record(
                bundle, arm, seed, arrays=first.arrays, checkpoints=first.checkpoints
            )
    found = judged(bundle)
    assert found["spread-improves"].verdict == "inconclusive"
    assert found["spread-improves"].effect is None
    assert found["level-improves"].verdict == "inconclusive"
    assert "repeated_outputs" in found["level-improves"].tags
    if len(arms) == 2:
        assert found["shift-improves"].verdict == "inconclusive"


def test_a_score_that_is_no_number_counts_as_a_failed_run() -> None:
    study = make_study(claims=every_kind(), seeds=5)
    bundle = make_bundle(study)
    record = next(
        one.record for one in bundle.runs if (one.variant, one.seed) == ("bilstm", 2)
    )
    best = record.checkpoints["best"]
    metrics = {**best.metrics, "test.accuracy": None}
    checkpoints = {
        **record.checkpoints,
        "best": best.model_copy(update={"metrics": metrics}),
    }
    found = judged(with_record(bundle, "bilstm", 2, checkpoints=checkpoints))
    assert found["level-improves"].failures[0].failed == 1
    assert found["shift-improves"].failures[0].failed == 1


@pytest.mark.parametrize("method", ["welch", "pooled", "signflip", "rope", "poi"])
def test_other_methods_judge_or_refuse_other_kinds(method: str) -> None:
    claims = every_kind()
    study = make_study(claims=claims, seeds=10, analysis={"method": method})
    for claim in judged(make_bundle(study)).values():
        if claim.about in ("spread", "failures"):
            assert claim.finding != "method_refused"


def test_rows_of_their_own_narrow_the_scope() -> None:
    """Arms that answer different rows cannot be compared by row under a shift."""
    change = {"data": {"params": {"seed": 12}}}
    variants = {"bilstm": {"why": "Other rows.", "change": change}}
    study = make_study(claims=every_kind(), variants=variants, seeds=5)
    bundle = make_bundle(study)
    others = make_bundle(study, seed=6)
    runs = tuple(
        other if one.variant == "bilstm" else one
        for one, other in zip(bundle.runs, others.runs, strict=True)
    )
    mixed = Bundle(study, runs, {**bundle.arrays, **others.arrays})
    found = judged(mixed)
    assert "different_rows" in found["score-improves"].tags
    assert found["shift-improves"].scope == "test_set"
    assert "scope_narrowed" in found["shift-improves"].tags
