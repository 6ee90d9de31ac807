"""Controls as a study runs them: trained in processes of their own, kept, refused."""

from collections.abc import Callable

import pytest

from reportgen.analysis.control import judge_controls
from reportgen.analysis.load import load_results
from reportgen.errors import InputError
from reportgen.execution.summary import RunSummary
from reportgen.ledger.account import account_runs
from reportgen.project import Project
from tests.studies import Make

pytestmark = pytest.mark.slow

Train = Callable[..., RunSummary]

RULELESS = '''
from dataclasses import replace

from reportgen.training.data import Dataset
from reportgen.training.datasets.spr import spr


def ruleless(rows: dict[str, int]) -> Dataset:
    """Rows that do not say which rule made their labels."""
    drawn = spr(rows=rows, length=6, seed=3, rule=["first(▲) < first(●)"])
    splits = {name: replace(one, oracle=None) for name, one in drawn.splits.items()}
    return replace(drawn, splits=splits)
'''
ROWS = {"train": 32, "dev": 16, "test": 16}


def test_a_seed_is_executed_twice_and_the_bits_agree(
    place: Project, make_study: Make, train: Train
) -> None:
    study = make_study(controls=["repeated-seed"])
    assert train(place, study).new == 5
    results = load_results(place, study)
    (first, again) = (
        results.record(arm, 0) for arm in ("baseline", "control-repeated-seed")
    )
    assert first is not None
    assert again is not None
    assert first.run != again.run
    assert first.result == again.result
    (control,) = judge_controls(results)
    assert control.passed is True
    assert control.observed == (
        "largest difference of any score 0, weights the same, predictions the same, "
        "curves the same"
    )
    account = account_runs(
        results.cells, results.bundled, results.ledger, study=study.study
    )
    assert account.problems == (), "the second execution is no copied record"
    assert train(place, study).new == 0, "controls are cached like any run"


def test_a_control_that_the_data_have_nothing_for_is_refused_if_named(
    place: Project,
    make_study: Make,
    train: Train,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (place.root / "ruleless.py").write_text(RULELESS, encoding="utf-8")
    monkeypatch.syspath_prepend(str(place.root))
    data = {"use": "ruleless:ruleless", "params": {"rows": ROWS}}
    named = make_study(data=data, controls=["majority", "oracle"], variants={})
    with pytest.raises(InputError) as refused:
        train(place, named)
    (problem,) = refused.value.problems
    assert problem.where == "controls[1]"
    assert problem.what == (
        "'oracle' cannot be asked of this study: the dataset does not say which rule "
        "made its labels"
    )
    assert "delete it, or write `default`" in problem.fix
