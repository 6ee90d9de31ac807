"""The capture is complete: whatever is altered in a run, its row and its key change.

Each mutation is a real run of a small model of a user's, and says whether the result
must be another one. Rows that no mutation is made for are waived below with a reason,
and the two together are exactly the capture.
"""

import copy
import importlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reportgen.records import RunRecord
from reportgen.spec.model import RunConfig
from reportgen.spec.plan import merge_change
from reportgen.training import code, provenance
from reportgen.training.runner import train_run
from tests.training.capture.child import run_in_child
from tests.training.capture.code_mutations import CODE_EDITS
from tests.training.capture.mutants import CODE, LETTERS, SETTINGS
from tests.training.capture.mutations import Mutation
from tests.training.capture.process_mutations import PROCESS, RESTORE, VARIABLES
from tests.training.capture.spec_mutations import SPEC

pytestmark = pytest.mark.slow

MUTATIONS = [*SPEC, *CODE_EDITS, *PROCESS]
LOOP = "written in the loop, whose code is part of every key"
BUILT = "decided when PyTorch was built, which versions.torch_build tells"
HELD = "each run sets it itself, in code that is part of every key"
CPU = "a model that lies elsewhere than on the CPU is refused"
FOLDED = "obsolete: PyTorch turns it into the reduction"
RESUMED = "PyTorch takes another one only with the state of an earlier run"
WAIVED = {
    **dict.fromkeys(("batching.order", "batching.replacement"), LOOP),
    **dict.fromkeys(("batching.drop_last", "batching.evaluation"), LOOP),
    **dict.fromkeys(("precision.entered", "streams.generator"), LOOP),
    **dict.fromkeys(("backend.deterministic", "backend.deterministic_warn_only"), HELD),
    "backend.fill_uninitialized_memory": HELD,
    "backend.mkl": BUILT,
    "backend.onednn_tf32": "PyTorch moves it only where it was built for Intel GPUs",
    "backend.einsum_paths": "off and locked where opt_einsum is not installed",
    **{
        f"model.{layer}.device": CPU
        for layer in ("table", "rnn", "norm", "batch", "readout")
    },
    **dict.fromkeys(("loss.inner.size_average", "loss.inner.reduce"), FOLDED),
    **dict.fromkeys(("scheduler.last_epoch", "scheduler.last_epoch.kept"), RESUMED),
}
Run = Callable[..., RunRecord]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Train the base run with a change of its spec and another text of its code."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    for name in filter(provenance.SWITCHES.match, [*os.environ]):
        monkeypatch.delenv(name)  # whatever this test was started with
    monkeypatch.setenv("ONEDNN_VERBOSE", "0")
    texts: list[str] = []

    def forget() -> None:
        sys.modules.pop("mutant_code", None)
        importlib.invalidate_caches()
        provenance.environment.cache_clear()
        code._closure.cache_clear()
        code._source.cache_clear()

    def train(change: dict[str, Any] | None = None, text: str = CODE) -> RunRecord:
        texts.append(text)
        folder = tmp_path / f"{len(texts)}"  # sources are kept by their place
        folder.mkdir()
        (folder / "mutant_code.py").write_text(text, encoding="utf-8")
        monkeypatch.syspath_prepend(str(folder))
        forget()
        settings = copy.deepcopy(SETTINGS)
        if change and change.get("data") is LETTERS:
            settings["data"] = {}
        merged = merge_change(settings, change or {})
        config = RunConfig.model_validate_json(json.dumps(merged))
        return train_run(config)[0]

    yield train
    forget()


@pytest.fixture(scope="module")
def unaltered() -> dict[tuple[bool, str], RunRecord]:
    """Runs before they are altered, by whether a child made them and their code."""
    return {}


def rows_of(record: RunRecord) -> dict[str, Any]:
    return {row.path: row.value for row in record.capture}


def names_of(mutations: list[Mutation]) -> list[str]:
    return [f"{one.kind}-{one.rows[0]}" for one in mutations]


@pytest.mark.filterwarnings("ignore:Error detected in:UserWarning")  # by detect_anomaly
@pytest.mark.parametrize("mutation", MUTATIONS, ids=names_of(MUTATIONS))
def test_altered_run_has_another_row_key_and_result(
    mutation: Mutation,
    run: Run,
    unaltered: dict[tuple[bool, str], RunRecord],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = (False, mutation.code)
    if home not in unaltered:
        unaltered[home] = run(text=mutation.code)
    check(mutation, unaltered[home], altered(mutation, run, monkeypatch))


@pytest.mark.parametrize("mutation", VARIABLES, ids=names_of(VARIABLES))
def test_process_that_starts_with_a_variable_has_another_row_key_and_result(
    mutation: Mutation, unaltered: dict[tuple[bool, str], RunRecord]
) -> None:
    home = (True, mutation.code)
    if home not in unaltered:
        unaltered[home] = run_in_child(mutation.code)
    name, value = mutation.change
    after = run_in_child(mutation.code, **{name: value})
    check(mutation, unaltered[home], after)


def check(mutation: Mutation, before: RunRecord, after: RunRecord) -> None:
    """What the alteration must have changed has changed, and nothing beyond."""
    # Two runs that break off alike would pass for a result that stays.
    assert before.failure is None or before.failure.kind == "non-finite"
    rows, changed = rows_of(before), rows_of(after)
    for path in mutation.rows:
        assert rows.get(path) != changed[path], f"{path} is still {changed[path]}"
    assert after.key != before.key
    # The machine is part of the key alone; the rest is part of the run everywhere.
    assert (after.run == before.run) == (mutation.kind in ("process", "variable"))
    assert (after.result == before.result) == bool(mutation.still), mutation.still


def altered(mutation: Mutation, run: Run, patch: pytest.MonkeyPatch) -> RunRecord:
    if mutation.kind == "spec":
        return run(mutation.change)
    if mutation.kind == "code":
        return run(text=mutation.change)
    mutation.change(patch)
    try:
        return run(text=mutation.code)
    finally:
        RESTORE.get(mutation.rows[0], lambda: None)()


def test_every_captured_row_is_altered_or_waived(run: Run) -> None:
    captured = set(rows_of(run()))
    every = [*MUTATIONS, *VARIABLES]
    aimed_at = {path for mutation in every for path in mutation.rows}
    beyond = {
        one.rows[0] for one in VARIABLES
    }  # of variables that no process need have
    assert not aimed_at & set(WAIVED)
    assert (aimed_at - beyond) | set(WAIVED) == captured
    assert not beyond & captured
    stays = [one.still for one in every if one.still]
    assert all(len(reason.split()) > 4 for reason in (*WAIVED.values(), *stays))


def test_what_is_waived_as_code_is_in_the_key(run: Run) -> None:
    told = {"loop", "evaluation", "seeding", "backend", "capture.machinery"}
    assert {f"reportgen.training.{name}" for name in told} <= set(run().code)


def test_the_run_itself_is_sound(run: Run) -> None:
    first, again = run(), run()
    assert first.status == "completed"
    assert first == again
