from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.errors import SettingError
from reportgen.spec.model import RunConfig
from reportgen.training.prepare import prepare

Configure = Callable[..., RunConfig]
SHIFTS = {
    "composition": {"use": "reweight_symbols", "params": {"weights": {"▲": 3.0}}},
    "ordering": {"use": "sort_blocks", "params": {"size": 3}},
}


def step(use: str, splits: list[str] | None = None, **params: Any) -> dict[str, Any]:
    return {"use": use, "params": params, "splits": splits}


def test_sets_come_in_order_and_shifts_from_the_raw_test_split(
    configure: Configure,
) -> None:
    hidden = [step("hide_channel", channel="shape")]
    plain = prepare(configure({"data": {"shifts": SHIFTS}}).data)
    both = prepare(configure({"data": {"shifts": SHIFTS, "transforms": hidden}}).data)
    assert list(plain.sets) == ["train", "dev", "test", "composition", "ordering"]
    for name in plain.sets:
        assert np.array_equal(both.sets[name].labels, plain.sets[name].labels)
        assert not both.sets[name].inputs[:, :, 0].any()
        before, after = plain.sets[name].inputs, both.sets[name].inputs
        assert np.array_equal(before[:, :, 1], after[:, :, 1])
    assert both.info.vocabularies == (1, 4)
    assert plain.info.vocabularies == (4, 4)
    assert (plain.info.length, plain.info.classes) == (6, 2)


def test_transform_touches_the_splits_it_names(configure: Configure) -> None:
    plain = prepare(configure().data)
    transforms = [step("shuffle_labels", ["train"])]
    changed = prepare(configure({"data": {"transforms": transforms}}).data)
    same = {
        name: np.array_equal(plain.sets[name].labels, changed.sets[name].labels)
        for name in plain.sets
    }
    assert same == {"train": False, "dev": True, "test": True}


def test_each_split_and_step_has_numbers_of_its_own(
    configure: Configure, letters: str
) -> None:
    noise = letters.replace(":make", ":Noise")
    change = {"use": letters, "transforms": [step(noise), step(noise)]}
    sets = prepare(configure({"data": change}).data).sets
    drawn = {int(split.inputs[0, 0, 0]) for split in sets.values()}
    for split in sets.values():
        drawn.add(int(split.columns["first"][0]))
    assert len(drawn) == 6


def test_run_seed_does_not_move_the_data(configure: Configure) -> None:
    change = {"data": {"transforms": [step("shuffle_tokens")], "shifts": SHIFTS}}
    one, other = (prepare(configure(change, seed=seed).data) for seed in (0, 1))
    assert one.digest == other.digest


@pytest.mark.parametrize(
    "change",
    [
        {"params": {"seed": 4}},
        {"params": {"label_noise": 0.1}},
        {"transforms": [step("shuffle_tokens")]},
        {"transforms": [step("hide_channel", channel="colour")]},
        {"shifts": {"ordering": SHIFTS["ordering"]}},
    ],
)
def test_digest_sees_every_change(configure: Configure, change: dict[str, Any]) -> None:
    assert (
        prepare(configure({"data": change}).data).digest
        != prepare(configure().data).digest
    )


def test_rows_shared_by_runs_cannot_be_written_to(configure: Configure) -> None:
    train = prepare(configure().data).sets["train"]
    with pytest.raises(ValueError, match="read-only"):
        train.inputs[0, 0, 0] = 1


@pytest.mark.parametrize(
    ("change", "path", "what"),
    [
        ({"params": {"rule": ["count(▲) >> 1"]}}, "data.params.rule[0]", "cannot read"),
        (
            {"params": {"rule": ["count(▲) >= 6", "count(r) >= 6"]}},
            "data.params",
            "too rare",
        ),
        ({"use": "sprr", "params": {}}, "data.use", "there is no dataset 'sprr'"),
        (
            {"transforms": [step("hide_channel", channel="form")]},
            "data.transforms[0].params.channel",
            "no channel 'form'",
        ),
        (
            {"transforms": [step("hide_channel", ["tset"], channel="shape")]},
            "data.transforms[0].splits[0]",
            "no split 'tset'",
        ),
        (
            {"transforms": [step("hide_channel", ["test"], channel="shape")]},
            "data.transforms",
            "test and train are encoded differently",
        ),
        (
            {"transforms": [step("shuffle_tokens"), step("sort_blocks", size=2)]},
            "data.transforms[1]",
            "would undo earlier transforms",
        ),
        (
            {"shifts": SHIFTS, "transforms": [step("sort_blocks", size=2)]},
            "data.transforms[0]",
            "would undo the shift of composition, ordering",
        ),
        (
            {"shifts": {"test": SHIFTS["ordering"]}},
            "data.shifts.test",
            "already a split",
        ),
        (
            {"shifts": {"x": step("reweight_symbols", weights={"△": 2.0})}},
            "data.shifts.x.params.weights.△",
            "there is no symbol '△'",
        ),
        (
            {"transforms": [step("fractions:Fraction")]},
            "data.transforms[0].use",
            "does not declare `changes`",
        ),
        ({"use": "fractions:Fraction", "params": {}}, "data.use", "returns no Dataset"),
    ],
)
def test_bad_data_is_refused_with_its_place(
    configure: Configure, change: dict[str, Any], path: str, what: str
) -> None:
    for unwritten in change.get("shifts", {}).values():
        unwritten.pop("splits", None)
    with pytest.raises(SettingError, match=what) as caught:
        prepare(configure({"data": change}).data)
    assert caught.value.path == path
    assert caught.value.fix


DATASET = '''
from dataclasses import dataclass
from typing import ClassVar
import numpy as np
from reportgen.training.checks.labels_kept import LabelsKept
from reportgen.training.checks.nothing import Nothing
from reportgen.training.data import Channel, Dataset, Split

@dataclass(frozen=True)
class Noise:
    """Puts one large random code everywhere, and keeps the one before in a column."""

    changes: ClassVar = (Nothing(because="no check asks for noise"),)
    keeps: ClassVar = (LabelsKept(),)
    redraws: ClassVar = False

    def __call__(self, split, *, source, rng):
        """Overwrite the inputs."""
        inputs = np.full_like(split.inputs, rng.integers(0, 999))
        letters = Channel("letter", tuple(map(str, range(999))))
        before = {"first": split.inputs[:, 0, 0]}
        return Split(inputs, split.labels, (letters,), columns=before)

def make(*, rows: int = 8, fault: str = "", seed: int = 0) -> Dataset:
    """A tiny dataset, with a fault when asked."""
    rng = np.random.default_rng(seed)
    def split(n):
        inputs = rng.integers(0, 3, (n, 4, 1))
        labels = rng.integers(0, 2, n)
        if fault == "floats":
            inputs = inputs.astype(float)
        if fault == "codes":
            inputs[0, 0, 0] = 3
        if fault == "labels":
            labels[0] = 2
        if fault == "shape":
            labels = labels[:-1]
        return Split(inputs, labels, (Channel("letter", ("a", "b", "c")),))
    if fault == "raises":
        raise FileNotFoundError("letters.csv")
    names = ("train", "dev") if fault == "splits" else ("train", "dev", "test")
    return Dataset({name: split(rows) for name in names}, classes=2)
'''


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "letters_for_prepare.py").write_text(DATASET, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    return "letters_for_prepare:make"


def test_users_dataset_needs_no_base_class(configure: Configure, letters: str) -> None:
    prepared = prepare(configure({"data": {"use": letters}}).data)
    assert prepared.info.channels == ("letter",)
    assert prepared.dataset.arguments == {"rows": 8, "fault": "", "seed": 0}


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        ("floats", "train holds float64 inputs and int64 labels"),
        ("codes", "train has codes outside its channels' symbols"),
        ("labels", "train has labels outside 0 to 1"),
        ("shape", r"train has inputs \(8, 4, 1\) and labels \(7,\)"),
        ("raises", "raised FileNotFoundError: letters.csv"),
        ("splits", "the dataset has no test split"),
    ],
)
def test_faulty_dataset_is_refused(
    configure: Configure, letters: str, fault: str, what: str
) -> None:
    change = {"data": {"use": letters, "params": {"fault": fault}}}
    with pytest.raises(SettingError, match=what) as caught:
        prepare(configure(change).data)
    assert caught.value.path.startswith("data")
