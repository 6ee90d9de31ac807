"""Every argument of every built-in part is captured, and altering it alters the run."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from reportgen.records import RunRecord
from reportgen.spec.model import RunConfig
from reportgen.training.components import load_target
from reportgen.training.data import DataInfo
from reportgen.training.datasets import DATASETS
from reportgen.training.models import MODELS
from reportgen.training.runner import train_run
from reportgen.training.transforms import TRANSFORMS

pytestmark = pytest.mark.slow

Configure = Callable[..., RunConfig]
Settings = dict[str, Any]
SPR: Settings = {
    "rows": {"train": 60, "dev": 30, "test": 40},
    "length": 6,
    "rule": ["count(▲) >= 2"],
}
WIDTHS: Settings = {"embedding_dim": 12, "hidden_dim": 12, "dropout": 0.4}
# Part -> what it is usually given, and another value of every argument.
PARTS: dict[str, tuple[Settings, Settings]] = {
    "spr": (
        SPR,
        {
            "rows": {"train": 40, "dev": 30, "test": 40},
            "length": 7,
            "rule": ["count(●) >= 2"],
            "seed": 5,
            "weights": {"■": 2.0},
            "label_noise": 0.2,
        },
    ),
    "hide_channel": ({"channel": "shape"}, {"channel": "colour"}),
    "shuffle_tokens": ({}, {"copies": 2}),
    "reweight_symbols": ({"weights": {"▲": 2.0}}, {"weights": {"■": 2.0}}),
    "sort_blocks": ({"size": 2}, {"size": 3}),
    "tokenize": ({"scheme": "joint"}, {"scheme": "split"}),
    "shuffle_labels": ({}, {}),
    "keep_rows": ({"rows": 20}, {"rows": 24, "or_all": True}),
    "repeat_rows": ({"rows": 20, "times": 2}, {"rows": 24, "times": 3}),
    "blank_tokens": ({}, {}),
    "lstm": ({}, {**WIDTHS, "layers": 1, "bidirectional": True}),
    "gru": ({}, {**WIDTHS, "layers": 1, "bidirectional": True}),
    "bag_of_tokens": ({}, WIDTHS),
    "transformer": ({}, {**WIDTHS, "layers": 1, "heads": 2}),
}
STILL = {("keep_rows", "or_all"): "every split has as many rows as are kept"}
ALTERED = [(part, name) for part, (_, others) in PARTS.items() for name in others]


def change_for(part: str, params: Settings) -> Settings:
    """The small run with one part of it put in."""
    if part in DATASETS:
        return {"data": {"use": part, "params": params}}
    if part in MODELS:
        return {"model": {"use": part, "params": params}}
    return {"data": {"transforms": [{"use": part, "params": params}]}}


def place_of(part: str) -> str:
    return (
        "data"
        if part in DATASETS
        else "model"
        if part in MODELS
        else "data.transforms[0]"
    )


def test_every_argument_of_every_part_is_altered() -> None:
    catalogue = {**DATASETS, **TRANSFORMS, **MODELS}
    assert set(PARTS) == set(catalogue)
    for part, target in catalogue.items():
        signature = inspect.signature(load_target(target), eval_str=True)
        taken = {
            one.name
            for one in signature.parameters.values()
            if one.annotation is not DataInfo
        }
        assert taken == set(PARTS[part][1]), part


@pytest.fixture(scope="module")
def usual() -> dict[str, RunRecord]:
    """Runs before they are altered, by part."""
    return {}


@pytest.mark.parametrize(("part", "name"), ALTERED)
def test_altered_argument_alters_row_key_and_result(
    configure: Configure, usual: dict[str, RunRecord], part: str, name: str
) -> None:
    def train(params: Settings) -> RunRecord:
        change = change_for(part, params)
        return train_run(configure({**change, "training": {"epochs": 1}}))[0]

    given, others = PARTS[part]
    if part not in usual:
        usual[part] = train(given)
    before, after = usual[part], train({**given, name: others[name]})
    path = f"{place_of(part)}.{name}"
    rows, altered = (
        {row.path: row.value for row in one.capture} for one in (before, after)
    )
    assert rows[path] != altered[path]
    assert before.run != after.run
    assert (before.result == after.result) == ((part, name) in STILL)
    assert before.status == after.status == "completed"
