"""Variants that change nothing, too much, or something else; and arms refused."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from reportgen.analysis.audit.manipulations import check_manipulations, refusals
from reportgen.analysis.claims.verdicts import judge_opened, open_claims
from reportgen.analysis.control import judge_controls
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.manipulations import Manipulation
from reportgen.records import Array, BundledRun, CheckRow
from reportgen.spec import plan
from reportgen.spec.model import StudySpec
from reportgen.spec.plan import plan_study
from reportgen.training.data import DataInfo
from reportgen.training.embedding import ChannelEmbedding
from reportgen.training.runner import train_run
from tests.analysis.factory import make_results, make_study

ROWS = {"train": 80, "dev": 40, "test": 40}
DATA = {
    "use": "spr",
    "params": {"rows": ROWS, "length": 6, "seed": 3, "rule": ["count(▲) >= 2"]},
}
MINE = "tests.analysis.audit.test_manipulations"
Change = dict[str, Any]


class Bag(nn.Module):
    """A bag of tokens that takes settings and may not act on them."""

    def __init__(
        self, info: DataInfo, *, width: int = 8, gain: float = 1.0, live: bool = False
    ) -> None:
        super().__init__()
        self.width, self.gain, self.live = width, gain, live
        self.embedding = ChannelEmbedding(info, width)
        self.readout = nn.Linear(width, info.classes)

    def forward(self, inputs: Tensor) -> Tensor:
        logits: Tensor = self.readout(self.embedding(inputs).mean(dim=1))
        return logits * self.gain if self.live else logits


class StartsAnew(torch.optim.SGD):
    """It shrinks every weight before the first step."""

    def __init__(self, params: Any, lr: float = 0.1) -> None:
        super().__init__(params, lr=lr)
        with torch.no_grad():
            for group in self.param_groups:
                for one in group["params"]:
                    one.mul_(0.5)


def study_of(change: Change, **model: Any) -> StudySpec:
    return make_study(
        data=DATA,
        model={"use": f"{MINE}:Bag", "params": model},
        training={
            "epochs": 2,
            "batch_size": 16,
            "optimizer": {"use": "torch.optim:SGD", "params": {"lr": 0.1}},
            "select": {"metric": "dev.loss", "rule": "best"},
        },
        seeds=2,
        variants={"other": {"why": "It is another.", "change": change}},
        claims={},
    )


def trained(study: StudySpec) -> Results:
    runs: list[BundledRun] = []
    arrays: dict[str, Array] = {}
    cells = plan_study(study, {}).cells
    for cell in cells:
        record, own = train_run(cell.config)
        arrays |= own
        runs.append(BundledRun(variant=cell.variant, seed=cell.seed, record=record))
    return Results(study, cells, tuple(runs), arrays)


def failed(study: StudySpec) -> dict[str, str]:
    found = check_manipulations(trained(study))
    return {one.check: one.observed for one in found if one.passed is False}


WIDER: Change = {"model": {"params": {"width": 12}}}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(WIDER, id="width"),
        pytest.param({"training": {"optimizer": {"params": {"lr": 0.2}}}}, id="lr"),
        pytest.param(
            {"training": {"optimizer": {"use": "torch.optim:Adam"}}}, id="optimiser"
        ),
        pytest.param({"training": {"epochs": 3}}, id="epochs"),
        pytest.param({"training": {"select": {"metric": "dev.hwa"}}}, id="selection"),
        pytest.param({"model": {"use": "bag_of_tokens"}}, id="model"),
        pytest.param({"data": {"params": {"length": 7}}}, id="data"),
        pytest.param(
            {"data": {"transforms": [{"use": "shuffle_labels"}]}}, id="transform"
        ),
        pytest.param(
            {"training": {"freeze": [{"parameters": "embedding.*", "epochs": 1}]}},
            id="freeze",
        ),
    ],
)
def test_sound_variant_raises_no_alarm(change: Change) -> None:
    assert failed(study_of(change)) == {}


def test_variant_that_changes_nothing_is_caught() -> None:
    told = failed(study_of({"model": {"params": {"width": 8}}}, width=8))
    assert told["change_captured"] == "changed: nothing"
    assert told["runs_differ"] == "2 of 2 are the baseline's bit for bit"


def test_setting_that_the_model_ignores_is_caught() -> None:
    change = {"model": {"params": {"gain": 3.0}}}
    assert set(failed(study_of(change))) == {"runs_differ"}
    assert failed(study_of(change, live=True)) == {}


def test_merge_that_reaches_too_far_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    merge = plan.merge_change

    def broken(settings: Mapping[str, Any], change: plan.Change) -> dict[str, Any]:
        merged: dict[str, Any] = merge(settings, change)
        if change and "training" in merged:
            merged["training"] = {**merged["training"], "epochs": 1}
        return merged

    monkeypatch.setattr(plan, "merge_change", broken)
    assert failed(study_of(WIDER)) == {"nothing_else": "beside: training.epochs"}


def test_merge_that_loses_the_change_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "merge_change", lambda settings, _: dict(settings))
    assert set(failed(study_of(WIDER))) == {"change_captured", "runs_differ"}


def test_optimiser_that_touches_the_first_weights_is_caught() -> None:
    change = {"training": {"optimizer": {"use": f"{MINE}:StartsAnew"}}}
    told = failed(study_of(change))
    assert set(told) == {"nothing_else"}
    assert "parameters.embedding.tables" in told["nothing_else"]


def row(*, passed: bool | None, subject: str = "run", check: str = "it") -> CheckRow:
    return CheckRow(
        subject=subject,
        check=check,
        kind="keeps",
        says="it holds",
        observed="it was seen" if passed is not None else "nobody saw it",
        passed=passed,
    )


Measure = Callable[..., CheckRow]


def with_checks(results: Results, rows: dict[tuple[str, int], CheckRow]) -> Results:
    """Every run has a passed check, but for the runs given."""
    runs = tuple(
        one.model_copy(
            update={
                "record": one.record.model_copy(
                    update={
                        "checks": (
                            rows.get((one.variant, one.seed), row(passed=True)),
                        ),
                        "capture": (),  # the simulated one does not tell all
                    }
                )
            }
        )
        for one in results.bundled
    )
    return Results(results.study, results.cells, runs, results.arrays, results.ledger)


def of(found: tuple[Manipulation, ...], arm: str, check: str = "it") -> Manipulation:
    (one,) = (one for one in found if (one.arm, one.check) == (arm, check))
    return one


def test_one_failed_run_fails_the_arm_and_one_unmeasured_leaves_it_open() -> None:
    rows = {
        ("bilstm", 2): row(passed=False),
        ("frozen", 4): row(passed=None),
        ("dropout", 3): row(passed=None),  # this run failed: it has no say
    }
    found = check_manipulations(with_checks(make_results(), rows))
    assert of(found, "baseline").passed is True
    assert of(found, "bilstm").passed is False
    assert of(found, "dropout").passed is True
    unseen = of(found, "frozen")
    assert (unseen.passed, unseen.observed) == (None, "nobody saw it")
    assert (unseen.runs, unseen.ended) == (4, 5)


def test_claims_of_an_arm_that_failed_a_check_are_inadmissible() -> None:
    results = with_checks(make_results(), {("bilstm", 0): row(passed=False)})
    refused = refusals(check_manipulations(results))
    assert refused == {
        "bilstm": "its training: expected “it holds”, observed “it was seen”",
    }
    claims, family = judge_opened(open_claims(results, (), refused=refused), ())
    told = {one.id: (one.verdict, one.finding) for one in claims}
    assert told["bilstm-helps"] == ("inadmissible", "check_failed")
    assert next(c.plain for c in claims if c.id == "bilstm-helps") == (
        "No verdict: bilstm is not what it says: its training: expected “it holds”, "
        "observed “it was seen”."
    )
    assert told["frozen-same"][0] != "inadmissible"
    assert "bilstm-helps: an arm is not what it says" in family.dropped
    assert len(family.dropped) == family.registered - family.tested


def test_failed_baseline_takes_every_verdict_away() -> None:
    results = with_checks(make_results(), {("baseline", 0): row(passed=False)})
    refused = refusals(check_manipulations(results))
    claims, _ = judge_opened(open_claims(results, (), refused=refused), ())
    assert {one.verdict for one in claims} == {"inadmissible"}


def test_control_that_failed_a_check_takes_every_verdict_away() -> None:
    results = with_checks(make_results(), {})
    found = (*check_manipulations(results), promise_of("control-shuffled-labels"))
    refused = refusals(found)
    assert list(refused) == ["control-shuffled-labels"]
    claims, _ = judge_opened(open_claims(results, (), refused=refused), ())
    assert {one.verdict for one in claims} == {"inadmissible"}
    assert "control-shuffled-labels is not what it says" in claims[0].plain
    asked = results.study.model_copy(update={"controls": ("shuffled-labels",)})
    (judged,) = judge_controls(replace(results, study=asked), refused)
    assert judged.note.startswith("its arm is not what it says: its training")


def promise_of(arm: str) -> Manipulation:
    return Manipulation(
        arm=arm,
        subject="run",
        check="it",
        kind="keeps",
        says="it holds",
        observed="it was seen",
        passed=False,
        runs=1,
        ended=1,
    )


def test_failed_shift_bars_claims_about_that_shift_only() -> None:
    bad = row(passed=False, subject="data.shifts.ordering")
    results = with_checks(make_results(), {("baseline", 0): bad})
    refused = refusals(check_manipulations(results))
    assert list(refused) == ["baseline/ordering"]
    claims, _ = judge_opened(open_claims(results, (), refused=refused), ())
    barred = {one.id for one in claims if one.verdict == "inadmissible"}
    assert barred == {"dropout-robust"}


def test_records_without_checks_say_nothing() -> None:
    assert check_manipulations(make_results()) == ()


def test_here_is_importable() -> None:
    assert Path(__file__).stem in MINE
