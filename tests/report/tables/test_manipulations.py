"""What every variant had to do and keep, and the alarm where one did not."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from markupsafe import escape

from reportgen.analysis.findings.manipulations import Manipulation
from reportgen.project import Project
from reportgen.report.compose import compose_report
from reportgen.report.document import Block, Prose, Table
from reportgen.report.results import Results
from reportgen.report.tables import manipulations, promises
from reportgen.spec.model import StudySpec

FREEZE = "training.freeze[0]"


def promised(arm: str, check: str, **changes: Any) -> Manipulation:
    settings: dict[str, Any] = {
        "subject": "run",
        "kind": "changes",
        "says": f"{check} holds",
        "observed": f"{check} was seen",
        "passed": True,
        "runs": 5,
        "ended": 5,
        **changes,
    }
    return Manipulation(arm=arm, check=check, **settings)


FOUND = (
    promised("baseline", "free_move"),
    promised("baseline", "fed", kind="keeps"),
    promised("bilstm", "free_move"),
    promised("bilstm", "fed", kind="keeps"),
    promised("bilstm", "change_captured", subject="change", observed="changed: model"),
    promised("dropout", "dropout_active", passed=None, observed="nobody saw it"),
    promised("dropout", "fed", kind="keeps", passed=False, observed="other <rows>"),
    promised("frozen", "still", kind="keeps", subject=FREEZE, named="embedding.*"),
    promised("frozen", "fed", kind="keeps"),
)


def cells(table: Table | None) -> list[list[str]]:
    assert table is not None
    return [[cell.html for cell in row.cells] for row in table.rows]


def writer(found: tuple[Manipulation, ...]) -> Any:
    return SimpleNamespace(
        findings=SimpleNamespace(manipulations=found), mark=lambda _, text: escape(text)
    )


def test_each_variant_is_told_by_what_it_does(
    told: tuple[Project, StudySpec],
) -> None:
    rows = cells(manipulations.draw(told[1], writer(FOUND)))
    assert [(row[0], row[1]) for row in rows] == [
        ("<code>bilstm</code>", "change_<wbr>captured holds"),
        ("<code>dropout</code>", "dropout_<wbr>active holds"),
        ("<code>frozen</code>", "still holds"),
    ]
    assert [row[3] for row in rows] == [
        "1 of 1",
        "0 of 1<br>failed: fed holds (other &lt;rows&gt;)",
        "1 of 1",
    ]
    assert [row[4].rpartition("</span>")[0][-11:] for row in rows] == [
        "</span>passed"[-11:],
        "not checked",
        "</span>passed"[-11:],
    ]


def test_checks_of_an_arm_come_to_one_state() -> None:
    states = [manipulations.arm_state(FOUND, arm) for arm in ("bilstm", "dropout")]
    states.append(manipulations.arm_state(FOUND[:6], "dropout"))
    states.append(manipulations.arm_state((), "bilstm"))
    assert [one.sort for one in states] == [
        "passed",
        "failed",
        "not checked",
        "not checked",
    ]


def test_no_checks_no_table(told: tuple[Project, StudySpec]) -> None:
    assert manipulations.draw(told[1], writer(())) is None
    assert promises.draw(told[1], writer(())) is None


def test_arms_share_a_promise_that_passed(told: tuple[Project, StudySpec]) -> None:
    rows = cells(promises.draw(told[1], writer(FOUND)))
    assert [row[3] for row in rows if row[1] == "fed holds"] == [
        "<code>baseline</code>, <code>bilstm</code>, <code>frozen</code>",
        "<code>dropout</code>",
    ]
    assert [row[0] for row in rows if row[1] == "still holds"] == [
        "freezing embedding.*"
    ]


@pytest.mark.parametrize(
    ("arm", "subject", "what"),
    [
        ("bilstm", "run", "Claims about it have no verdict, and its numbers are"),
        ("bilstm", "data.shifts.ordering", "Claims about it on ordering have no"),
        ("control-bag-of-tokens", "run", "No claim has a verdict"),
    ],
)
def test_arm_that_is_not_what_it_says_is_told_at_the_top(
    told: tuple[Project, StudySpec],
    results: Results,
    arm: str,
    subject: str,
    what: str,
) -> None:
    bad = promised(arm, "fed", passed=False, subject=subject, observed="2 < 3")
    findings = results.findings.model_copy(update={"manipulations": (bad,)})
    report = compose_report(*told, replace(results, findings=findings))
    text = "".join(map(html, report.sections[0].blocks))
    assert "An arm is not what it says" in text
    assert "Observed: 2 &lt; 3" in text
    assert what in text


def html(block: Block) -> str:
    return block.html if isinstance(block, Prose) else ""
