"""Detectors together: one false discovery rate; what was not checked never passes."""

import pytest
from scipy import stats

from reportgen.analysis.detector import (
    TAKEN_BACK,
    Detector,
    Reading,
    load_detector,
    run_detectors,
    settle,
)
from reportgen.analysis.detectors import DETECTORS
from reportgen.analysis.findings.facts import Fact
from reportgen.analysis.findings.study import Findings
from tests.analysis.factory import make_bundle, make_results, make_study


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


def test_too_few_seeds_are_not_checked_rather_than_passed() -> None:
    study = make_study(seeds=2)
    detectors = run_detectors(make_results(make_bundle(study)))
    for name in ("overfit_slope", "overfit_drop", "seed_noise", "chance_level"):
        own = [one for one in detectors if one.id == name]
        assert own
        assert not any(one.applicable or one.flag for one in own)
        assert all(one.note.startswith("not checked: ") for one in own)
