"""Numbers from elsewhere: which have something to be held against."""

from pathlib import Path
from typing import Any

import pytest

from reportgen.cli.studies import catalogues_of
from reportgen.ledger.entries import claims_digest, spec_digest
from reportgen.project import Project
from reportgen.spec.check_arms import resolve_arms
from reportgen.spec.check_earlier import check_earlier
from reportgen.spec.metric import read_metric
from tests.analysis.factory import SPEC, make_study

CATALOGUES = catalogues_of(Project(Path(__file__).parents[2]))

SOUND = {"arm": "bilstm", "score": "test.hwa", "value": 0.8, "source": "A paper"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, []),
        ({"score": "ordering.loss", "value": 1}, []),
        ({"arm": "bilstn"}, [("arm", "there is no variant 'bilstn'")]),
        ({"score": "hwa"}, [("score", "'hwa' is no metric of an evaluation set")]),
        ({"score": "test.hwa@last"}, [("score", "'test.hwa@last' is no metric of an")]),
        ({"score": "tset.hwa"}, [("score", "'bilstm' is not evaluated on 'tset'")]),
        ({"score": "test.hva"}, [("score", "nobody computes 'hva'")]),
        ({"value": 80}, [("value", "80 is no hwa, which goes from 0 to 1")]),
        ({"value": -0.1}, [("value", "-0.1 is no hwa, which goes from 0 to 1")]),
    ],
)
def test_an_earlier_number_needs_its_like(
    change: dict[str, Any], said: list[tuple[str, str]]
) -> None:
    report = {**SPEC["report"], "earlier": [SOUND, {**SOUND, **change}]}
    study = make_study(report=report)
    metrics = {one: read_metric(one, CATALOGUES.metrics) for one in study.metrics}
    found = list(check_earlier(study, resolve_arms(study, CATALOGUES), metrics))
    assert [one.path for one in found] == [
        ("report", "earlier", 1, part) for part, _ in said
    ]
    for mistake, (_, words) in zip(found, said, strict=True):
        assert words in mistake.what


def test_an_earlier_number_changes_nothing_that_is_registered() -> None:
    with_number = make_study(report={**SPEC["report"], "earlier": [SOUND]})
    assert claims_digest(with_number) == claims_digest(make_study())
    assert spec_digest(with_number) == spec_digest(make_study())
