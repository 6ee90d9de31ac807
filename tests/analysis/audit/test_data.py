"""The audit: claims judged again where test rows were seen, and what is said of it."""

import pytest

from reportgen.analysis.audit.data import audit_facts, on_clean_rows
from reportgen.analysis.findings.facts import Fact
from reportgen.analysis.findings.study import Findings
from tests.analysis.factory import (
    Bundle,
    make_bundle,
    make_findings,
    make_results,
    make_study,
)
from tests.analysis.planted import copied, fed_rows, with_array


@pytest.fixture(scope="module")
def leaky(bundle: Bundle) -> tuple[Findings, dict[str, Fact]]:
    return make_findings(copied(bundle, 150))


def test_without_duplicates_nothing_is_judged_again(
    found: tuple[Findings, dict[str, Fact]],
) -> None:
    findings, facts = found
    audit = findings.audit
    assert (audit.test_rows, audit.clean_rows, audit.verdicts) == (400, 400, ())
    assert audit.sentences == (
        "None of the 400 test rows occurs in a training split.",
        "4 two-sample tests did not tell test rows from training rows.",
        "Of 12 items on a checklist of leakage, 0 fired and 3 could not be checked.",
    )
    assert facts["data/test/clean"].value == 400
    assert not any(name.startswith("clean/") for name in facts)


def test_claims_on_test_are_judged_again_on_clean_rows(
    leaky: tuple[Findings, dict[str, Fact]], bundle: Bundle
) -> None:
    findings, facts = leaky
    again = {one.claim: one for one in findings.audit.verdicts}
    assert list(again) == ["bilstm-helps", "dropout-helps", "frozen-same"]
    printed = {one.id: one for one in findings.claims}
    results = make_results(copied(bundle, 150))
    gains = []
    for seed in results.seeds("bilstm"):
        scores = [
            results.score(arm, seed, "test-clean.hwa", "best")
            for arm in ("bilstm", "baseline")
        ]
        assert scores[0] is not None
        assert scores[1] is not None
        gains.append(scores[0] - scores[1])
    claim = again["bilstm-helps"]
    assert claim.effect == pytest.approx(sum(gains) / len(gains))
    assert claim.effect != pytest.approx(printed["bilstm-helps"].effect)
    assert claim.printed == printed["bilstm-helps"].verdict
    assert facts["clean/bilstm-helps/effect"].value == pytest.approx(claim.effect)
    assert facts["data/test/clean"].value == 250
    assert findings.audit.sentences[0] == (
        "150 of the 400 test rows occur in a training split, 0.0 would by chance. "
        "Every claim on test is therefore judged once more on the other 250, beside "
        "its registered verdict; "
        f"{sum(one.differs for one in again.values())} of 3 come out differently."
    )
    assert "L1.4 duplicates" in findings.audit.sentences[2]


def test_sets_drawn_otherwise_are_named(bundle: Bundle) -> None:
    test = fed_rows(bundle, "baseline", "test").copy()
    test[:, :4, 1] = 0
    findings, _ = make_findings(with_array(bundle, "inputs/test", test))
    assert findings.audit.sentences[1] == (
        "4 of 4 two-sample tests told test rows from training rows (token shift "
        "between sets, features of rows that shift between sets, sets told apart by a "
        "classifier, sets of unlike rows)."
    )


def test_failed_runs_count_on_clean_rows_as_on_all(
    leaky: tuple[Findings, dict[str, Fact]],
) -> None:
    """A run of `dropout` failed: its fallback is the majority among clean rows."""
    findings, _ = leaky
    again = {one.claim: one for one in findings.audit.verdicts}
    assert again["dropout-helps"].effect is not None
    assert again["dropout-helps"].ci95 is not None


def test_one_repeated_row_within_chance_is_left_in(bundle: Bundle) -> None:
    findings, _ = make_findings(copied(bundle, 1))
    assert findings.audit.verdicts == ()
    assert findings.audit.sentences[0] == (
        "1 of the 400 test rows occurs in a training split, 0.0 would by chance."
    )


def test_no_clean_row_leaves_nothing_to_judge(bundle: Bundle) -> None:
    test = fed_rows(bundle, "baseline", "train")[:1].repeat(400, axis=0)
    findings, _ = make_findings(with_array(bundle, "inputs/test", test))
    assert findings.audit.clean_rows == 0
    assert findings.audit.verdicts == ()


def test_only_claims_on_test_are_asked_of_clean_rows() -> None:
    study = make_study()
    asked = {name: one.says for name, one in on_clean_rows(study).claims.items()}
    assert asked == {
        "bilstm-helps": "bilstm improves test-clean.hwa over baseline",
        "dropout-helps": "dropout improves test-clean.hwa over baseline",
        "frozen-same": "frozen matches test-clean.accuracy of baseline",
        "dropout-robust": study.claims["dropout-robust"].says,
    }


def test_every_fact_of_the_audit_is_kept(
    leaky: tuple[Findings, dict[str, Fact]],
) -> None:
    findings, facts = leaky
    for fact in audit_facts(findings.audit):
        assert fact.id in facts


def test_every_kind_of_claim_on_test_can_be_asked_of_clean_rows() -> None:
    said = {
        "robust": "bilstm is more robust than baseline from test.hwa to ordering.hwa",
        "level": "bilstm beats chance on test.accuracy",
        "spread": "bilstm varies less over seeds than baseline on test.hwa",
        "last": "bilstm improves test.hwa@last over baseline",
        "fails": "dropout fails more often than baseline",
    }
    why = {"text": "It may be so."}
    claims = {
        name: {"says": says, "margin": 0.05, "why_expected": why}
        for name, says in said.items()
    }
    findings, _ = make_findings(copied(make_bundle(make_study(claims=claims)), 100))
    again = {one.claim: one for one in findings.audit.verdicts}
    assert list(again) == ["robust", "level", "spread", "last"]
    printed = {one.id: one for one in findings.claims}
    for name, one in again.items():
        assert one.effect is not None
        assert one.effect != pytest.approx(printed[name].effect, abs=1e-9)
        assert one.verdict != "inadmissible"
