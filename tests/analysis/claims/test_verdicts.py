"""Verdicts on whole studies: families, failures, controls, words."""

from typing import Any

import pytest

from reportgen.analysis.claims.verdicts import (
    failure_interval,
    judge_claims,
    judge_opened,
    open_claims,
)
from reportgen.analysis.claims.wording import p_text, short, signed
from reportgen.analysis.findings.study import ClaimResult, ControlResult, Findings
from reportgen.spec.model import BASELINE
from tests.analysis.factory import (
    BEHAVIOURS,
    make_bundle,
    make_results,
    make_study,
    with_record,
)
from tests.analysis.simulate import Behaviour

WHY = {"why_expected": {"text": "Because."}}


def judge(
    claims: dict[str, dict[str, Any]],
    behaviours: dict[str, Behaviour] | None = None,
    *,
    seeds: int = 5,
    late: tuple[str, ...] = (),
    controls: tuple[ControlResult, ...] = (),
) -> dict[str, ClaimResult]:
    written = {name: {**WHY, **claim} for name, claim in claims.items()}
    study = make_study(claims=written, seeds=seeds)
    bundle = make_bundle(study, {**BEHAVIOURS, **(behaviours or {})})
    judged, _ = judge_claims(make_results(bundle), controls, late)
    return {claim.id: claim for claim in judged}


def test_every_claim_of_the_study_gets_one_result(
    found: tuple[Findings, dict[str, Any]],
) -> None:
    claims = found[0].claims
    assert [claim.id for claim in claims] == [
        "bilstm-helps",
        "dropout-helps",
        "frozen-same",
        "dropout-robust",
    ]
    assert found[0].family.correction == "Holm over 4 hypotheses at 0.05"


def test_a_clear_gain_is_supported_and_says_so() -> None:
    says = {"says": "bilstm improves test.hwa over baseline", "margin": 0.02}
    claim = judge({"gain": says})["gain"]
    assert (claim.verdict, claim.finding) == ("supported", "better_by_margin")
    assert claim.settle is None
    assert claim.ruled_out_sentence == ""
    assert claim.sentence.startswith("bilstm \u2212 baseline on test.hwa@best = +")
    assert claim.sentence.endswith("claim 'gain': supported")
    assert "Holm-adjusted" in claim.sentence
    assert claim.plain == (
        "bilstm beats baseline in harmonic weighted accuracy on test by more than 0.02."
    )
    assert "parametric_only" in claim.tags


def test_exchanging_the_arms_mirrors_the_verdict() -> None:
    pair = judge(
        {
            "gain": {"says": "bilstm improves test.hwa over baseline", "margin": 0.02},
            "loss": {
                "says": "baseline worsens test.hwa against bilstm",
                "margin": 0.02,
            },
        }
    )
    gain, loss = pair["gain"], pair["loss"]
    assert loss.verdict == gain.verdict == "supported"
    assert loss.p == pytest.approx(gain.p)
    assert gain.effect is not None
    assert loss.effect == pytest.approx(-gain.effect)


def test_the_sentence_of_a_loss_is_in_raw_units() -> None:
    says = {"says": "bilstm improves test.loss over baseline", "margin": 0.0}
    claim = judge({"a": {**says, "smallest_effect": 0.01}})["a"]
    assert claim.orientation == -1
    assert claim.effect is not None
    assert claim.effect > 0
    assert "on test.loss@best = \u2212" in claim.sentence


def test_failed_runs_that_decide_leave_a_claim_open() -> None:
    claim = judge(
        {"a": {"says": "bilstm improves test.hwa over baseline", "margin": 0.02}},
        {"bilstm": Behaviour(level=1.4, failed_seeds=(3,))},
    )["a"]
    assert (claim.verdict, claim.finding) == ("inconclusive", "depends_on_failures")
    assert claim.without_failures == "supported"
    assert [(one.arm, one.failed) for one in claim.failures] == [
        ("bilstm", 1),
        ("baseline", 0),
    ]


def test_two_seeds_decide_nothing() -> None:
    says = {"says": "bilstm improves test.hwa over baseline", "margin": 0.02}
    claim = judge({"a": says}, seeds=2)["a"]
    assert (claim.verdict, claim.finding) == ("inconclusive", "too_few_seeds")
    assert claim.p is None
    assert claim.ci95 is not None
    assert claim.settle is not None
    assert "pilot" in claim.settle.sentence


def test_one_seed_prints_an_effect_and_no_interval() -> None:
    says = {"says": "bilstm improves test.hwa over baseline", "margin": 0.02}
    claim = judge({"a": says}, seeds=1)["a"]
    assert claim.verdict == "inconclusive"
    assert claim.effect is not None
    assert claim.ci95 is None


def test_a_failed_control_takes_every_verdict_away() -> None:
    failed = ControlResult(
        id="oracle", title="the rule", expected="1", observed="0.5", passed=False
    )
    says = {"says": "bilstm improves test.hwa over baseline", "margin": 0.02}
    claim = judge({"a": says}, controls=(failed,))["a"]
    assert (claim.verdict, claim.finding) == ("inadmissible", "control_failed")
    assert "oracle" in claim.plain
    assert claim.ruled_out is None
    assert claim.ruled_out_sentence.startswith("Nothing: ")
    unjudged = failed.model_copy(update={"passed": None})
    assert judge({"a": says}, controls=(unjudged,))["a"].verdict == "supported"


def test_a_metric_that_is_no_mean_of_rows_speaks_of_the_test_set() -> None:
    says = {"says": "bilstm improves test.ece over baseline", "margin": 0.01}
    claim = judge({"a": says})["a"]
    assert claim.scope == "test_set"
    assert "scope_narrowed" in claim.tags
    assert claim.standard_error_crossed is None


def test_a_barred_claim_gives_its_share_to_no_other() -> None:
    """However clear it looks: its arm is not what it says."""
    gain = {"says": "bilstm improves test.hwa over baseline", "margin": 0.0}
    same = {"says": "frozen matches test.hwa of baseline", "margin": 0.02}
    written = {"gain": {**WHY, **gain, "smallest_effect": 0.01}, "same": WHY | same}
    results = make_results(make_bundle(make_study(claims=written), BEHAVIOURS))
    (clear, before), _ = judge_opened(open_claims(results, ()), ())
    refused = {"bilstm": "it was seen"}
    opened = open_claims(results, (), refused=refused)
    (barred, after), family = judge_opened(opened, ())
    assert barred.verdict == "inadmissible"
    assert clear.p is not None
    assert before.p is not None
    assert before.p_adjusted is not None
    assert after.p_adjusted is not None
    assert clear.p < before.p
    assert after.p_adjusted == pytest.approx(min(1, family.hypotheses * before.p))
    assert before.p_adjusted < after.p_adjusted


def test_runs_that_all_failed_are_told_where_they_leave_nothing() -> None:
    says = {"says": "bilstm improves test.ece over baseline", "margin": 0.01}
    lost = Behaviour(failed_seeds=(0, 1, 2, 3, 4))
    claim = judge({"a": says}, {"bilstm": lost})["a"]
    assert claim.finding == "no_data"
    assert "5 of bilstm and 0 of baseline failed" in claim.plain


def test_scope_test_set_leaves_the_rows_out() -> None:
    says = {"says": "bilstm improves test.hwa over baseline", "margin": 0.02}
    both = judge({"a": says, "b": {**says, "scope": "test_set"}})
    wide, narrow = both["a"].ci95, both["b"].ci95
    assert wide is not None
    assert narrow is not None
    assert narrow.upper - narrow.lower <= wide.upper - wide.lower
    assert "scope test_set" in both["b"].sentence


def test_a_late_claim_weakens_no_registered_one() -> None:
    first = {"says": "bilstm improves test.hwa over baseline", "margin": 0.02}
    second = {"says": "frozen matches test.hwa of baseline", "margin": 0.02}
    alone = judge({"a": first})["a"]
    beside = judge({"a": first, "b": second}, late=("b",))
    assert beside["a"].p_adjusted == alone.p_adjusted
    assert beside["b"].post_hoc
    assert not beside["a"].post_hoc


@pytest.mark.parametrize("late", [(), ("b",)])
def test_a_withdrawn_claim_keeps_its_share(late: tuple[str, ...]) -> None:
    """Nobody gets a wider level by dropping the claims that look bad."""
    says = {"says": "bilstm improves test.hwa over baseline", "margin": 0.02}
    study = make_study(claims={name: {**WHY, **says} for name in ("a", "b")})
    results = make_results(make_bundle(study, BEHAVIOURS))
    (alone, _), _ = judge_opened(open_claims(results, late), ())
    opened = open_claims(results, late, withdrawn=("c", "c"))
    (beside, _), family = judge_opened(opened, ())
    own = 2 - len(late)
    assert family.withdrawn == ("c", "c")
    assert family.hypotheses == own + 2
    assert alone.p is not None
    assert alone.p_adjusted == pytest.approx(own * alone.p)
    assert beside.p_adjusted == pytest.approx((own + 2) * alone.p)


def test_many_claims_can_take_a_verdict_back() -> None:
    strong = {"says": "bilstm improves test.hwa over baseline", "margin": 0.05}
    alone = judge({"a": strong})["a"]
    assert alone.verdict == "supported"
    assert alone.p is not None
    weak = {"says": "frozen improves test.hwa over baseline", "margin": 0.005}
    names = [f"c{i}" for i in range(int(0.05 / alone.p) + 1)]
    many = judge({"a": strong, **dict.fromkeys(names, weak)})["a"]
    assert (many.verdict, many.finding) == (
        "inconclusive",
        "significant_before_correction",
    )
    assert (alone.alone, many.alone) == (None, "supported")
    assert many.plain.startswith("Whether bilstm beats baseline in ")
    assert "would make it supported; among so many claims" in many.plain
    assert many.p == pytest.approx(alone.p)
    assert many.ci_family is not None
    assert many.ci_family.lower <= 0.05


def test_the_family_interval_excludes_the_margin_where_holm_rejects(
    found: tuple[Findings, dict[str, Any]],
) -> None:
    for claim in found[0].claims:
        assert claim.ci_family is not None
        assert claim.p_adjusted is not None
        if claim.kind == "improves":
            low, high = claim.ci_family.lower, claim.ci_family.upper
            outside = low > claim.margin or high < claim.margin
            assert outside == (claim.p_adjusted < 0.05)


def test_a_margin_of_zero_adds_its_equivalence_to_the_family() -> None:
    says = {"says": "frozen improves test.hwa over baseline", "margin": 0.0}
    study = make_study(claims={"a": {**WHY, **says, "smallest_effect": 0.5}})
    results = make_results(make_bundle(study))
    (claim,), family = judge_claims(results, (), ())
    assert family.correction == "Holm over 2 hypotheses at 0.05"
    assert claim.verdict == "equivalent"


def test_identical_arms_are_equivalent_only_where_rows_suffice() -> None:
    says = {"says": "frozen matches test.accuracy of baseline", "margin": 0.02}
    hwa = {"says": "frozen matches test.hwa of baseline", "margin": 0.02}
    study = make_study(claims={"a": {**WHY, **says}, "b": {**WHY, **hwa}})
    bundle = make_bundle(study)
    for seed in range(5):
        base = next(
            one for one in bundle.runs if (one.variant, one.seed) == (BASELINE, seed)
        ).record
        same = {"arrays": base.arrays, "checkpoints": base.checkpoints}
        bundle = with_record(bundle, "frozen", seed, **same)
    (accuracy, weighted), _ = judge_claims(make_results(bundle), (), ())
    assert accuracy.verdict == "supported"
    assert accuracy.p == pytest.approx((1 - 0.02) ** 400)
    assert weighted.verdict == "inconclusive"
    assert weighted.finding == "identical_predictions"


def test_rows_are_asked_for_where_seeds_cannot_help() -> None:
    steady = Behaviour(level=0.8, seed_sd=0.001, row_sd=0.5)
    claim = judge(
        {"a": {"says": "frozen matches test.accuracy of baseline", "margin": 0.02}},
        {BASELINE: steady, "frozen": steady},
    )["a"]
    assert claim.verdict == "inconclusive"
    assert claim.settle is not None
    assert claim.settle.test_rows is not None
    assert claim.settle.test_rows > 400
    assert "rows" in claim.settle.sentence


def test_an_open_claim_names_what_it_rules_out_and_the_seeds_it_needs(
    found: tuple[Findings, dict[str, Any]],
) -> None:
    claim = next(one for one in found[0].claims if one.id == "frozen-same")
    assert claim.verdict == "inconclusive"
    assert claim.ruled_out is not None
    assert claim.ci_family is not None
    farther = max(abs(claim.ci_family.lower), abs(claim.ci_family.upper))
    assert claim.ruled_out == pytest.approx(farther)
    assert claim.settle is not None
    assert claim.settle.seeds is not None
    assert claim.settle.seeds_if_underestimated is not None
    assert 5 < claim.settle.seeds < claim.settle.seeds_if_underestimated


@pytest.mark.parametrize(
    ("failed", "planned", "low", "high"),
    [(0, 3, 0, 0.707598), (0, 5, 0, 0.521824), (1, 5, 0.005051, 0.716418)],
)
def test_failure_rates_have_exact_intervals(
    failed: int, planned: int, low: float, high: float
) -> None:
    found = failure_interval(failed, planned)
    assert (found.lower, found.upper) == pytest.approx((low, high), abs=1e-6)


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.0054, "=0.0054"),
        (0.5, "=0.50"),
        (0.000012, "<0.0001"),
        (0.999, ">0.99"),
        (0.0996, "=0.10"),
        (None, "=n/a"),
    ],
)
def test_p_values_have_two_digits_and_are_never_zero(
    p: float | None, text: str
) -> None:
    assert p_text(p) == text


def test_numbers_in_sentences() -> None:
    assert signed(-0.03286) == "\u22120.0329"
    assert signed(0.00001) == "0.0000"
    assert (short(0.02), short(0.19697), short(-1.5), short(0)) == (
        "0.02",
        "0.197",
        "\u22121.5",
        "0",
    )
