"""Claims of a difference without a direction, about every quantity."""

from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from reportgen.analysis.claims.judged import Case, Levels, judge_sample, open_case
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.statistics.estimate import Sample
from reportgen.records import Array
from reportgen.spec.claims import About
from tests.analysis.factory import make_bundle, make_results, make_study

SAYS: dict[About, str] = {
    "score": "bilstm changes test.accuracy against baseline",
    "shift": "bilstm is either more or less robust than baseline from test.accuracy to "
    "ordering.accuracy",
    "level": "bilstm differs from 0.7 on test.accuracy",
    "spread": "bilstm varies either more or less over seeds than baseline on "
    "test.accuracy",
    "failures": "bilstm fails either more or less often than baseline",
}
SEEDS = 12
ABOUTS = sorted(SAYS)


def margins(about: About) -> dict[str, Any]:
    if about == "spread":
        return {"margin": 1.0, "smallest_effect": 1.8}
    return {"margin": 0.0, "smallest_effect": 0.1 if about == "failures" else 0.3}


@lru_cache(maxsize=1)
def results() -> Results:
    claims: dict[str, Any] = {
        about: {
            "says": SAYS[about],
            **margins(about),
            "scope": "test_set",
            "why_expected": {"text": "Because."},
        }
        for about in ABOUTS
    }
    return make_results(make_bundle(make_study(seeds=SEEDS, claims=claims)))


def case_of(about: About) -> Case:
    return open_case(results(), about, results().study.claims[about])


def sample_of(about: About, size: float) -> Sample:
    """Twelve seeds on which the variant is better by a size; worse where negative."""
    rng = np.random.default_rng(3)
    noise: Array = rng.standard_normal((2, SEEDS))
    if about == "spread":
        noise[0] *= np.exp(-size)
        return Sample(noise[0] - noise[1], scores=(noise[0], noise[1]))
    if about == "failures":
        failed = np.zeros((2, SEEDS))
        failed[int(size > 0), : round(abs(size) * SEEDS)] = 1
        return Sample(failed[1] - failed[0], scores=(-failed[0], -failed[1]))
    return Sample(size + 0.1 * (noise[0] - noise[1]))


@pytest.mark.parametrize("about", ABOUTS)
@pytest.mark.parametrize("sign", [1, -1])
def test_a_clear_difference_supports_it_in_either_direction(
    about: About, sign: int
) -> None:
    size = {"spread": 2.0, "failures": 0.75}.get(about, 0.8)
    decision = judge_sample(case_of(about), sample_of(about, sign * size), Levels())
    assert decision.verdict == "supported"
    assert decision.finding.startswith("better" if sign > 0 else "worse")


@pytest.mark.parametrize("about", ["score", "shift", "level"])
def test_a_difference_too_small_to_matter_is_told_as_such(about: About) -> None:
    decision = judge_sample(case_of(about), sample_of(about, 0.0), Levels())
    assert decision.verdict == "equivalent"


@pytest.mark.parametrize("about", ["spread", "failures"])
def test_few_runs_leave_it_open(about: About) -> None:
    decision = judge_sample(case_of(about), sample_of(about, 0.0), Levels())
    assert decision.verdict == "inconclusive"


@pytest.mark.parametrize("about", ABOUTS)
def test_its_equivalence_is_a_hypothesis_of_its_own(about: About) -> None:
    case = case_of(about)
    assert case.margins.claimed == 0.0
    assert case.own_equivalence
    assert case.parts.kind == "differs"
