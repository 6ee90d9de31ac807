"""Runs per second: a study's queue against one fresh process per run.

Usage: python -m benchmarks.study_queue [RUNS] [ROUNDS]     (12 and 3 when left out)
Both train the same model on the same rows for the same epochs, one thread a run. The
plain way is `plain_run.py`, one after another; it is also shown two at a time. The
rounds are interleaved, so that a machine that drifts does so for all.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from benchmarks.measure import PYTHON, measure, print_table, project_copy, spread
from reportgen.records import Array
from reportgen.spec.load import load_study
from reportgen.training.prepare import prepare

BAR = 2.5
STUDY = """\
study: queue
question: How fast are runs trained?
data:
  use: spr
  params:
    rows: {train: 2000, dev: 500, test: 1000}
    length: 20
    seed: 11
    rule: ["parity(■) == even", "first(▲) < first(●)"]
model: {use: lstm, params: {embedding_dim: 32, hidden_dim: 64, layers: 2}}
training:
  epochs: 10
  batch_size: 64
  optimizer: {use: "torch.optim:Adam", params: {lr: 2e-3}}
  select: {metric: dev.loss, rule: best}
metrics: [loss]
seeds: RUNS
variants: {}
claims: {}
analysis: {}
controls: []
report:
  title: Speed
  authors: [{name: Nobody}]
  abstract: Nothing is told here.
  sections: [{use: scope}]
"""


def main(runs: int, rounds: int) -> None:
    """Time every way in turn and print runs per second."""
    with project_copy("templates") as root:
        (root / "specs").mkdir()
        text = STUDY.replace("RUNS", str(runs))
        (root / "specs" / "queue.yaml").write_text(text, encoding="utf-8")
        arrays, settings = write_plain_inputs(root)
        seconds: dict[str, list[float]] = {"queue": [], "plain": [], "two": []}
        for turn in range(rounds):
            store = {"REPORTGEN_STORE": str(root / f"store-{turn}")}
            queue = measure(["reportgen", "run", "queue"], cwd=root, env=store)
            seconds["queue"].append(queue.wall_seconds)
            for path in (root / "runs" / "queue").iterdir():
                path.unlink()
            seconds["plain"].append(plain(arrays, settings, runs, at_once=1))
            seconds["two"].append(plain(arrays, settings, runs, at_once=2))
    rate = {way: [runs / one for one in found] for way, found in seconds.items()}
    ratios = {
        way: [ours / its for ours, its in zip(rate["queue"], rate[way], strict=True)]
        for way in ("plain", "two")
    }
    rows = [
        ["reportgen run", spread(rate["queue"]), "", ""],
        [
            "a process per run",
            spread(rate["plain"]),
            spread(ratios["plain"]),
            f"≥ {BAR}",
        ],
        ["the same, two at a time", spread(rate["two"]), spread(ratios["two"]), ""],
    ]
    head = [
        f"{runs} runs, {rounds} rounds",
        "runs per second",
        "queue is faster by",
        "bar",
    ]
    print_table(head, rows)


def write_plain_inputs(root: Path) -> tuple[Path, Path]:
    """Write the study's rows and settings in the plain script's terms."""
    study = load_study(root / "specs" / "queue.yaml").spec
    prepared = prepare(study.data)
    arrays, settings = root / "arrays.npz", root / "settings.json"
    found: dict[str, Array] = {}
    for split in ("train", "dev", "test"):
        found[f"{split}_inputs"] = prepared.sets[split].inputs
        found[f"{split}_labels"] = prepared.sets[split].labels
    np.savez(arrays, allow_pickle=False, **found)
    channels = prepared.sets["train"].channels
    asked = {
        "symbols": [len(channel.symbols) for channel in channels],
        "model": study.model.params,
        "epochs": study.training.epochs,
        "batch_size": study.training.batch_size,
        "lr": study.training.optimizer.params["lr"],
    }
    settings.write_text(json.dumps(asked), encoding="utf-8")
    return arrays, settings


def plain(arrays: Path, settings: Path, runs: int, *, at_once: int) -> float:
    """Wall seconds of all runs of the plain script."""
    script = Path(__file__).with_name("plain_run.py")
    begun = time.perf_counter()
    with ThreadPoolExecutor(at_once) as pool:
        list(
            pool.map(
                lambda seed: measure([PYTHON, script, arrays, settings, str(seed)]),
                range(runs),
            )
        )
    return time.perf_counter() - begun


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:]]
    main(*(asked + [12, 3][len(asked) :]))
