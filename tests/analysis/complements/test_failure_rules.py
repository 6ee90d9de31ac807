"""What a study may declare about the scores of its failed runs."""

from typing import Any

import pytest

from reportgen.analysis.claims.verdicts import judge_opened, open_claims
from reportgen.analysis.complements.failed_pairs import failed_pairs
from reportgen.analysis.findings.claims import ClaimResult, FamilySummary
from reportgen.analysis.findings.complements import FailedPairs
from reportgen.records import Checkpoint
from tests.analysis.factory import (
    BEHAVIOURS,
    Bundle,
    make_bundle,
    make_results,
    make_study,
    with_record,
)
from tests.analysis.simulate import Behaviour

GAIN = {
    "says": "frozen improves test.accuracy over baseline",
    "margin": 0.02,
    "why_expected": {"text": "Because."},
}
STRONG = Behaviour(level=1.6, seed_sd=0.02, failed_seeds=(3,))


def bundle_of(failures: str) -> Bundle:
    study = make_study(claims={"a": GAIN}, analysis={"failures": failures})
    return make_bundle(study, {**BEHAVIOURS, "frozen": STRONG})


def judged(bundle: Bundle) -> tuple[ClaimResult, FamilySummary, FailedPairs]:
    """The claim, its family, and what its failed runs decide."""
    results = make_results(bundle)
    opened = open_claims(results, ())
    claims, family = judge_opened(opened, ())
    (shown,) = failed_pairs(results, opened.levels, claims)
    return claims[0], family, shown


def with_checkpoint(bundle: Bundle, *, accuracy: float) -> Bundle:
    """The failed run with the answers of another run at its last finite epoch."""
    whole = next(
        one.record for one in bundle.runs if (one.variant, one.seed) == ("frozen", 2)
    )
    kept: dict[str, Any] = {
        rule: Checkpoint(
            epoch=3,
            metrics={**whole.checkpoints["best"].metrics, "test.accuracy": accuracy},
            weights="0" * 64,
        )
        for rule in ("best", "last")
    }
    return with_record(bundle, "frozen", 3, checkpoints=kept)


def test_a_failed_run_counts_by_default_and_one_undoes_a_gain() -> None:
    claim, family, _ = judged(bundle_of("fallback"))
    assert (claim.verdict, claim.finding) == ("inconclusive", "depends_on_failures")
    assert len(claim.seeds) == 5
    assert family.failures == "fallback"
    assert claim.settle is not None
    assert claim.settle.seeds is None
    assert "find out why runs fail" in claim.settle.sentence


def test_pairs_of_failed_runs_may_be_left_out() -> None:
    claim, _, shown = judged(bundle_of("exclude"))
    assert claim.verdict == "supported"
    assert claim.seeds == (0, 1, 2, 4)
    assert "conditional_on_convergence" in claim.tags
    assert shown.printed == "supported"
    assert shown.imputed == "inconclusive"  # by fallback, still told


def test_the_last_finite_checkpoint_may_count() -> None:
    bundle = with_checkpoint(bundle_of("last_finite_checkpoint"), accuracy=0.9)
    claim, _, _ = judged(bundle)
    assert len(claim.seeds) == 5
    at = claim.seeds.index(3)
    results = make_results(bundle)
    other = results.score("baseline", 3, "test.accuracy", "best")
    assert other is not None
    assert claim.pair_effects[at] == pytest.approx(0.9 - other)
    assert claim.failures[0].failed == 1  # it failed all the same


def test_a_checkpoint_does_not_count_unless_declared() -> None:
    plain, _, _ = judged(bundle_of("fallback"))
    kept, _, _ = judged(with_checkpoint(bundle_of("fallback"), accuracy=0.9))
    assert kept.pair_effects == plain.pair_effects


def test_without_a_finite_checkpoint_a_run_falls_back() -> None:
    plain, _, _ = judged(bundle_of("fallback"))
    found, _, _ = judged(bundle_of("last_finite_checkpoint"))
    assert found.pair_effects == plain.pair_effects


def test_failed_runs_are_no_scores_of_an_arm() -> None:
    bundle = with_checkpoint(bundle_of("last_finite_checkpoint"), accuracy=0.9)
    results = make_results(bundle)
    assert results.score("frozen", 3, "test.accuracy", "best") is None
