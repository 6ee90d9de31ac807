"""What verdicts say: a plain sentence per quantity and outcome, true and clear."""

import re
from math import exp
from typing import Any, get_args

import pytest

from reportgen.analysis.claims.phrases import OPEN, PHRASES
from reportgen.analysis.claims.verdicts import judge_claims
from reportgen.analysis.findings.study import ClaimResult
from reportgen.spec.claims import PATTERNS, About, Kind
from tests.analysis.factory import BEHAVIOURS, make_bundle, make_results, make_study
from tests.analysis.simulate import Behaviour

WHY = {"why_expected": {"text": "Because."}}
FRAIL = {**BEHAVIOURS, "dropout": Behaviour(level=0.8, failed_seeds=tuple(range(7)))}
ON_ROWS = {"scope": "test_set"}


@pytest.fixture(scope="module")
def told() -> dict[str, ClaimResult]:
    """One claim of every quantity, with twelve seeds."""
    claims: dict[str, dict[str, Any]] = {
        "robust": {
            "says": "bilstm is more robust than baseline from test.hwa to ordering.hwa",
            "margin": 0.02,
        },
        "alike": {
            "says": "frozen is as robust as baseline from test.accuracy to "
            "ordering.accuracy",
            "margin": 0.05,
        },
        "level": {"says": "baseline beats 0.7 on test.hwa", "margin": 0.01},
        "chance": {"says": "baseline beats chance on test.loss", "margin": 0.01},
        "ceiling": {"says": "bilstm reaches ceiling on test.accuracy", "margin": 0.05},
        "spread": {
            "says": "frozen varies less over seeds than baseline on test.hwa",
            "margin": 1.5,
            **ON_ROWS,
        },
        "wide": {
            "says": "dropout varies as much over seeds as baseline on test.hwa",
            "margin": 40.0,
            **ON_ROWS,
        },
        "fails": {
            "says": "dropout fails more often than baseline",
            "margin": 0.0,
            "smallest_effect": 0.2,
        },
        "holds": {"says": "bilstm fails no more often than baseline", "margin": 0.05},
        "clean": {
            "says": "bilstm improves test-clean.hwa over baseline",
            "margin": 0.02,
        },
    }
    written = {name: {**WHY, **claim} for name, claim in claims.items()}
    study = make_study(claims=written, seeds=12)
    judged, _ = judge_claims(make_results(make_bundle(study, FRAIL)), (), ())
    return {claim.id: claim for claim in judged}


def test_a_shift_is_told_by_what_it_costs(told: dict[str, ClaimResult]) -> None:
    claim = told["robust"]
    assert claim.sentence.startswith(
        "R(bilstm) \u2212 R(baseline), R = test.hwa@best \u2212 ordering.hwa@best, = "
    )
    assert claim.effect is not None
    shown = float(claim.sentence.split(" = ")[2].split()[0].replace("\u2212", "-"))
    assert shown == pytest.approx(-claim.effect, abs=5e-5)
    assert claim.ruled_out_sentence.startswith(
        "That going from test to ordering harms bilstm less than baseline in harmonic "
        "weighted accuracy by 0.0"
    )
    assert told["alike"].plain.startswith(
        "Going from test to ordering harms frozen as much as baseline in accuracy, to "
        "within 0.05."
    )


def test_a_yardstick_is_explained(told: dict[str, ClaimResult]) -> None:
    assert told["level"].plain.startswith(
        "baseline beats 0.7 in harmonic weighted accuracy on test by more than 0.01."
    )
    assert "n=12 runs" in told["level"].sentence
    assert told["chance"].plain.startswith(
        "baseline beats chance (always naming the most frequent class) in "
        "cross-entropy loss on test by more than 0.01."
    )
    # A smaller loss is better: the raw difference is negative.
    assert (
        "baseline \u2212 chance on test.loss@best = \u2212" in told["chance"].sentence
    )
    assert told["ceiling"].verdict == "refuted"
    assert told["ceiling"].plain == (
        "bilstm falls short of the ceiling that label noise leaves in accuracy on test "
        "by more than 0.05."
    )
    assert [one.arm for one in told["ceiling"].failures] == ["bilstm"]


def test_a_spread_is_told_as_a_factor(told: dict[str, ClaimResult]) -> None:
    claim = told["spread"]
    assert claim.unit == "log ratio"
    assert "by a factor of " in claim.ruled_out_sentence
    assert claim.settle is not None
    assert claim.settle.sentence.startswith(
        "To resolve a factor of 1.5 with 80 % power"
    )
    assert claim.sentence.startswith(
        "spread of frozen / spread of baseline over seeds on test.hwa@best = 1."
    )
    assert claim.judged_by.startswith("spread is the mean distance from the median")


def test_failures_are_told_by_their_counts(told: dict[str, ClaimResult]) -> None:
    claim = told["fails"]
    assert claim.verdict == "supported"
    assert claim.plain == "Runs of dropout fail more often than runs of baseline."
    assert "failed 7 and 0" in claim.sentence
    assert "scope" not in claim.sentence
    assert claim.without_failures is None
    assert claim.metric == "runs.failure_rate"
    assert told["holds"].verdict == "inconclusive"  # twelve runs allow 0.26 and more
    assert "of all runs or more is ruled out" in told["holds"].ruled_out_sentence


def test_clean_rows_are_an_evaluation_set(told: dict[str, ClaimResult]) -> None:
    assert told["clean"].verdict == "supported"
    assert told["clean"].metric == "test-clean.hwa@best"


def test_no_sentence_denies_a_difference(told: dict[str, ClaimResult]) -> None:
    for claim in told.values():
        whole = f"{claim.plain} {claim.sentence} {claim.ruled_out_sentence}"
        assert "no difference" not in whole
        assert not re.search(r"p=0\.0+\b", whole)
        assert "{" not in whole


def test_an_open_claim_says_what_was_asked(told: dict[str, ClaimResult]) -> None:
    assert told["holds"].finding == "unresolved"
    assert told["holds"].plain == (
        "Whether runs of bilstm do not fail more often than runs of baseline by more "
        "than 0.05 of all runs stays open: the 12 runs of each arm allow a yes and a "
        "no."
    )
    assert told["holds"].alone is None


def test_what_is_ruled_out_is_rounded_away_from_it(
    told: dict[str, ClaimResult],
) -> None:
    for claim in told.values():
        bound, sentence = claim.ruled_out, claim.ruled_out_sentence
        found = re.search(r"by (?:a factor of )?(\d+\.\d+)", sentence)
        if bound is not None and found:
            size = exp(abs(bound)) if claim.unit == "log ratio" else abs(bound)
            shown = float(found[1])
            assert size - 1e-9 <= shown < size + 0.011 * max(1, size)


@pytest.mark.parametrize("about", get_args(About))
def test_every_outcome_has_words(about: About) -> None:
    phrases = PHRASES[about]
    kinds: list[Kind] = [kind for one, kind in PATTERNS if one == about]
    assert set(phrases.supported) == set(phrases.refuted) == set(kinds)
    names = ("a", "b", "what", "title", "m", "by", "n", "units", "size", "why")
    words = dict.fromkeys((*names, "clause", "topic", "asked", "alone"), "W")
    templates = [*phrases.supported.values(), *phrases.refuted.values()]
    assert not any(template.endswith(".") for template in templates)
    for template in [*templates, phrases.gain, phrases.loss, *OPEN.values()]:
        template.format(**words)
