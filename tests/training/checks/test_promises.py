"""What a transform must declare, and what is said where it cannot be measured."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.errors import SettingError
from reportgen.records import CheckRow
from reportgen.spec.model import RunConfig
from reportgen.training.checks import CHECKS
from reportgen.training.checks.channel_hidden import ChannelHidden
from reportgen.training.checks.others_kept import OthersKept
from reportgen.training.components import load_target
from reportgen.training.data import Channel, Split
from reportgen.training.invariant import Change, Measured, in_every_set
from reportgen.training.prepare import prepare
from reportgen.training.promises import measure_promises
from reportgen.training.runner import check_run, train_run
from reportgen.training.transforms.hide_channel import HideChannel

Configure = Callable[..., RunConfig]

CODE = '''
"""Transforms that promise too little, or what cannot be measured."""

from dataclasses import dataclass
from typing import ClassVar

from reportgen.training.checks.channel_hidden import ChannelHidden
from reportgen.training.checks.labels_kept import LabelsKept
from reportgen.training.checks.nothing import Nothing
from reportgen.training.invariant import Measured

REST = (Nothing(because="it is a test"),)


@dataclass(frozen=True)
class Base:
    """It does nothing."""

    redraws: ClassVar = False

    def __call__(self, split, *, source, rng):
        """Give the split back."""
        return split


class Silent(Base):
    """It promises nothing."""

    changes = keeps = REST


class Forgetful(Base):
    """It says what it changes only."""

    changes = (LabelsKept(),)


class Careless(Base):
    """It leaves one side empty."""

    changes = ()
    keeps = (LabelsKept(),)


class Single(Base):
    """It forgets a comma."""

    changes = LabelsKept()
    keeps = REST


class Reasonless(Base):
    """It gives no reason."""

    keeps = (LabelsKept(),)

    @property
    def changes(self):
        """Nothing, for no reason."""
        return (Nothing(because=" "),)


class Wordy(Base):
    """It promises in words."""

    changes = REST
    keeps = ("the labels",)


class Lost(Base):
    """It promises about a channel that is not there."""

    changes = (ChannelHidden("form"),)
    keeps = REST


class Odd:
    """It breaks, or answers with a number."""

    says = "it is odd"

    def __init__(self, how):
        self.name = self.how = how

    def measure(self, changes):
        """Break or answer."""
        return 1 if self.how == "number" else changes[9]


class Raises(Base):
    """Its promise breaks when measured."""

    changes = REST
    keeps = (Odd("raises"),)


class Answers(Base):
    """Its promise is measured as a number."""

    changes = REST
    keeps = (Odd("number"),)


class Cannot(Base):
    """Its promise cannot be measured on these rows."""

    class Never:
        """It never can."""

        name = "never"
        says = "something nobody can see"

        def measure(self, changes):
            """Nothing."""
            return Measured(None, "nobody can see it")

    changes = REST
    keeps = (Never(),)
'''


@pytest.fixture
def users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "promising.py").write_text(CODE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    return "promising"


def with_step(configure: Configure, use: str) -> RunConfig:
    return configure({"data": {"transforms": [{"use": use}]}})


@pytest.mark.parametrize(
    ("name", "what", "fix"),
    [
        ("Silent", "is without declared invariants", "say in the class what it moves"),
        ("Forgetful", "does not declare `keeps`", "say in the class what it leaves"),
        ("Careless", "declares nothing in `changes`", "say in the class what it moves"),
        ("Wordy", "'the labels', declared by .* cannot be evaluated", "declare values"),
        ("Lost", "cannot be evaluated: .*no channel 'form'", "use one of shape"),
        (
            "Raises",
            "cannot be evaluated: it raised IndexError",
            "mend what it declares",
        ),
        ("Answers", "cannot be evaluated: it gave int", "mend what it declares"),
    ],
)
def test_promise_that_cannot_be_evaluated_is_refused_before_any_run(
    configure: Configure, users: str, name: str, what: str, fix: str
) -> None:
    config = with_step(configure, f"{users}:{name}")
    for function in (check_run, train_run):
        with pytest.raises(SettingError, match=what) as caught:
            function(config)
        assert caught.value.path == "data.transforms[0].use"
        assert caught.value.fix.startswith(fix)


def test_fix_of_an_empty_side_can_be_pasted(configure: Configure, users: str) -> None:
    with pytest.raises(SettingError) as caught:
        check_run(with_step(configure, f"{users}:Forgetful"))
    assert caught.value.what == (
        "the transform 'promising:Forgetful' does not declare `keeps`"
    )
    first, *lines = caught.value.fix.splitlines()
    assert (
        first
        == "say in the class what it leaves alone, or why it leaves nothing alone:"
    )
    assert len(lines) == 3
    scope: dict[str, Any] = {}
    exec("\n".join(line.strip().removeprefix("# ") for line in lines), scope)  # noqa: S102
    assert [one.name for one in scope["keeps"]] == ["nothing"]


@pytest.mark.parametrize(
    ("name", "what", "fix"),
    [
        ("Single", "raised TypeError", "mend the data"),
        ("Reasonless", "without a reason", r"say why"),
    ],
)
def test_side_that_cannot_be_read_is_refused(
    configure: Configure, users: str, name: str, what: str, fix: str
) -> None:
    with pytest.raises(SettingError, match=what) as caught:
        check_run(with_step(configure, f"{users}:{name}"))
    assert caught.value.path.startswith("data.transforms[0]")
    assert caught.value.fix.startswith(fix)


def test_what_cannot_be_measured_is_never_passed(
    configure: Configure, users: str
) -> None:
    record, _ = train_run(with_step(configure, f"{users}:Cannot"))
    (found,) = (one for one in record.checks if one.check == "never")
    assert found.passed is None
    assert found.observed == "nobody can see it"
    (empty,) = (one for one in record.checks if one.check == "nothing")
    assert (empty.passed, empty.says) == (None, "nothing is promised: it is a test")
    assert found.sets == ("train", "dev", "test")


def test_one_bad_set_fails_all_and_one_unmeasured_leaves_all_open() -> None:
    seen: dict[str, bool | None] = {"train": True, "dev": None, "test": True}

    def measure(change: Change) -> Measured:
        return Measured(seen[change.name], f"saw {change.name}")

    changes = [_named(name) for name in seen]
    assert in_every_set(changes, measure) == Measured(None, "dev: saw dev")
    seen["test"] = False
    assert in_every_set(changes, measure) == Measured(False, "test: saw test")
    seen.update(dev=True, test=True)
    assert in_every_set(changes, measure).passed is True
    seen.update(train=False, dev=False, test=False)
    told = in_every_set(changes, measure).observed
    assert told == "train: saw train; dev: saw dev; and 1 more set"


def _named(name: str) -> Change:
    change: Change = object.__new__(Change)
    object.__setattr__(change, "name", name)
    return change


def test_rows_are_followed_through_later_steps(configure: Configure) -> None:
    steps = [
        {"use": "hide_channel", "params": {"channel": "shape"}},
        {"use": "keep_rows", "params": {"rows": 30}},
        {"use": "shuffle_tokens", "params": {"copies": 3}},
    ]
    prepared = prepare(configure({"data": {"transforms": steps}}).data)
    assert prepared.sets["train"].inputs.shape == (90, 6, 2)
    first, cut, copied = prepared.steps
    wanted = (np.arange(60), np.arange(30), np.tile(np.arange(30), 3))
    for step, rows in zip((first, cut, copied), wanted, strict=True):
        followed = step.moves["train"].rows
        assert followed is not None
        assert np.array_equal(followed, rows)
    found = measure_promises(prepared, {n: s.inputs for n, s in prepared.sets.items()})
    assert {one.passed for one in found} == {True}
    (hidden,) = (one for one in found if one.check == "channel_hidden")
    assert "0 bits" in hidden.observed


def test_fed_rows_differ_from_prepared_ones_are_probed(configure: Configure) -> None:
    """The probe reads what is fed, not what the step gave back."""
    rows = {"rows": {"train": 400, "dev": 30, "test": 40}}
    hide = [{"use": "hide_channel", "params": {"channel": "shape"}}]
    prepared = prepare(configure({"data": {"params": rows, "transforms": hide}}).data)
    raw = prepared.steps[0].moves["train"].before.inputs
    fed = {name: one.inputs for name, one in prepared.sets.items()}
    (sound, *_) = measure_promises(prepared, fed)
    (leaky, *_) = measure_promises(prepared, {**fed, "train": raw})
    assert (sound.check, sound.passed, leaky.passed) == ("channel_hidden", True, False)


def measured(configure: Configure, data: dict[str, Any]) -> dict[str, CheckRow]:
    prepared = prepare(configure({"data": data}).data)
    fed = {name: split.inputs for name, split in prepared.sets.items()}
    return {one.check: one for one in measure_promises(prepared, fed)}


def test_probe_is_told_against_chance(configure: Configure) -> None:
    rows = {"train": 400, "dev": 80, "test": 80}
    hide = [{"use": "hide_channel", "params": {"channel": "shape"}}]
    found = measured(configure, {"params": {"rows": rows}, "transforms": hide})
    told = found["channel_hidden"]
    assert told.passed is True
    assert re.search(
        r"mutual information with anything is 0 bits; of \d+ questions a probe answers "
        r"0 beyond chance: at best 0\.\d+ are right, 0\.\d+ by the more frequent "
        r"answer \(p = [\d.]+\)",
        told.observed,
    )


def test_what_the_other_channel_may_tell_is_no_leak() -> None:
    """Channels that hang together as drawn: what is left tells of what is hidden."""
    rng = np.random.default_rng(4)
    codes = rng.integers(0, 4, (400, 6))
    alike = np.stack([codes, codes], axis=2)
    channels = (Channel("shape", tuple("abcd")), Channel("colour", tuple("rgby")))
    before = Split(alike, codes[:, 0] % 2, channels)
    hide = HideChannel("shape")
    after = hide(before, source=None, rng=rng)
    rows = np.arange(400)
    change = Change(
        "train", before, after, rows, after.inputs, rows, None, lambda _: (after, rows)
    )
    found = ChannelHidden("shape").measure([change])
    assert found.passed is True
    assert found.observed.endswith("; the other channels tell as much")
    unlike = np.stack([codes, rng.integers(0, 4, codes.shape)], axis=2)
    leaky = replace(change, before=replace(before, inputs=unlike))
    assert ChannelHidden("shape").measure([leaky]).passed is False


def test_shift_far_from_the_rows_is_compared_with_more_of_them(
    configure: Configure,
) -> None:
    """A set of few rows need not hold any like the shifted ones: the dataset does."""
    rows = {"train": 60, "dev": 40, "test": 16}
    never = {"use": "reweight_symbols", "params": {"weights": {"▲": 0.0}}}
    data = {"params": {"rows": rows, "rule": ["count(■) >= 2"]}}
    data["shifts"] = {"other": never}
    assert measured(configure, data)["others_kept"].passed is True
    (step,) = prepare(configure({"data": data}).data).steps
    move = step.moves["other"]
    alone = Change(
        "other", move.before, move.after, None, move.after.inputs, None, None, _same
    )
    found = OthersKept(("▲",)).measure([alone])
    assert found.passed is None
    assert re.fullmatch(
        r"other: only \d old and 16 new rows hold as many ▲: too few to compare",
        found.observed,
    )


def _same(split: Split) -> tuple[Split, None]:
    return split, None


def test_order_is_told_against_chance(configure: Configure) -> None:
    found = measured(configure, {"transforms": [{"use": "shuffle_tokens"}]})
    told = found["order_lost"].observed
    assert re.search(r"of 36 pairs of places .* rows agree \(0\.\d+ by chance; p", told)


@pytest.mark.parametrize("name", CHECKS)
def test_check_goes_by_its_name_in_the_catalogue(name: str) -> None:
    kind = load_target(CHECKS[name])
    assert kind.name == name  # type: ignore[attr-defined]
