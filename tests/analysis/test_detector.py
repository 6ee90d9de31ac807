"""Detectors together: one false discovery rate; what was not checked never passes."""

from dataclasses import replace

import pytest
from scipy import stats

from reportgen.analysis.detector import (
    TAKEN_BACK,
    Detector,
    Missing,
    Reading,
    load_detector,
    run_detectors,
    settle,
)
from reportgen.analysis.detectors import DETECTORS
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.facts import Fact
from reportgen.analysis.findings.study import Findings
from tests.analysis.factory import (
    BEHAVIOURS,
    Bundle,
    make_bundle,
    make_results,
    make_study,
    with_record,
)


@pytest.mark.parametrize("name", DETECTORS)
def test_every_detector_of_the_catalogue_states_its_rule(name: str) -> None:
    detector = load_detector(name)
    assert isinstance(detector, Detector)
    assert detector.name == name
    assert detector.threshold
    assert detector.source
    assert detector.false_positives


def test_p_values_share_one_rate(found: tuple[Findings, dict[str, Fact]]) -> None:
    tested = [one for one in found[0].detectors if one.p is not None]
    assert len(tested) > 8
    for one in tested:
        assert one.p_adjusted is not None
        assert one.p is not None
        assert one.p_adjusted >= one.p
        if one.flag:
            assert one.p_adjusted <= 0.10


def test_a_flag_that_the_correction_takes_back_says_so() -> None:
    detector = load_detector("mmd")
    p_values = (0.04, 0.001, *[0.5] * 8)
    readings = [
        Reading(f"pair {place}", flag=p < 0.05, note="apart", p=p)
        for place, p in enumerate(p_values)
    ]
    taken_back, kept, *quiet = settle([(detector, one) for one in readings])
    assert not taken_back.flag
    assert taken_back.note == f"apart; {TAKEN_BACK}"
    assert kept.flag
    assert kept.note == "apart"
    assert {one.note for one in quiet} == {"apart"}
    settled = Reading("rule", flag=True, note="met", p=0.04, settled=True)
    alone, *_ = settle([(detector, one) for one in (settled, *readings[2:])])
    assert alone.flag
    assert alone.note == "met"


def test_differences_made_on_purpose_let_nothing_else_through(
    found: tuple[Findings, dict[str, Fact]],
) -> None:
    """`ordering` is a shift: its tiny p-values are corrected among themselves."""
    tests = [one for one in found[0].detectors if one.p is not None]
    shifts = [one for one in tests if one.subject == "baseline: test and ordering"]
    assert {one.id for one in shifts} == {"token_shift", "c2st", "mmd", "feature_ks"}
    for family in (shifts, [one for one in tests if one not in shifts]):
        adjusted = stats.false_discovery_control([one.p or 0.0 for one in family])
        assert [one.p_adjusted for one in family] == pytest.approx(list(adjusted))


@pytest.mark.parametrize("name", DETECTORS)
def test_a_study_that_has_not_run_passes_no_check(name: str, results: Results) -> None:
    none = Results(results.study, results.cells, (), {}, results.ledger)
    found = load_detector(name).read(none)
    assert found
    assert all(isinstance(one, Missing) for one in found)


@pytest.mark.parametrize("name", DETECTORS)
def test_what_was_not_kept_passes_no_check(name: str, bundle: Bundle) -> None:
    """Records with settings and data summaries alone: no curve, no score, no row."""
    bare: dict[str, object] = {"curves": {}, "checkpoints": {}, "arrays": {}}
    bare |= {"failure": None, "status": "completed"}
    for one in bundle.runs:
        bundle = with_record(bundle, one.variant, one.seed, **bare)
    found = load_detector(name).read(make_results(replace(bundle, arrays={})))
    assert found
    for reading in found:
        structural = name == "selection_on_test" and reading.subject in BEHAVIOURS
        unseen = name == "failed_seed" and isinstance(reading, Reading)
        assert isinstance(reading, Missing) or structural or unseen
        if unseen and isinstance(reading, Reading):
            assert "answers of 5 of 5 runs were not kept" in reading.note


def test_a_detector_without_anything_to_look_at_is_told_of() -> None:
    """No variant and no claim: nothing to compare, which is not passed either."""
    study = make_study(variants={}, claims={})
    found = {one.id: one for one in run_detectors(make_results(make_bundle(study)))}
    assert found.keys() == DETECTORS.keys()
    for name in ("seed_noise", "unstable_vs_baseline", "metric_disagreement"):
        assert not found[name].applicable
        assert found[name].note.startswith("not checked: ")


def test_too_few_seeds_are_not_checked_rather_than_passed() -> None:
    study = make_study(seeds=2)
    detectors = run_detectors(make_results(make_bundle(study)))
    for name in ("overfit_slope", "overfit_drop", "seed_noise", "chance_level"):
        own = [one for one in detectors if one.id == name]
        assert own
        assert not any(one.applicable or one.flag for one in own)
        assert all(one.note.startswith("not checked: ") for one in own)
