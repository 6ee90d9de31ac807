"""Ablations broken in every way we could think of, each caught; sound ones never are.

The ids are the matrix: what is broken, and the check that says so.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from torch import Tensor, nn

from reportgen.errors import SettingError
from reportgen.records import CheckRow
from reportgen.spec.model import FreezeSpec, RunConfig
from reportgen.training import loop
from reportgen.training.prepare import prepare
from reportgen.training.promises import measure_promises
from reportgen.training.runner import train_run
from reportgen.training.setup import hold_still

Configure = Callable[..., RunConfig]
Change = dict[str, Any]
ROWS = {"train": 240, "dev": 200, "test": 400}
RULE = ["count(▲) >= 3", "colour(4) in {r, g}", "first(▲) < first(●)"]
DATA: Change = {"params": {"rows": ROWS, "length": 12, "rule": RULE}}


@pytest.fixture(autouse=True)
def broken_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


@pytest.fixture
def checks(configure: Configure) -> Callable[..., tuple[CheckRow, ...]]:
    """`checks(change)`: what one short run measures."""

    def run(change: Change, *, seed: int = 0) -> tuple[CheckRow, ...]:
        training = {"epochs": 2, **change.pop("training", {})}
        data = {**DATA, **change.pop("data", {})}
        config = configure({"data": data, "training": training, **change}, seed=seed)
        record, _ = train_run(config)
        assert record.status == "completed", record.failure
        return record.checks

    return run


def failed(rows: tuple[CheckRow, ...]) -> set[str]:
    return {one.check for one in rows if one.passed is False}


def transform(name: str, **params: Any) -> Change:
    return {"data": {"transforms": [{"use": name, "params": params}]}}


def shift(name: str, **params: Any) -> Change:
    return {"data": {"shifts": {"other": {"use": name, "params": params}}}}


def many(change: Change, **params: Any) -> Change:
    """The same on more test rows, where chance hides less."""
    rows = {**ROWS, "test": 2_000}
    params = {**DATA["params"], "rows": rows, **params}
    return {"data": {"params": params, **change["data"]}}


def mine(name: str) -> str:
    return f"broken_steps:{name}"


def part(name: str) -> str:
    return f"broken_parts:{name}"


SHAPE = {"channel": "shape"}
MORE = {"weights": {"■": 4.0}}
JOINT = {"scheme": "joint"}
STEPS: dict[str, tuple[Change, str]] = {
    "hide leaves one symbol": (
        transform(mine("HidesButOneSymbol"), **SHAPE),
        "channel_hidden",
    ),
    "hide hides another channel": (
        transform(mine("HidesAnother"), **SHAPE),
        "channel_hidden",
    ),
    "hide reaches into another channel": (
        transform(mine("HidesMore"), **SHAPE),
        "channels_kept",
    ),
    "hide misses splits": (
        transform(mine("HidesInTrainOnly"), **SHAPE),
        "channel_hidden",
    ),
    "what was hidden is brought back by a later step": (
        {
            "data": {
                "transforms": [
                    {"use": mine("HidesAndRemembers"), "params": SHAPE},
                    {"use": mine("BringsBack"), "params": {"scheme": "factored"}},
                ]
            }
        },
        "channel_hidden",
    ),
    "a later step writes one hidden symbol elsewhere": (
        {
            "data": {
                "transforms": [
                    {"use": mine("HidesAndRemembers"), "params": SHAPE},
                    {"use": mine("WritesOnePlace"), "params": {"scheme": "factored"}},
                ]
            }
        },
        "channel_hidden",
    ),
    "shuffle does nothing": (transform(mine("ShufflesNothing")), "order_lost"),
    "shuffle keeps the first token": (
        transform(mine("ShufflesAllButFirst")),
        "order_lost",
    ),
    "shuffle gives all rows one order": (
        transform(mine("ShufflesAllAlike")),
        "order_lost",
    ),
    "shuffle only turns rows": (transform(mine("Turns")), "order_lost"),
    "shuffle misses splits": (transform(mine("ShufflesTrainOnly")), "order_lost"),
    "shuffle loses a token": (transform(mine("ShufflesAndLosesOne")), "tokens_kept"),
    "shuffle leaks the label": (transform(mine("ShufflesByLabel")), "labels_unseen"),
    "inputs go to other labels": (transform(mine("ShufflesRows")), "tokens_kept"),
    "labels go to other inputs": (transform(mine("MovesLabelsAlong")), "tokens_kept"),
    "copies are fewer": (shift(mine("CopiesAlike"), copies=3), "shape_kept"),
    "tokens share a code": (
        transform(mine("MergesTokens"), **JOINT),
        "code_reversible",
    ),
    "joint tokens are not joined": (
        transform(mine("RecodesNothing"), **JOINT),
        "code_reversible",
    ),
    "split tokens are not split": (
        transform(mine("RecodesNothing"), scheme="split"),
        "code_reversible",
    ),
    "factored tokens are joined": (
        transform(mine("JoinsAnyway"), scheme="factored"),
        "code_reversible",
    ),
    "a recoding of one's own does nothing": (
        transform(mine("SpellsNothing")),
        "code_reversible",
    ),
    "each set has its own code": (
        transform(mine("CodesEachSetAnew"), **JOINT),
        "code_reversible",
    ),
    "shift does nothing": (
        shift("reweight_symbols", weights={"■": 1.0}),
        "symbols_moved",
    ),
    "shift moves another symbol": (
        shift(mine("MovesAnother"), **MORE),
        "symbols_moved",
    ),
    "shift flips labels": (shift(mine("FlipsLabels"), **MORE), "labels_by_rule"),
    "shift changes class shares": (
        shift(mine("UnbalancesLabels"), **MORE),
        "classes_kept",
    ),
    "shift changes colours too": (shift(mine("PaintsRed"), **MORE), "composition_kept"),
    "shift moves a symbol of the same channel": (
        shift(mine("MovesSibling"), **MORE),
        "others_kept",
    ),
    "shift sorts rows too": (shift(mine("ReweightsAndSorts"), **MORE), "others_kept"),
    "shift ties colours to a shape": (
        many(shift(mine("ReweightsAndPairs"), **MORE)),
        "others_kept",
    ),
    "shift flips labels of some rows only": (
        many(shift(mine("FlipsTheRed"), weights={"■": 2.0}), label_noise=0.2),
        "others_kept",
    ),
    "shift writes the label into the rows": (
        shift(mine("PaintsLabels"), **MORE),
        "others_kept",
    ),
    "blocks break tokens up": (
        shift(mine("SortsChannelsApart"), size=3),
        "composition_kept",
    ),
    "blocks are sorted across": (shift(mine("SortsAll"), size=3), "composition_kept"),
    "labels stay in half of the rows": (
        transform(mine("ShufflesHalfTheLabels")),
        "labels_lost",
    ),
    "other rows are kept": (transform(mine("KeepsTheLastRows"), rows=100), "rows_cut"),
}


@pytest.mark.parametrize(
    ("change", "check"),
    [
        pytest.param(change, check, id=f"{what} > {check}")
        for what, (change, check) in STEPS.items()
    ],
)
def test_broken_step_is_caught(
    configure: Configure, change: Change, check: str
) -> None:
    prepared = prepare(configure({"data": {**DATA, **change["data"]}}).data)
    fed = {name: split.inputs for name, split in prepared.sets.items()}
    assert check in failed(measure_promises(prepared, fed))


def test_shift_of_another_length_is_refused(configure: Configure) -> None:
    with pytest.raises(SettingError, match="other and train are encoded differently"):
        train_run(configure(shift(mine("Lengthens"), **MORE)))


def freeze(epochs: int | str) -> Change:
    return {"training": {"freeze": [{"parameters": "embedding.*", "epochs": epochs}]}}


LOOP: dict[str, tuple[Change, str]] = {
    "weights decay while frozen": (
        {
            "training": {
                "optimizer": {"use": part("DecaysAll"), "params": {"lr": 0.1}},
                **freeze("all")["training"],
            }
        },
        "frozen_still",
    ),
    "optimiser never steps": (
        {"training": {"optimizer": {"use": part("Rests"), "params": {"lr": 0.1}}}},
        "free_move",
    ),
    "dropout is never active": (
        {"model": {"use": part("Small"), "params": {"how": "never"}}},
        "dropout_active",
    ),
    "dropout is active in evaluation": (
        {"model": {"use": part("Small"), "params": {"how": "always"}}},
        "evaluation_steady",
    ),
    "answers depend on the batch": (
        {"model": {"use": part("Small"), "params": {"how": "batch"}}},
        "evaluation_steady",
    ),
    "training runs in evaluation mode": (
        {"model": {"use": part("Small"), "params": {"how": "asleep"}}},
        "fed_as_prepared",
    ),
}


@pytest.mark.parametrize(
    ("change", "check"),
    [
        pytest.param(change, check, id=f"{what} > {check}")
        for what, (change, check) in LOOP.items()
    ],
)
def test_broken_loop_is_caught(
    checks: Callable[..., tuple[CheckRow, ...]], change: Change, check: str
) -> None:
    assert check in failed(checks(dict(change)))


@pytest.mark.parametrize(
    ("shifted", "check"), [(1, "frozen_still"), (-1, "frozen_freed")]
)
def test_freezing_for_other_epochs_is_caught(
    checks: Callable[..., tuple[CheckRow, ...]],
    monkeypatch: pytest.MonkeyPatch,
    shifted: int,
    check: str,
) -> None:
    def late(model: nn.Module, specs: tuple[FreezeSpec, ...], epoch: int) -> None:
        hold_still(model, specs, max(1, epoch + shifted))

    monkeypatch.setattr(loop, "hold_still", late)
    assert failed(checks(freeze(1))) == {check}


def test_batches_of_other_rows_are_caught(
    checks: Callable[..., tuple[CheckRow, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stuck(model: nn.Module, inputs: Tensor, _: str) -> Tensor:
        logits: Tensor = model(inputs[:1].expand(inputs.shape))
        return logits

    monkeypatch.setattr(loop, "forward", stuck)
    assert failed(checks({})) == {"fed_as_prepared"}


SOUND: list[Change] = [
    transform("hide_channel", channel="shape"),
    transform("hide_channel", channel="colour"),
    transform("shuffle_tokens"),
    transform("shuffle_labels"),
    transform("keep_rows", rows=120),
    transform("reweight_symbols", weights={"■": 4.0}),
    transform("reweight_symbols", weights={"▲": 2.0, "r": 3.0}),
    transform("reweight_symbols", weights={"◆": 0.0}),
    transform("sort_blocks", size=3),
    transform("sort_blocks", size=5),
    *(transform("tokenize", scheme=one) for one in ("joint", "factored", "split")),
    shift("shuffle_tokens", copies=5),
    shift("sort_blocks", size=4),
    shift("reweight_symbols", weights={"●": 3.0}),
    shift("reweight_symbols", weights={"▲": 0.5, "b": 2.0}),
    {
        "data": {
            "transforms": [
                {"use": "reweight_symbols", "params": MORE, "splits": ["dev"]},
                {"use": "hide_channel", "params": {"channel": "colour"}},
                {"use": "shuffle_tokens"},
                {"use": "tokenize", "params": {"scheme": "split"}},
            ],
        }
    },
    freeze("all"),
    freeze(1),
    {"model": {"use": part("Small"), "params": {"how": "fine"}}},
    {"model": {"use": "lstm", "params": {"dropout": 0.3, "hidden_dim": 8}}},
    {"model": {"use": "transformer", "params": {"dropout": 0.1}}},
    {"training": {"precision": "bfloat16"}},
]


@pytest.mark.parametrize("number", range(len(SOUND)))
def test_sound_step_raises_no_alarm(
    checks: Callable[..., tuple[CheckRow, ...]], number: int
) -> None:
    change: Change = {key: dict(value) for key, value in SOUND[number].items()}
    data = {**change.pop("data", {})}
    data["params"] = {**DATA["params"], "seed": 100 + number}
    rows = checks({**change, "data": data}, seed=number)
    assert not failed(rows)
    assert {one.check for one in rows if one.passed is None} == set()
