"""What claims can show, told before anything runs."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from reportgen.analysis.claims.judged import open_case
from reportgen.analysis.design.pilot import (
    Declared,
    pilot_of,
    pooled_pilot,
    read_declared,
    read_pilot,
)
from reportgen.analysis.design.preview import ClaimPreview, preview_claims
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.statistics.laws import (
    Asked,
    Law,
    effect_for,
    paired_law,
    seeds_for,
    signflip_law,
    unlike_spreads,
    unpaired_law,
)
from reportgen.analysis.statistics.power import (
    Noise,
    normal_distance,
    rows_needed,
    seeds_needed,
    superiority_power,
    upper_sd,
)
from reportgen.analysis.statistics.win_power import detectable_chance
from tests.analysis.factory import SPEC, Bundle, make_study, write_bundle

RANKED = {
    name: {**claim, "scope": "test_set"} for name, claim in SPEC["claims"].items()
}
ALONE = {"bilstm-helps": RANKED["bilstm-helps"]}


def first(seeds: int, **changes: Any) -> ClaimPreview:
    return preview_claims(make_study(seeds=seeds, **changes))[0]


def keep(results: Results, seeds: tuple[int, ...]) -> Results:
    kept = tuple(one for one in results.bundled if one.seed in seeds)
    return replace(results, bundled=kept)


def test_every_claim_is_previewed_at_the_familys_hardest_level() -> None:
    previews = preview_claims(make_study())
    assert [one.claim for one in previews][:2] == ["bilstm-helps", "dropout-helps"]
    assert all(one.level == pytest.approx(0.05 / 4) for one in previews)
    assert all(one.smallest_p == 0.0625 for one in previews)
    assert all(one.decidable for one in previews)


def test_looks_share_the_level() -> None:
    looks = {"looks": [5, 10]}
    assert first(5, analysis=looks).level == pytest.approx(0.05 / 8)


def test_more_seeds_resolve_more() -> None:
    few, many = first(3), first(10)
    assert few.detectable is not None
    assert many.detectable is not None
    assert many.detectable < few.detectable
    assert many.largest_sd is not None
    assert many.largest_sd * many.detectable == pytest.approx(0.02)


def test_two_seeds_are_refused() -> None:
    previews = preview_claims(make_study(seeds=2))
    assert [one.decidable for one in previews] == [False] * 4
    assert "needs 3 or more" in previews[0].sentence


@pytest.mark.parametrize(
    ("seeds", "claims", "decidable"),
    [
        (6, ALONE, True),  # 2/64 is below .05
        (6, SPEC["claims"], False),  # but not below .05/4
        (8, SPEC["claims"], True),  # 2/256 is
    ],
)
def test_signflip_must_reach_the_level_of_the_family(
    seeds: int, claims: dict[str, Any], decidable: bool
) -> None:
    one = first(seeds, claims=claims, analysis={"method": "signflip"})
    assert one.decidable == decidable
    if not decidable:
        assert "no p below 0.094 can come out" in one.sentence


def test_bonferroni_asks_more_than_holm_of_the_last_claim() -> None:
    """Six pairs reach .03125: enough for one claim, at no looks but one."""
    spec = {"method": "signflip", "looks": [6, 12]}
    assert not first(6, claims=ALONE, analysis=spec).decidable
    assert first(6, claims=ALONE, analysis={"method": "signflip"}).decidable


def test_ranks_resolve_chances() -> None:
    spec: dict[str, Any] = {"method": "poi", "better_with_probability": 0.8}
    one = first(10, claims=ALONE, analysis=spec)
    assert one.decidable
    assert one.resolution == 0.8
    assert one.detectable == detectable_chance("improves", 10)
    # Among four claims, five runs an arm could refute .8, but decide nothing at .55.
    assert first(5, claims=RANKED, analysis=spec).decidable
    spec["better_with_probability"] = 0.55
    assert not first(5, claims=RANKED, analysis=spec).decidable


def test_a_posterior_of_direction_needs_less_than_a_two_sided_test() -> None:
    default, posterior = first(5), first(5, analysis={"method": "rope"})
    assert default.detectable is not None
    assert posterior.detectable is not None
    assert posterior.detectable < default.detectable


def test_runs_that_exist_say_how_many_seeds_are_needed(results: Results) -> None:
    previews = preview_claims(results.study, results)
    one = previews[0]
    case = open_case(results, one.claim, results.study.claims[one.claim])
    assert case.found is not None
    assert one.pilot_sd == pytest.approx(case.found.sd)
    assert one.pilot_basis == "5 seed pairs of this claim"
    noise = Noise(case.found.sd, case.found.row_variance)
    assert one.smallest_effect is not None
    power = superiority_power(one.smallest_effect, noise, 5, alpha=0.05 / 4)
    assert power == pytest.approx(0.8)
    wider = Noise(upper_sd(case.found.sd, 5), case.found.row_variance)
    assert one.seeds_needed == seeds_needed(0.02, noise, alpha=0.05 / 4)
    assert one.seeds_if_underestimated == seeds_needed(0.02, wider, alpha=0.05 / 4)


def test_two_pairs_leave_the_word_to_all_arms(results: Results) -> None:
    few = keep(results, (0, 1))
    claim = results.study.claims["frozen-same"]
    pilot = pilot_of(few, open_case(few, "frozen-same", claim))
    assert pilot is not None
    assert pilot.basis == "the spread within 4 arms of this study"
    spreads = []
    for arm in few.study_arms:
        scores = [few.score(arm, seed, "test.accuracy", "best") for seed in (0, 1)]
        spreads.append(np.var([score for score in scores if score], ddof=1))
    assert pilot.sd == pytest.approx((2 * np.mean(spreads)) ** 0.5)
    assert pilot.df == 4


def test_too_few_runs_name_no_number(results: Results) -> None:
    one = preview_claims(results.study, keep(results, (0,)))[0]
    assert one.pilot_sd is None
    assert "5 pilot seeds" in one.pilot_basis


def test_rows_are_asked_for_where_seeds_cannot_help(results: Results) -> None:
    claims = {**SPEC["claims"]}
    claims["bilstm-helps"] = {**claims["bilstm-helps"], "margin": 0.002}
    study = make_study(claims=claims)
    one = preview_claims(study, replace(results, study=study))[0]
    assert one.test_rows is not None
    assert one.test_rows > 400
    assert one.sentence.endswith(f"it needs about {one.test_rows:,}")


def test_a_pilot_without_spread_falls_back_to_the_arms(results: Results) -> None:
    name = "bilstm-helps"
    case = open_case(results, name, results.study.claims[name])
    assert case.found is not None
    still = replace(case, found=replace(case.found, sd=0.0))
    assert pilot_of(results, still) == pooled_pilot(results, case)


def test_only_runs_of_the_spec_as_it_is_count(
    bundle: Bundle, tmp_path_factory: pytest.TempPathFactory
) -> None:
    project = write_bundle(tmp_path_factory.mktemp("pilot"), bundle)
    found = read_pilot(project, bundle.study)
    assert found is not None
    assert len(found.bundled) == len(bundle.runs)
    changed = bundle.study.model_copy(
        update={"training": bundle.study.training.model_copy(update={"epochs": 3})}
    )
    assert read_pilot(project, changed) is None


@pytest.mark.parametrize(
    ("says", "margin", "seeds", "decidable"),
    [
        ("frozen fails less often than baseline", 0.2, 10, True),
        ("frozen varies less over seeds than baseline on test.hwa", 1.5, 10, True),
        ("frozen varies less over seeds than baseline on test.hwa", 1.5, 9, False),
        ("frozen beats 0.7 on test.hwa", 0.02, 3, True),
    ],
)
def test_claims_about_other_things_have_their_own_power(
    says: str, margin: float, seeds: int, decidable: bool
) -> None:
    claim = {"says": says, "margin": margin, "why_expected": {"text": "Because."}}
    one = first(seeds, claims={"a": claim})
    assert one.decidable == decidable
    assert (one.power is not None) == (decidable and "0.7" not in says)
    assert one.power is None or 0 < one.power < 1


def test_runs_that_failed_say_how_many_runs_a_rate_needs(results: Results) -> None:
    says = "dropout fails no more often than baseline"
    claim = {"says": says, "margin": 0.1, "why_expected": {"text": "Because."}}
    study = make_study(claims={"a": claim})
    one = preview_claims(study, replace(results, study=study))[0]
    assert one.pilot_sd is None
    assert one.seeds_needed is None or one.seeds_needed > 20
    assert "by the runs that exist" in one.sentence


def test_late_claims_leave_the_level_to_registered_ones() -> None:
    declared = Declared(frozenset({"frozen-same", "dropout-robust"}))
    previews = {
        one.claim: one for one in preview_claims(make_study(), declared=declared)
    }
    assert previews["bilstm-helps"].level == pytest.approx(0.05 / 2)
    assert previews["frozen-same"].level == pytest.approx(0.05 / 4)
    late = {name for name, one in previews.items() if one.post_hoc}
    assert late == declared.late


def test_a_claim_is_late_once_a_run_has_started_without_it(
    bundle: Bundle, tmp_path_factory: pytest.TempPathFactory
) -> None:
    project = write_bundle(tmp_path_factory.mktemp("late"), bundle)
    assert read_declared(project, bundle.study) == Declared()
    says = {"says": "frozen improves test.loss over baseline", "margin": 0.01}
    claims = {**SPEC["claims"], "new": {**says, "why_expected": {"text": "So."}}}
    more = make_study(claims=claims)
    assert read_declared(project, more) == Declared(frozenset({"new"}))
    claims.pop("dropout-helps")
    fewer = make_study(claims=claims)
    assert read_declared(project, fewer) == Declared(frozenset({"new"}), withdrawn=1)
    declared = read_declared(project, fewer)
    level = {one.claim: one.level for one in preview_claims(fewer, declared=declared)}
    assert level["bilstm-helps"] == pytest.approx(0.05 / 4)  # three, and one withdrawn
    assert level["new"] == pytest.approx(0.05 / 5)
    stored = read_declared(project, fewer, ("frozen", "bilstm"))
    assert stored.late == {"new", "frozen-same", "bilstm-helps"}


@pytest.mark.parametrize(
    ("method", "law"),
    [("paired", paired_law), ("welch", unpaired_law), ("signflip", signflip_law)],
)
def test_each_method_resolves_by_its_own_law(method: str, law: Law) -> None:
    one = first(8, claims=ALONE, analysis={"method": method})
    expected = effect_for(law, 8, Noise(1.0), Asked(0.05))
    assert one.detectable == pytest.approx(expected)


def test_pooling_says_how_often_it_is_refused() -> None:
    one = first(10, claims=ALONE, analysis={"method": "pooled"})
    assert one.decidable
    refused = f"{unlike_spreads(4, 10):.2f}"
    assert f"refused to {refused} of studies whose arms vary alike" in one.sentence
    few = first(3, claims=ALONE, analysis={"method": "pooled"})
    assert few.decidable
    assert few.detectable is None
    assert few.sentence.startswith("3 seeds resolve no effect with 80 % power")


def test_seeds_by_a_method_of_its_own(results: Results) -> None:
    """The pilot's SD asks the sign-flip test for more seeds than Student's t."""
    found = {}
    for method in ("paired", "signflip"):
        study = make_study(seeds=8, claims=ALONE, analysis={"method": method})
        pilot = replace(results, study=study)
        found[method] = preview_claims(study, pilot)[0].seeds_needed or 0
    assert found["signflip"] >= found["paired"] > 0
    assert found["signflip"] >= 6


def test_rows_are_not_asked_for_where_those_at_hand_would_do() -> None:
    """Between the normal and the exact power lies a gap, and no row would close it."""
    distance = 0.02 / normal_distance(0.05, 0.8)
    noise = Noise(0.01, 0.9999 * distance**2)
    assert seeds_for(paired_law, 0.02, noise, Asked(0.05)) is None
    assert rows_needed(0.02, noise.row_variance, 1000) <= 1000
