"""A number from elsewhere, and what one more run would score."""

import numpy as np
import pytest

from reportgen.analysis.detector import Missing, Reading, load_detector
from reportgen.analysis.detectors.single_run_luck import (
    luck_p,
    prediction_half_width,
)
from reportgen.analysis.evidence.results import Results
from tests.analysis.factory import SPEC, make_bundle, make_results, make_study


@pytest.mark.parametrize(
    ("n", "factor"), [(3, 4.97), (5, 3.04), (10, 2.37), (20, 2.15)]
)
def test_where_one_more_run_would_fall(n: int, factor: float) -> None:
    scores = np.random.default_rng(1).standard_normal(n)
    sd = scores.std(ddof=1)
    assert prediction_half_width(scores) / sd == pytest.approx(factor, abs=0.006)


def with_earlier(*numbers: tuple[str, str, float]) -> Results:
    """The simulated study, with numbers that others gave for its arms."""
    earlier = [
        {"arm": arm, "score": score, "value": value, "source": "A paper"}
        for arm, score, value in numbers
    ]
    report = {**SPEC["report"], "earlier": earlier}
    return make_results(make_bundle(make_study(report=report)))


def test_a_number_from_elsewhere_is_held_against_one_more_run() -> None:
    usual = make_results()
    scores = [
        usual.score("bilstm", s, "test.hwa", "best") for s in usual.seeds("bilstm")
    ]
    values = np.array([one for one in scores if one is not None])
    near, far = float(values.mean()), float(values.mean()) + 0.2
    results = with_earlier(("bilstm", "test.hwa", near), ("bilstm", "test.hwa", far))
    lucky, odd, *others = load_detector("single_run_luck").read(results)
    assert isinstance(lucky, Reading)
    assert not lucky.flag
    assert lucky.p == pytest.approx(1.0)
    assert "within the luck of a seed" in lucky.note
    assert isinstance(odd, Reading)
    assert odd.flag
    assert "something else differs" in odd.note
    assert odd.interval is not None
    assert odd.interval.upper - odd.interval.lower == pytest.approx(
        2 * prediction_half_width(values)
    )
    assert [one.subject for one in others] == ["baseline", "dropout", "frozen"]
    assert all(isinstance(one, Missing) for one in others)


def test_without_a_number_from_elsewhere_nothing_is_checked(results: Results) -> None:
    found = load_detector("single_run_luck").read(results)
    assert [one.subject for one in found] == list(results.study_arms)
    for one in found:
        assert isinstance(one, Missing)
        assert "one more run would score from 0." in one.why


@pytest.mark.parametrize("seeds", [3, 10])
def test_one_more_run_is_rarely_told_from_the_others(seeds: int) -> None:
    rng = np.random.default_rng(5)
    rows = rng.standard_normal((2000, seeds + 1))
    flags = [luck_p(one[1:], one[0]) < 0.05 for one in rows]
    assert np.mean(flags) == pytest.approx(0.05, abs=4 * (0.05 * 0.95 / 2000) ** 0.5)
