"""A study whose variants do not do what they promise, trained and rendered.

The transforms stand in a module of the study's own project. Abstract, box, contrast
table and every verdict are looked at as they stand in the page.
"""

import re
from pathlib import Path

import pytest

from tests.analysis.controls.small import small_study, trained
from tests.report.rendered import part, rendered_page, words

MODULE = '''
"""Transforms that promise what they do not do."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from reportgen.training.checks.channel_hidden import ChannelHidden
from reportgen.training.checks.labels_kept import LabelsKept
from reportgen.training.checks.order_lost import OrderLost


@dataclass(frozen=True)
class HidesMost:
    """In every fourth row the channel still shows."""

    channel: str
    redraws: ClassVar = False

    @property
    def changes(self):
        """The channel is meant to go."""
        return (ChannelHidden(self.channel),)

    keeps = (LabelsKept(),)

    def __call__(self, split, *, source, rng):
        """Hide it in three rows of four."""
        inputs = split.inputs.copy()
        hidden = np.arange(len(split)) % 4 > 0
        inputs[hidden, :, split.channel(self.channel)] = 0
        return replace(split, inputs=inputs)


@dataclass(frozen=True)
class ShufflesNothing:
    """Rows stay as they are."""

    redraws: ClassVar = False
    changes = (OrderLost(),)
    keeps = (LabelsKept(),)

    def __call__(self, split, *, source, rng):
        """Give the rows back."""
        return split
'''
NAME = "promises_of_a_project"
SHAPE = {"channel": "shape"}


def step(use: str, **params: str) -> dict[str, object]:
    return {"data": {"transforms": [{"use": use, "params": params}]}}


def variant(change: dict[str, object]) -> dict[str, object]:
    return {"why": "To see what is left.", "change": change}


def claim(says: str) -> dict[str, object]:
    return {"says": says, "margin": 0.02, "why_expected": {"text": "By the rule."}}


CHANGE = {
    "seeds": 3,
    "training": {"epochs": 3},
    "variants": {
        "leaky": variant(step(f"{NAME}:HidesMost", **SHAPE)),
        "idle": variant(step(f"{NAME}:ShufflesNothing")),
    },
    "claims": {
        one: claim(f"{one} changes test.accuracy against baseline")
        for one in ("leaky", "idle")
    },
    "report": {
        "sections": [{"use": "summary"}, {"use": "tested"}, {"use": "results"}],
    },
}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page, as a reader's browser gets it."""
    root: Path = tmp_path_factory.mktemp("promising")
    (root / f"{NAME}.py").write_text(MODULE, encoding="utf-8")
    study = small_study(CHANGE).model_copy(update={"controls": ()})
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(root))
        results = trained(study)
    return rendered_page(results, root)


def test_the_abstract_names_the_arms_that_are_not_what_they_say(page: str) -> None:
    assert words(part(page, '<section class="abstract"', "</section>")).endswith(
        "2 arms are not what they say (leaky; idle), so no claim about them has a "
        "verdict."
    )


def test_the_alarms_stand_above_the_verdicts_with_what_was_measured(page: str) -> None:
    told = words(part(page, '<div class="verdict-box">', '<ul class="verdict-list">'))
    assert "is not what it says: leaky, by its data.transforms[0]." in told
    assert "Expected: nothing about shape can be recovered." in told
    assert re.search(r"Observed: train: 0\.\d+ bits of information a token are left", told)
    assert "is not what it says: idle, by its data.transforms[0]." in told
    assert re.search(r"Observed: train: token \d+ holds what stood at", told)
    assert "Observed: 3 of 3 are the baseline's bit for bit." in told
    assert "dropout, by its" not in told


def test_their_claims_have_no_verdict_and_the_sound_one_has(page: str) -> None:
    listed = part(page, '<ul class="verdict-list">', "</ul>")
    sound, *broken = re.findall(r'class="verdict (\w+)"', listed)
    assert broken == ["inadmissible", "inadmissible"]
    assert sound in ("supported", "refuted", "equivalent", "inconclusive")
    assert listed.count('<span class="verdict-effect"></span>') == 2
    rows = part(page, 'id="tab-verdicts"', "</table>").partition("<tbody>")[2]
    shown = [re.findall(r"<td.*?</td>", row, re.S) for row in rows.split("</tr>")[:3]]
    assert [words(cells[3]) == "–" for cells in shown] == [False, True, True]  # p
    assert "inadmissible: 2 ." in words(part(page, '"verdict-lead"', "</p>"))


def test_the_contrast_table_tells_which_passed(page: str) -> None:
    body = part(page, 'id="tab-variants"', "</table>").partition("<tbody>")[2]
    states = [words(row).split()[-1] for row in body.split("</tr>")[:3]]
    assert states == ["passed", "failed", "failed"]
