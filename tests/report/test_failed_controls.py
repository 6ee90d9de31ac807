"""A study whose test labels slipped, trained and rendered: no page says too much.

The abstract, the box at the top, the figure of claims and every table of verdicts are
looked at as they stand in the page.
"""

import json
import re
from pathlib import Path

import pytest

from reportgen.analysis.study import analyse_study
from reportgen.project import Project
from reportgen.report.compose import compose_report
from reportgen.report.html import render_page
from reportgen.report.results import read_results
from reportgen.report.sections import find_templates
from reportgen.spec.model import StudySpec
from tests.analysis.controls.bugs import BUGS
from tests.analysis.controls.small import small_study, trained
from tests.analysis.factory import Bundle, write_bundle

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
    project: Project = write_bundle(
        root, Bundle(study, results.bundled, dict(results.arrays))
    )
    project.spec(study.study).parent.mkdir(parents=True)
    spec = study.model_dump(mode="json", exclude_none=True)
    project.spec(study.study).write_text(json.dumps(spec), encoding="utf-8")
    analyse_study(project, study)
    report = compose_report(project, study, read_results(project, study))
    html: str = render_page(report, find_templates(project), root / "cache")
    return html


def part(page: str, start: str, end: str) -> str:
    found = page.index(start)
    return page[found : page.index(end, found)]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


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
