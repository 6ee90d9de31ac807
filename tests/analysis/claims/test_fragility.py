"""Tags that say how fragile a verdict is; they change none."""

from typing import Any

import pytest

from reportgen.analysis.claims.verdicts import judge_opened, open_claims
from reportgen.analysis.complements.choices import other_choices
from reportgen.analysis.findings.claims import ClaimResult
from tests.analysis.factory import BEHAVIOURS, make_bundle, make_results, make_study
from tests.analysis.simulate import Behaviour


def claim_of(
    behaviour: Behaviour, *, seeds: int, analysis: Any = None, **claim: Any
) -> ClaimResult:
    content = {
        "says": "frozen improves test.accuracy over baseline",
        "margin": 0.02,
        "why_expected": {"text": "Because."},
        **claim,
    }
    study = make_study(claims={"a": content}, seeds=seeds, analysis=analysis or {})
    results = make_results(make_bundle(study, {**BEHAVIOURS, "frozen": behaviour}))
    return judge_opened(open_claims(results, ()), ())[0][0]


CLEAR = Behaviour(level=1.6, seed_sd=0.02)


@pytest.mark.parametrize(("seeds", "tagged"), [(5, True), (6, False)])
def test_below_six_pairs_only_a_bell_curve_decides(seeds: int, tagged: bool) -> None:
    claim = claim_of(CLEAR, seeds=seeds)
    assert claim.verdict == "supported"
    assert ("parametric_only" in claim.tags) == tagged


def test_ranks_assume_no_bell_curve() -> None:
    analysis = {"method": "poi"}
    claim = claim_of(CLEAR, seeds=5, scope="test_set", analysis=analysis)
    assert claim.verdict == "supported"
    assert "parametric_only" not in claim.tags


def test_rows_that_say_less_than_seeds_limit_a_claim() -> None:
    same = Behaviour(level=0.8, seed_sd=0.0, row_sd=2.0)
    assert "test_set_limited" in claim_of(same, seeds=6).tags


def test_one_seed_can_decide() -> None:
    """Of six gains one is a loss; without it the claim would be supported."""
    for seed in range(20):
        study = make_study(
            seeds=6,
            claims={
                "a": {
                    "says": "frozen improves test.accuracy over baseline",
                    "margin": 0.02,
                    "scope": "test_set",
                    "why_expected": {"text": "Because."},
                }
            },
        )
        shaky = Behaviour(level=1.0, seed_sd=0.3)
        bundle = make_bundle(study, {**BEHAVIOURS, "frozen": shaky}, seed=seed)
        results = make_results(bundle)
        opened = open_claims(results, ())
        (left_out,) = other_choices(results, opened.levels).left_out
        tagged = "one_seed_decides" in judge_opened(opened, ())[0][0].tags
        assert tagged == (len(left_out.verdicts) > 1)
        if tagged:
            return
    pytest.fail("no world of twenty hung on one seed")
