"""Default controls on data they were not made for: all train, none cries wolf."""

from reportgen.analysis.control import judge_controls
from tests.analysis.controls.small import PARTS, lone_study, trained


def test_nine_rows_of_one_token_can_be_asked_of() -> None:
    study = lone_study({"data": {"use": f"{PARTS}:letters"}, "training": {"epochs": 2}})
    results = trained(study)
    assert [one.record.failure for one in results.bundled] == [None] * 7
    judged = {one.id: one for one in judge_controls(results)}
    told = {name: one.note for name, one in judged.items() if not one.applicable}
    assert told == {
        "oracle": "the dataset does not say which rule made its labels",
        "ceiling": "no arm declares label noise, so nothing limits the accuracy",
    }
    assert [one for one in judged.values() if one.passed is False] == []
