"""Controls see the bugs planted in studies that are trained, and nothing in clean ones.

The matrix of what sees what is part of the report, and measured on more studies:
`reportgen.analysis.measured.planted`.
"""

import pytest

from reportgen.analysis.claims.verdicts import judge_claims
from reportgen.analysis.control import judge_controls
from reportgen.analysis.controls import CONTROLS
from reportgen.analysis.measured.planted import read_planted
from reportgen.spec.plan import merge_change
from tests.analysis.controls.bugs import BUGS
from tests.analysis.controls.small import STUDIES, lone_study, small_study, trained

pytestmark = pytest.mark.slow


def test_the_matrix_is_of_the_bugs_and_controls_there_are() -> None:
    planted = read_planted()
    assert planted.studies == tuple(STUDIES)
    assert planted.mistakes == tuple(BUGS)
    named = {name for one in planted.sightings for name in one.controls}
    assert named <= {*CONTROLS}


def test_every_bug_was_seen_in_every_study() -> None:
    assert [one for one in read_planted().sightings if not one.controls] == []


def test_no_control_failed_in_a_clean_study() -> None:
    clean = read_planted().clean
    assert [one.study for one in clean] == [*STUDIES]
    assert min(one.studies for one in clean) >= 10
    assert [one.alarms for one in clean] == [{}] * len(clean)


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_seen_and_takes_the_verdicts(name: str) -> None:
    bug = BUGS[name]
    with pytest.MonkeyPatch.context() as patch:
        bug.plant(patch)
        results = trained(small_study(bug.change))
    controls = judge_controls(results)
    assert all(one.record.status == "completed" for one in results.bundled)
    failed = {one.id for one in controls if one.passed is False}
    assert failed == {*read_planted().seen_by(name, "perceptron")}
    claims, _ = judge_claims(results, controls, ())
    assert [claim.verdict for claim in claims] == ["inadmissible"]
    for control in failed:
        assert f"control {control} failed" in claims[0].plain


@pytest.mark.parametrize("name", [name for name in BUGS if "in the data" not in name])
def test_sequence_models_and_noisy_labels_hide_no_bug(name: str) -> None:
    """Of the controls that see it, the last is trained: the others cost as much."""
    study = "LSTM, noisy labels"
    bug, control = BUGS[name], [*read_planted().seen_by(name, study)][-1]
    change = merge_change(bug.change, STUDIES[study])
    alone = lone_study(change, control)
    if control == "evaluation-mode":  # it looks at an arm that drops units out
        variants = small_study(change).variants
        alone = alone.model_copy(update={"variants": variants})
    with pytest.MonkeyPatch.context() as patch:
        bug.plant(patch)
        (found,) = judge_controls(trained(alone))
    assert found.id == control
    assert found.passed is False, found


@pytest.mark.parametrize("seed", range(5))
def test_a_clean_study_raises_no_alarm(seed: int) -> None:
    study = lone_study({"data": {"params": {"seed": 100 + seed}}, "seeds": [seed]})
    controls = judge_controls(trained(study))
    told = {one.id: (one.passed, one.observed, one.note) for one in controls}
    assert told.pop("ceiling")[0] is None  # no labels are noisy
    assert told.pop("bag-of-tokens")[0] is None  # there is nothing to pass
    assert all(passed for passed, *_ in told.values()), told
