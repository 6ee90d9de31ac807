"""Whole studies judged by each method, correction and number of looks."""

from functools import lru_cache
from typing import Any

import pytest

from reportgen.analysis.claims.looks import undeclared_looks
from reportgen.analysis.claims.verdicts import judge_opened, open_claims
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.claims import ClaimResult, FamilySummary
from tests.analysis.factory import (
    BEHAVIOURS,
    SPEC,
    Bundle,
    make_bundle,
    make_results,
    make_study,
)
from tests.analysis.simulate import Behaviour

CLAIMS = {
    name: {**claim, "scope": "test_set"} for name, claim in SPEC["claims"].items()
}
STEADY = {**BEHAVIOURS, "dropout": Behaviour(level=0.82), "frozen": Behaviour(0.79)}


@lru_cache(maxsize=1)
def runs() -> Bundle:
    """Eight seeds of each arm; how they are judged changes no run."""
    return make_bundle(make_study(seeds=8, claims=CLAIMS), STEADY)


def results_of(**analysis: Any) -> Results:
    study = make_study(seeds=8, claims=CLAIMS, analysis=analysis)
    bundle = runs()
    return make_results(Bundle(study, bundle.runs, bundle.arrays))


def judged(
    *, looks: tuple[int, ...] = (), **analysis: Any
) -> tuple[dict[str, ClaimResult], FamilySummary]:
    opened = open_claims(results_of(**analysis), (), looks)
    claims, family = judge_opened(opened, ())
    return {claim.id: claim for claim in claims}, family


@pytest.mark.parametrize("method", ["welch", "signflip", "rope", "poi"])
def test_each_method_finds_the_clear_gain(method: str) -> None:
    claims, family = judged(method=method)
    plain, _ = judged()
    assert claims["bilstm-helps"].verdict == "supported"
    assert family.method == method
    assert family.method_explained != ""
    one, other = claims["bilstm-helps"], plain["bilstm-helps"]
    assert one.effect == pytest.approx(other.effect)
    assert one.p != other.p
    if method == "poi":
        assert one.judged_by.startswith("chance that a run of the variant is the")
        assert one.ci95 == other.ci95  # of the difference, for estimation
    else:
        assert (one.ci95 == other.ci95) == (method == "rope")


def test_pooling_says_why_it_refuses() -> None:
    claims, family = judged(method="pooled")
    assert {claim.finding for claim in claims.values()} == {"method_refused"}
    one = claims["bilstm-helps"]
    assert "times that of another" in one.plain
    assert (one.verdict, one.p, one.ci95) == ("inconclusive", None, None)
    assert one.effect is not None
    assert len(family.dropped) == 4


def test_findings_of_every_method_can_be_written() -> None:
    for method in ("pooled", "signflip", "poi"):
        claims, family = judged(method=method)
        for one in (*claims.values(), family):
            assert type(one).model_validate_json(one.model_dump_json()) == one


def test_bonferroni_widens_every_interval_alike() -> None:
    claims, family = judged(correction="bonferroni")
    levels = {
        claim.ci_family.level
        for claim in claims.values()
        if claim.ci_family and claim.kind != "equivalent"
    }
    assert levels == {1 - 0.05 / 4}
    assert family.correction == "Bonferroni over 4 hypotheses at 0.05"
    assert "Bonferroni-adjusted" in claims["bilstm-helps"].sentence
    for claim in claims.values():
        assert claim.p is not None
        assert claim.p_adjusted == pytest.approx(min(1, 4 * claim.p))


@pytest.mark.parametrize("correction", ["holm", "bonferroni", "bh"])
@pytest.mark.parametrize("method", ["paired", "welch", "signflip"])
def test_intervals_of_the_family_agree_with_adjusted_p(
    correction: str, method: str
) -> None:
    claims, _ = judged(correction=correction, method=method)
    for claim in claims.values():
        assert claim.p_adjusted is not None
        assert claim.ci_family is not None
        if claim.kind != "improves":
            continue
        lower, upper = claim.ci_family.lower, claim.ci_family.upper
        outside = lower > claim.margin or upper < claim.margin
        assert outside == (claim.p_adjusted < 0.05)


def test_bh_finds_no_less_than_holm_and_holm_no_less_than_bonferroni() -> None:
    found = {}
    for correction in ("bonferroni", "holm", "bh"):
        claims, _ = judged(correction=correction)
        found[correction] = {one.id: one.p_adjusted or 1.0 for one in claims.values()}
    for name in CLAIMS:
        assert found["bh"][name] <= found["holm"][name] + 1e-12
        assert found["holm"][name] <= found["bonferroni"][name] + 1e-12


def test_declared_looks_share_the_level() -> None:
    once, _ = judged()
    opened = open_claims(results_of(looks=[4, 8]), (), (4, 8))
    claims, family = judge_opened(opened, ())
    twice = {claim.id: claim for claim in claims}
    one, other = once["bilstm-helps"], twice["bilstm-helps"]
    assert one.ci_family is not None
    assert other.ci_family is not None
    assert 1 - other.ci_family.level == pytest.approx((1 - one.ci_family.level) / 2)
    assert other.p_adjusted == pytest.approx(2 * (one.p_adjusted or 0))
    assert other.verdict == "supported"
    assert (family.level, family.looks, family.undeclared_looks) == (0.025, (4, 8), ())
    assert family.correction == "Holm over 4 hypotheses at 0.025"
    pairs = [(once[name].settle, twice[name].settle) for name in CLAIMS]
    needed = [
        (few.seeds, many.seeds)
        for few, many in pairs
        if few and many and few.seeds and many.seeds
    ]
    assert any(many > few for few, many in needed)


def test_an_undeclared_look_makes_verdicts_exploratory() -> None:
    plain, _ = judged()
    looked, family = judged(looks=(5, 8))
    assert family.undeclared_looks == (5,)
    for name, claim in looked.items():
        if plain[name].verdict == "inconclusive":
            assert claim.verdict == "inconclusive"
        else:
            assert (claim.verdict, claim.finding) == ("exploratory", "undeclared_look")
            assert "looked at" in claim.plain
            assert claim.settle is not None
            assert "fresh seeds" in claim.settle.sentence
    assert looked["bilstm-helps"].verdict == "exploratory"


@pytest.mark.parametrize(
    ("declared", "used", "undeclared"),
    [
        ((), (8,), ()),
        ((), (5, 8), (5,)),
        ((5, 8), (5, 8), ()),
        ((5, 8), (8,), ()),
        ((5, 8), (3, 5, 8), (3,)),
        ((3, 8), (), ()),
    ],
)
def test_looks_that_nobody_declared(
    declared: tuple[int, ...], used: tuple[int, ...], undeclared: tuple[int, ...]
) -> None:
    study = make_study(seeds=8, analysis={"looks": list(declared)})
    assert undeclared_looks(study, used) == undeclared
