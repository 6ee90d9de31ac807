"""A real study that trains in seconds, and what tests of execution share."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reportgen.project import Project
from reportgen.spec.model import StudySpec

SETTINGS: dict[str, Any] = {
    "study": "tiny",
    "question": "Does it run?",
    "data": {
        "use": "spr",
        "params": {
            "rows": {"train": 32, "dev": 16, "test": 16},
            "length": 6,
            "seed": 3,
            "rule": ["first(▲) < first(●)"],
        },
    },
    "model": {
        "use": "lstm",
        "params": {"embedding_dim": 4, "hidden_dim": 4, "layers": 1},
    },
    "training": {
        "epochs": 2,
        "batch_size": 16,
        "optimizer": {"use": "torch.optim:Adam", "params": {"lr": 0.01}},
        "select": {"metric": "dev.loss", "rule": "best"},
    },
    "metrics": ["accuracy", "loss"],
    "seeds": 2,
    "variants": {
        "wide": {
            "why": "More room.",
            "change": {"model": {"params": {"hidden_dim": 6}}},
        }
    },
    "claims": {
        "wider-is-better": {
            "says": "wide improves test.accuracy over baseline",
            "margin": 0.1,
            "why_expected": {"text": "More room."},
        }
    },
    "controls": [],
    "report": {
        "title": "Tiny",
        "authors": [{"name": "A. Author"}],
        "abstract": "It runs.",
        "sections": [{"use": "introduction"}],
    },
}

Make = Callable[..., StudySpec]


@pytest.fixture
def make_study() -> Make:
    """`make_study(seeds=3)`: the tiny study with other top-level settings."""

    def make(**changes: Any) -> StudySpec:
        return StudySpec.model_validate_json(json.dumps({**SETTINGS, **changes}))

    return make


@pytest.fixture
def place(tmp_path: Path) -> Project:
    """An empty project."""
    (tmp_path / "project" / "specs").mkdir(parents=True)
    return Project(tmp_path / "project")
