"""Whole studies: trained, found again, cloned, changed, and refused."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reportgen.analysis.audit.ledger import compare_classes
from reportgen.analysis.load import load_results
from reportgen.errors import InputError
from reportgen.execution.study import preview
from reportgen.execution.summary import RunSummary
from reportgen.ledger.account import account_runs
from reportgen.ledger.entries import Start
from reportgen.ledger.read import read_ledger
from reportgen.ledger.registration import Registration
from reportgen.project import Project
from reportgen.spec.model import StudySpec

pytestmark = pytest.mark.slow

Make = Callable[..., StudySpec]
Train = Callable[..., RunSummary]
Launch = Callable[..., subprocess.Popen[str]]
PATIENCE_SECONDS = 120.0


def files(project: Project) -> dict[str, bytes]:
    folder = project.records("tiny").parent
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def clone(project: Project, name: str, *, bundle: bool) -> Project:
    """What git brings along, and with `bundle` what DVC would."""
    copy = Project(project.root.parent / name)
    shutil.copytree(project.root / "runs", copy.root / "runs")
    if not bundle:
        copy.records("tiny").unlink()
        copy.predictions("tiny").unlink()
    return copy


def test_a_second_run_trains_nothing_and_changes_nothing(
    place: Project, make_study: Make, train: Train
) -> None:
    first = train(place, make_study())
    before = files(place)
    second = train(place, make_study())
    assert (first.new, first.cached, second.new, second.cached) == (4, 0, 0, 4)
    assert first.failures == ()
    assert files(place) == before


def test_the_account_closes_and_analysis_reads_the_bundle(
    finished: Project, make_study: Make
) -> None:
    results = load_results(finished, make_study())
    account = account_runs(results.cells, results.bundled, results.ledger, study="tiny")
    assert account.problems == ()
    assert {arm: one.reported for arm, one in account.arms.items()} == {
        "baseline": 2,
        "wide": 2,
    }
    known = Registration(make_study(), results.cells, results.bundled, results.ledger)
    assert known.late_claims() == frozenset()
    assert known.looks() == (2,)


def test_a_clone_with_the_bundle_trains_nothing(
    finished: Project, make_study: Make, train: Train
) -> None:
    copy = clone(finished, "pulled", bundle=True)
    assert [arm.new for arm in preview(copy, make_study()).arms] == [0, 0]
    assert train(copy, make_study()).new == 0
    assert files(copy) == files(finished)


def test_a_clone_without_the_bundle_comes_back_byte_for_byte(
    finished: Project, make_study: Make, train: Train
) -> None:
    copy = clone(finished, "bare", bundle=False)
    summary = train(copy, make_study(), jobs=1)
    assert (summary.new, summary.equal, summary.different) == (4, 4, 0)
    assert files(copy) == files(finished)


def test_a_changed_variant_trains_only_its_own_runs(
    finished: Project, make_study: Make, train: Train
) -> None:
    study = make_study(
        variants={
            "wide": {
                "why": "Still more room.",
                "change": {"model": {"params": {"hidden_dim": 8}}},
            }
        }
    )
    expected = preview(finished, study)
    assert {one.arm: (one.new, one.cached) for one in expected.arms} == {
        "baseline": (0, 2),
        "wide": (2, 0),
    }
    assert train(finished, study).new == 2
    results = load_results(finished, study)
    account = account_runs(results.cells, results.bundled, results.ledger, study="tiny")
    assert account.problems == ()
    wide = account.arms["wide"]
    assert (wide.planned, wide.reported, wide.superseded) == (4, 2, 2)
    assert train(finished, make_study()).new == 0, "the earlier runs are still there"


def test_preview_estimates_from_what_was_timed(
    place: Project, make_study: Make, train: Train
) -> None:
    before = preview(place, make_study(), jobs=2)
    assert before.minutes == pytest.approx(1.0)
    assert "assumed" in before.basis
    assert not (place.root / ".reportgen").exists()
    train(place, make_study())
    after = preview(place, make_study(seeds=4), jobs=2)
    assert [(one.new, one.cached) for one in after.arms] == [(2, 2), (2, 2)]
    assert 0 < after.minutes < 1
    assert "timed" in after.basis


def test_a_failing_run_is_a_result(
    place: Project, make_study: Make, train: Train
) -> None:
    wild = {"optimizer": {"use": "torch.optim:SGD", "params": {"lr": 1e38}}}
    study = make_study(
        variants={"wild": {"why": "Too fast.", "change": {"training": wild}}},
        claims={},
    )
    summary = train(place, study)
    assert [label for label, _ in summary.failures] == ["wild seed 0", "wild seed 1"]
    assert {one.kind for _, one in summary.failures} == {"diverged"}
    assert "2 failed" in "\n".join(summary.lines())
    assert train(place, study).new == 0, "a failure is kept like any result"


@pytest.mark.parametrize(
    "switch",
    [
        {"ONEDNN_VERBOSE": "0"},  # which changes no bit
        {"ATEN_CPU_CAPABILITY": "default"},  # plain kernels: all bits, on most machines
    ],
    ids=str,
)
def test_a_record_from_elsewhere_is_told_apart(
    finished: Project, make_study: Make, launch: Launch, switch: dict[str, str]
) -> None:
    """Another environment class: all is trained anew, compared, and told."""
    copy = clone(finished, "elsewhere", bundle=True)
    ledger = copy.ledger("tiny").read_bytes()
    process = launch(copy, make_study(), env={**os.environ, **switch})
    said, _ = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0
    assert "4 runs trained, 0 cached" in said
    assert "another environment class" in said
    same = re.search(r"(\d) of 4 runs came back bit-identical, (\d) differ", said)
    assert same is not None
    identical, different = int(same[1]), int(same[2])
    assert (identical, different) in {(4, 0), (0, 4)}
    assert different == 0 or "ATEN_CPU_CAPABILITY" in switch

    assert copy.ledger("tiny").read_bytes().startswith(ledger)
    entries = read_ledger(copy, "tiny").entries
    assert [one.kind for one in entries[9:]] == ["differs"] * different
    results = load_results(copy, make_study())
    account = account_runs(results.cells, results.bundled, results.ledger, study="tiny")
    assert account.problems == ()
    (found,) = compare_classes(results)
    assert (found.runs, found.elsewhere, found.identical) == (4, 4, identical)


def test_another_result_is_entered_once(
    finished: Project, make_study: Make, train: Train
) -> None:
    """A ledger that remembers other results, as one from another machine would."""
    forge(finished, lambda entry: {**entry, "result": entry["result"][::-1]})
    copy = clone(finished, "other", bundle=False)
    summary = train(copy, make_study())
    assert (summary.equal, summary.different) == (0, 4)
    kinds = [entry.kind for entry in read_ledger(copy, "tiny").entries]
    assert kinds.count("differs") == 4
    before = copy.ledger("tiny").read_bytes()
    shutil.rmtree(copy.store)
    copy.records("tiny").unlink()
    assert train(copy, make_study()).different == 4
    assert copy.ledger("tiny").read_bytes() == before


def forge(project: Project, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Rewrite the `end` entries of a ledger, and its chain with them."""
    from reportgen.ledger.entries import ENTRY, entry_line, first_link, seal

    lines, prev = [], first_link("tiny")
    for line in project.ledger("tiny").read_text().splitlines():
        data = json.loads(line)
        data = {**(change(data) if data["kind"] == "end" else data), "prev": prev}
        entry = seal(ENTRY.validate_json(json.dumps(data)))
        lines.append(entry_line(entry))
        prev = entry.hash
    project.ledger("tiny").write_text("".join(lines))


def test_records_without_their_ledger_are_refused(
    finished: Project, make_study: Make, train: Train
) -> None:
    finished.ledger("tiny").unlink()
    with pytest.raises(InputError, match=r"4 of 4 runs .* not in the ledger"):
        train(finished, make_study())
    for path in (finished.records("tiny"), finished.predictions("tiny")):
        path.unlink()
    assert train(finished, make_study()).new == 0
    starts = [
        entry
        for entry in read_ledger(finished, "tiny").entries
        if isinstance(entry, Start)
    ]
    assert {entry.origin for entry in starts} == {"store"}


def test_a_damaged_record_stops_before_anything_is_trained(
    finished: Project, make_study: Make, train: Train
) -> None:
    one, two, *_ = sorted(finished.store.glob("*/record.json"))
    one.write_text(one.read_text().replace("completed", "failed"))
    two.write_bytes(two.read_bytes()[:1000])
    before = files(finished)
    with pytest.raises(InputError) as caught:
        train(finished, make_study(seeds=3))
    assert len(caught.value.problems) == 2
    words = str(caught.value)
    assert "its result does not fit its digest" in words
    assert "no JSON" in words
    assert f"mv .reportgen/store/{one.parent.name}" in words
    assert files(finished) == before
    for path in (one, two):
        path.parent.rename(finished.store / "partial" / path.parent.name)
    assert train(finished, make_study()).new == 0, "the bundle has them"


def test_data_that_cannot_be_made_are_a_problem(
    place: Project, make_study: Make, train: Train
) -> None:
    impossible = {"data": {"params": {"length": 0}}}
    study = make_study(
        variants={"none": {"why": "No tokens.", "change": impossible}}, claims={}
    )
    with pytest.raises(InputError, match=r"none: data\.params\.length"):
        train(place, study)


def test_a_component_of_the_users_own_is_trained(
    place: Project, make_study: Make, train: Train, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_module(place, monkeypatch, "mine", MINE)
    study = make_study(model={"use": "mine:Mine", "params": {"width": 3}}, variants={})
    summary = train(place, make_study(**json.loads(study.model_dump_json())))
    assert summary.failures == ()
    (place.root / "mine.py").write_text(MINE.replace("* 1.0", "* 2.0"))
    assert train(place, study).new == 2, "other code is another run"


MINE = '''
import torch
from torch import nn

from reportgen.training.data import DataInfo


class Mine(nn.Module):
    """Sums of embedded tokens."""

    def __init__(self, info: DataInfo, width: int = 2) -> None:
        super().__init__()
        self.embed = nn.Embedding(64, width)
        self.head = nn.Linear(width, info.classes)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return self.head(self.embed(tokens).sum(dim=(1, 2)) * 1.0)
'''


def write_module(
    project: Project, monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> Path:
    """A module of the project's own, importable as the command line makes it."""
    path = project.root / f"{name}.py"
    path.write_text(text)
    monkeypatch.syspath_prepend(str(project.root))
    return path
