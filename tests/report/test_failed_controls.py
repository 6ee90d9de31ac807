"""A study whose test labels slipped, trained and rendered: no page says too much.

The abstract, the box at the top, the figure of claims and every table of verdicts are
looked at as they stand in the page.
"""

import re
from pathlib import Path

import pytest

from reportgen.spec.model import StudySpec
from tests.analysis.controls.bugs import BUGS
from tests.analysis.controls.small import small_study, trained
from tests.report.rendered import part, rendered_page, words

CHANGE = {
    **BUGS["test labels one row late, in the data"].change,
    "seeds": 4,
    "training": {"epochs": 8},
    "report": {
        "abstract": "Dropout: {{ verdict('dropout-helps') }}.",
        "sections": [{"use": "summary"}, {"use": "able"}, {"use": "results"}],
    },
}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page, as a reader's browser gets it."""
    root: Path = tmp_path_factory.mktemp("slipped")
    study: StudySpec = small_study(CHANGE)
    study = study.model_copy(update={"controls": ("majority", "own-rows")})
    results = trained(study)
    return rendered_page(results, root)


def test_the_abstract_says_that_there_is_no_verdict(page: str) -> None:
    abstract = part(page, '<section class="abstract"', "</section>")
    assert "&lt;" not in abstract
    told = words(abstract)
    assert "Dropout: inadmissible ." in told
    assert told.endswith(
        "2 controls failed (majority class; labels in their rows), so no claim of this "
        "study has a verdict."
    )


def test_the_alarms_stand_above_the_verdicts_with_their_numbers(page: str) -> None:
    box = part(page, '<div class="verdict-box">', '<ul class="verdict-list">')
    told = words(box)
    assert told.count("A control failed, so no claim has a verdict:") == 2
    assert "rows later" not in told
    assert re.search(r"of those 1 row later \(labels do not stand in their rows", told)
    alarms = re.findall(r'<p class="alarm">.*?</p>', box)
    assert [one.count('class="fact" href="#ev-') for one in alarms] == [4, 3]


def test_no_verdict_but_inadmissible_stands_anywhere(page: str) -> None:
    listed = part(page, '<ul class="verdict-list">', "</ul>")
    assert re.findall(r'class="verdict (\w+)"', listed) == ["inadmissible"]
    drawn = part(part(page, 'id="fig-claims"', "</figure>"), 'alt="', '">')
    assert "Interval chart of 1 claim: 1 inadmissible." in drawn
    unsettled = words(part(page, 'id="tab-unsettled"', "</table>"))
    assert "Nothing: what was measured is not what the claim speaks of." in unsettled
    assert 'id="tab-choices"' not in page, "it has nothing to ask again"
