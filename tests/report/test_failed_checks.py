"""A study whose variants do not do what they promise, trained and rendered.

The transforms stand in a module of the study's own project. Abstract, box, contrast
table and every verdict are looked at as they stand in the page.
"""

import re
from pathlib import Path

import pytest

from reportgen.analysis.explain import explain_fact
from reportgen.project import Project
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
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the study's project."""
    root: Path = tmp_path_factory.mktemp("promising")
    return root


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    """The page, as a reader's browser gets it."""
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
    assert told.count("is not what it says:") == 2, "one alarm for each arm"
    leaky, _, idle = told.partition("is not what it says: idle.")
    assert "is not what it says: leaky. Its transform 1 (HidesMost) failed" in leaky
    assert "Expected: nothing about shape can be recovered. Observed: train:" in leaky
    assert "Its transform 1 (ShufflesNothing) failed" in idle
    assert "And its change failed . Expected: runs differ from" in idle
    assert "Observed: 3 of 3 are the baseline's bit for bit." in idle
    assert "dropout" not in told.partition("Registered claims")[0]


def test_no_code_of_ours_stands_in_the_text(page: str) -> None:
    shown = re.sub(r"(?s)<(code|style|script)\b.*?</\1>|<[^>]*>", " ", page)
    text = shown.partition("Every marked number")[0]
    assert re.findall(r"check_failed|transforms\[\d\]|channel_hidden", text) == []
    assert "leaky is not what it says: its transform 1 (HidesMost): expected" in text


def test_claims_without_a_verdict_were_not_tested(page: str) -> None:
    told = words(part(page, "Registered claims that were not tested:", "</p>"))
    assert told.startswith(
        "Registered claims that were not tested: leaky (an arm is not what it says), "
        "idle (an arm is not what it says)."
    )


@pytest.mark.parametrize("table", ["scores", "measures", "seeds", "summaries", "runs"])
def test_their_numbers_are_marked_wherever_they_stand(page: str, table: str) -> None:
    found = part(page, f'id="tab-{table}"', "</p>")  # its note ends there
    rows = re.findall(r'<th scope="row".*?</th>', found, re.S)
    heads = {words(row) for row in rows}
    assert heads == {"baseline", "dropout", "leaky †", "idle †"}
    assert found.count("† marks what comes of an arm that is not what it says") == 1


def test_figures_say_what_the_mark_means(page: str) -> None:
    for name in ("seeds", "arm-curves"):
        assert "† marks what comes of" in part(page, f'id="fig-{name}"', "</figure>")


def test_each_result_can_be_explained(page: str, root: Path) -> None:
    assert page
    result = "check/leaky/data.transforms[0]/channel_hidden"
    told = explain_fact(Project(root), "small", result)
    assert told.startswith(f"{result} = failed (text, n = 3)")
    assert "how: nothing about shape can be recovered; measured in 3 of 3 runs" in told
    assert len(re.findall(r"leaky, seed \d, completed\n +failed: ", told)) == 3
    assert "specs/small.yaml:1:" in told


def test_their_claims_have_no_verdict_and_the_sound_one_has(page: str) -> None:
    listed = part(page, '<div class="verdicts">', "</div>")
    sound, *broken = re.findall(r'<li><span class="verdict (\w+)"', listed)
    assert broken == ["inadmissible", "inadmissible"]
    assert sound in ("supported", "refuted", "equivalent", "inconclusive")
    assert listed.count('<span class="verdict-effect"></span>') == 2
    rows = part(page, 'id="tab-verdicts"', "</table>").partition("<tbody>")[2]
    shown = [re.findall(r"<td.*?</td>", row, re.S) for row in rows.split("</tr>")[:3]]
    assert [words(cells[3]) == "–" for cells in shown] == [False, True, True]  # p
    assert "Inadmissible: 2 a check failed" in words(listed)


def test_the_contrast_table_tells_which_passed(page: str) -> None:
    body = part(page, 'id="tab-variants"', "</table>").partition("<tbody>")[2]
    states = [words(row).split()[-1] for row in body.split("</tr>")[:3]]
    assert states == ["passed", "failed", "failed"]
    contrasts = part(page, 'id="tab-contrasts"', "</table>")
    heads = re.findall(r'<tr class="group">(.*?)</tr>', contrasts)
    assert [words(head).partition(" (")[0] for head in heads] == [
        "dropout ✓ passed",
        "leaky ✗ failed",
        "idle ✗ failed",
    ]
    assert all('class="fact" href="#ev-' in head for head in heads)
