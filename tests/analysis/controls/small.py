"""A small study that is trained for real, in this process, with all its controls."""

import json
from typing import Any

from reportgen.analysis.control import control_arms
from reportgen.analysis.evidence.results import Results
from reportgen.records import Array, BundledRun
from reportgen.spec.model import StudySpec
from reportgen.spec.plan import merge_change, plan_study
from reportgen.training.runner import train_run

PARTS = "tests.analysis.controls.parts"
DATA: dict[str, Any] = {
    "rows": {"train": 128, "dev": 64, "test": 200},
    "length": 8,
    "seed": 11,
}
TEST_ROWS = (200, 600)  # the second where labels are noisy
LSTM: dict[str, Any] = {
    "data": {"params": {"length": 6}},
    "model": {
        "use": "lstm",
        "params": {"embedding_dim": 8, "hidden_dim": 16, "layers": 1},
    },
    "training": {"epochs": 30, "optimizer": {"params": {"lr": 0.02}}},
}
NOISY: dict[str, Any] = {
    "data": {
        "params": {
            "rows": {"train": 256, "test": TEST_ROWS[1]},
            "label_noise": 0.2,
        }
    }
}
# The studies that bugs are planted in, as changes of the one below.
STUDIES: dict[str, dict[str, Any]] = {
    "perceptron": {},
    "LSTM": LSTM,
    "LSTM, noisy labels": {**LSTM, "data": merge_change(LSTM["data"], NOISY["data"])},
}
SPEC: dict[str, Any] = {
    "study": "small",
    "question": "Does dropping units out help?",
    "data": {"use": "spr", "params": {**DATA, "rule": ["count(▲) >= 2"]}},
    "model": {"use": f"{PARTS}:Perceptron"},
    "training": {
        "epochs": 20,
        "batch_size": 32,
        "optimizer": {"use": "torch.optim:Adam", "params": {"lr": 0.01}},
        "select": {"metric": "dev.loss", "rule": "best"},
    },
    "metrics": ["accuracy", "loss"],
    "seeds": [0],
    "variants": {
        "dropout": {
            "why": "Noise should hold overfitting back.",
            "change": {"model": {"params": {"dropout": 0.3}}},
        }
    },
    "claims": {
        "dropout-helps": {
            "says": "dropout improves test.accuracy over baseline",
            "margin": 0.02,
            "why_expected": {"text": "It regularises."},
        }
    },
    "analysis": {},
    "controls": "default",
    "report": {
        "title": "Small",
        "authors": [{"name": "Ada Example"}],
        "abstract": "Quick.",
        "sections": [{"use": "results"}],
    },
}


def small_study(change: dict[str, Any] | None = None) -> StudySpec:
    """The small study with nested changes laid over."""
    return StudySpec.model_validate_json(json.dumps(merge_change(SPEC, change or {})))


def lone_study(change: dict[str, Any] | None = None, *controls: str) -> StudySpec:
    """The small study without variants and claims; with all controls if none named."""
    alone: dict[str, Any] = {"variants": {}, "claims": {}}
    if controls:
        alone["controls"] = controls
    return small_study(change).model_copy(update=alone)


def trained(study: StudySpec) -> Results:
    """Train every run of a study, controls included."""
    cells = plan_study(study, control_arms(study)).cells
    runs: list[BundledRun] = []
    arrays: dict[str, Array] = {}
    for cell in cells:
        record, found = train_run(cell.config)
        runs.append(BundledRun(variant=cell.variant, seed=cell.seed, record=record))
        arrays.update(found)
    return Results(study, cells, tuple(runs), arrays)
