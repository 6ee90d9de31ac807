"""The capture is complete: whatever is altered in a run, its row and its key change.

Each mutation is a real run of a small model of a user's. Rows that no mutation is made
for are waived below with a reason, and the two together are exactly the capture.
"""

import copy
import importlib
import json
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
from tests.training.capture.code_mutations import CODE_EDITS
from tests.training.capture.mutants import CODE, LETTERS, SETTINGS
from tests.training.capture.mutations import Mutation
from tests.training.capture.process_mutations import PROCESS, RESTORE
from tests.training.capture.spec_mutations import SPEC

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
def unaltered() -> dict[str, RunRecord]:
    """The base run, once a module."""
    return {}


def rows_of(record: RunRecord) -> dict[str, Any]:
    return {row.path: row.value for row in record.capture}


@pytest.mark.parametrize(
    "mutation", MUTATIONS, ids=[f"{one.kind}-{one.rows[0]}" for one in MUTATIONS]
)
def test_altered_run_has_another_row_key_and_result(
    mutation: Mutation,
    run: Run,
    unaltered: dict[str, RunRecord],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not unaltered:
        unaltered["run"] = run()
    before = unaltered["run"]
    after = altered(mutation, run, monkeypatch)
    rows, changed = rows_of(before), rows_of(after)
    for path in mutation.rows:
        assert rows[path] != changed[path], f"{path} is still {rows[path]}"
    assert after.key != before.key
    # The machine is part of the key alone; the rest is part of the run everywhere.
    assert (after.run != before.run) == (mutation.kind != "process")
    if mutation.live is not None:
        assert (after.result != before.result) == mutation.live


def altered(mutation: Mutation, run: Run, patch: pytest.MonkeyPatch) -> RunRecord:
    if mutation.kind == "spec":
        return run(mutation.change)
    if mutation.kind == "code":
        return run(text=CODE.replace(*mutation.change))
    mutation.change(patch)
    try:
        return run()
    finally:
        RESTORE.get(mutation.rows[0], lambda: None)()


def test_every_captured_row_is_altered_or_waived(run: Run) -> None:
    captured = set(rows_of(run()))
    aimed_at = {path for mutation in MUTATIONS for path in mutation.rows}
    assert not aimed_at & set(WAIVED)
    assert aimed_at | set(WAIVED) == captured
    assert all(len(reason.split()) > 4 for reason in WAIVED.values())


def test_the_run_itself_is_sound(run: Run) -> None:
    first, again = run(), run()
    assert first.status == "completed"
    assert first == again
