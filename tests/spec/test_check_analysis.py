"""Which ways of judging a study may declare."""

import json

import pytest

from reportgen.analysis.claims.method import load_method
from reportgen.analysis.claims.methods import METHODS
from reportgen.spec.check_analysis import FEWEST, UNFIT, check_analysis
from reportgen.spec.model import AnalysisSpec
from tests.analysis.factory import SPEC, make_study


@pytest.mark.parametrize(
    ("analysis", "seeds"),
    [
        ({}, 3),
        ({"method": "welch", "correction": "bh"}, 3),
        ({"method": "pooled", "failures": "exclude"}, 3),
        ({"method": "signflip", "correction": "bonferroni"}, 6),
        ({"method": "rope"}, 3),
        ({"looks": [3, 5, 10]}, 5),
        ({"looks": [10]}, 10),
    ],
)
def test_accepts_what_can_judge(analysis: dict[str, object], seeds: int) -> None:
    assert list(check_analysis(make_study(analysis=analysis, seeds=seeds))) == []


def test_ranks_need_a_declared_scope() -> None:
    claims = {
        name: {**claim, "scope": "test_set"} for name, claim in SPEC["claims"].items()
    }
    spec = {"method": "poi", "better_with_probability": 0.8}
    assert list(check_analysis(make_study(analysis=spec, claims=claims))) == []
    found = list(check_analysis(make_study(analysis=spec)))
    assert [one.path for one in found] == [
        ("claims", name, "scope") for name in SPEC["claims"]
    ]


@pytest.mark.parametrize(
    ("method", "says", "refused"),
    [
        ("welch", "bilstm beats 0.8 on test.hwa", True),
        (
            "welch",
            "bilstm is more robust than frozen from test.hwa to ordering.hwa",
            False,
        ),
        ("pooled", "bilstm is as robust as frozen from test.hwa to ordering.hwa", True),
        ("pooled", "bilstm fails less often than frozen", False),
        ("poi", "bilstm reaches ceiling on test.hwa", True),
        ("poi", "bilstm varies less over seeds than frozen on test.hwa", False),
        ("signflip", "bilstm beats 0.8 on test.hwa", False),
        ("rope", "bilstm reaches chance on test.hwa", False),
    ],
)
def test_methods_that_compare_two_arms_need_two(
    method: str, says: str, refused: bool
) -> None:
    claim = {**SPEC["claims"]["bilstm-helps"], "says": says, "scope": "test_set"}
    gamma = {"better_with_probability": 0.8} if method == "poi" else {}
    analysis = {"method": method, **gamma}
    study = make_study(analysis=analysis, claims={"a": claim}, seeds=8)
    found = [one.path for one in check_analysis(study)]
    assert found == ([("claims", "a", "says")] if refused else [])


def test_fewest_seeds_are_those_of_the_methods() -> None:
    for name in METHODS:
        method = load_method(AnalysisSpec.model_validate({"method": name}))
        assert method.name == name
        assert method.fewest == FEWEST.get(name, (3, ""))[0]
        assert method.needs_arms == (name in UNFIT)


def test_every_method_of_a_spec_exists() -> None:
    field = AnalysisSpec.model_json_schema()["properties"]["method"]
    assert sorted(field["enum"]) == sorted(METHODS), json.dumps(field)
