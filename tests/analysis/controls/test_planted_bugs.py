"""Controls see the bugs planted in a study that is trained, and nothing in clean ones.

The matrix of what sees what is part of the report:
`reportgen.analysis.measured.planted`.
"""

import pytest

from reportgen.analysis.claims.verdicts import judge_claims
from reportgen.analysis.control import judge_controls
from reportgen.analysis.measured.planted import SEEN_BY
from tests.analysis.controls.bugs import BUGS
from tests.analysis.controls.small import lone_study, small_study, trained


def test_the_matrix_names_the_bugs_that_are_planted() -> None:
    assert list(SEEN_BY) == list(BUGS)


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_seen_and_takes_the_verdicts(name: str) -> None:
    bug = BUGS[name]
    with pytest.MonkeyPatch.context() as patch:
        bug.plant(patch)
        results = trained(small_study(bug.change))
    controls = judge_controls(results)
    assert all(one.record.status == "completed" for one in results.bundled)
    assert tuple(one.id for one in controls if one.passed is False) == SEEN_BY[name]
    claims, _ = judge_claims(results, controls, ())
    assert [claim.verdict for claim in claims] == ["inadmissible"]
    for control in SEEN_BY[name]:
        assert f"control {control} failed" in claims[0].plain


@pytest.mark.parametrize("seed", range(10))
def test_a_clean_study_raises_no_alarm(seed: int) -> None:
    study = lone_study({"data": {"params": {"seed": 100 + seed}}, "seeds": [seed]})
    controls = judge_controls(trained(study))
    told = {one.id: (one.passed, one.observed, one.note) for one in controls}
    assert told.pop("ceiling")[0] is None  # no labels are noisy
    assert told.pop("bag-of-tokens")[0] is None  # there is nothing to pass
    assert all(passed for passed, *_ in told.values()), told
