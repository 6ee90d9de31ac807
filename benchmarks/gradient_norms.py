"""How often runs without a fault are said to have exploding gradients: by training.

Usage: python -m benchmarks.gradient_norms [SEEDS]     (50 when left out)

Every setting learns a small task with a usual step size, most of them until they know
their rows by heart, where norms are smallest and odd batches stand out most. One more
setting has its step size raised thirtyfold twice, which tears its weights apart. The
rates stand in the detector's `false_positives`.
"""

import json
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import stats

from benchmarks.measure import print_table
from reportgen.analysis.detectors.diverged import exploded
from reportgen.records import RunRecord
from reportgen.spec.model import RunConfig
from reportgen.spec.plan import merge_change
from reportgen.training.runner import train_run

SEEDS = 50
USUAL: dict[str, Any] = {
    "data": {
        "use": "spr",
        "params": {
            "rows": {"train": 240, "dev": 60, "test": 60},
            "length": 8,
            "seed": 5,
            "rule": ["first(▲) < first(●)"],
        },
    },
    "model": {"use": "lstm", "params": {"embedding_dim": 8, "hidden_dim": 16}},
    "training": {
        "epochs": 30,
        "batch_size": 16,
        "optimizer": {"use": "torch.optim:Adam", "params": {"lr": 0.01}},
        "select": {"metric": "dev.loss", "rule": "best"},
    },
    "metrics": ["accuracy", "loss"],
}
SGD = {"optimizer": {"use": "torch.optim:SGD", "params": {"lr": 0.1}}}
SOFT = {"use": "torch.optim:Adam", "params": {"lr": 1e-3}}
TRANSFORMER = {"use": "transformer", "params": {"embedding_dim": 16, "hidden_dim": 32}}
BAG = {"use": "bag_of_tokens", "params": {"embedding_dim": 8, "hidden_dim": 16}}
CLEAN: dict[str, dict[str, Any]] = {
    "lstm, Adam": {},
    "lstm, Adam, clipped at 1": {"training": {"gradient_clip": 1.0}},
    "lstm, SGD": {"training": SGD},
    "gru, Adam": {"model": {**USUAL["model"], "use": "gru"}},
    "transformer, Adam": {"model": TRANSFORMER, "training": {"optimizer": SOFT}},
    "bag of tokens, SGD": {"model": BAG, "training": SGD},
}
STEPS = {"use": "torch.optim.lr_scheduler:StepLR"}
TORN: dict[str, dict[str, Any]] = {
    "transformer, SGD, step size times 30 twice": {
        "model": TRANSFORMER,
        "training": {
            **SGD,
            "epochs": 9,
            "scheduler": {**STEPS, "params": {"step_size": 3, "gamma": 30.0}},
        },
    }
}


def trained(change: dict[str, Any], seeds: int) -> Iterator[RunRecord]:
    """One run of a setting per seed."""
    for seed in range(seeds):
        settings = {**merge_change(USUAL, change), "seed": seed}
        yield train_run(RunConfig.model_validate_json(json.dumps(settings)))[0]


def row_of(name: str, records: list[RunRecord]) -> tuple[str, ...]:
    """A setting's line: how it ended, its largest sustained multiples, its flags."""
    kept = [one.gradients for one in records if one.gradients is not None]
    multiples = [one.sustained for one in kept if one.sustained is not None]
    fired = sum(exploded(one) for one in records)
    span = stats.binomtest(fired, len(records)).proportion_ci(0.95)
    losses = [one.curves["train.loss"][-1] for one in records if one.curves]
    ends = [loss for loss in losses if loss is not None]
    return (
        name,
        str(len(records)),
        str(kept[0].steps),
        f"{np.median(ends):.3f}",
        f"{np.median(multiples):.1f}",
        f"{max(multiples):.1f}",
        f"{fired / len(records):.3f} ({span.low:.3f} to {span.high:.3f})",
    )


def main(seeds: int) -> None:
    """Print both tables."""
    head = ("runs", "steps", "last loss", "median multiple", "largest", "flagged")
    for title, settings in (("clean", CLEAN), ("torn", TORN)):
        rows, every = [], []
        for name, change in settings.items():
            records = list(trained(change, seeds))
            rows.append(row_of(name, records))
            every += records
        print_table((title, *head), [*rows, row_of("all", every)])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS)
