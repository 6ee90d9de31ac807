"""A control of a user's own: one file and one line, then it is like any other."""

import shutil
from pathlib import Path

import pytest

from reportgen.analysis.claims.verdicts import judge_claims
from reportgen.analysis.control import judge_controls
from reportgen.analysis.controls import CONTROLS
from reportgen.cli.studies import problems_of
from reportgen.project import Project
from tests.analysis.controls.small import small_study, trained

FILE = '''"""Two rows: what is right there says nothing."""

from reportgen.analysis.control import Control, with_transforms
from reportgen.analysis.findings.study import ControlResult
from reportgen.analysis.evidence.results import Results
from reportgen.spec.model import StudySpec
from reportgen.spec.plan import Change, ControlArm


def _change(study: StudySpec) -> Change:
    step = {"use": "keep_rows", "params": {"rows": 2}}
    return {
        "data": {"transforms": with_transforms(study, step)},
        "training": {"epochs": 1, "batch_size": 2},
    }


def _judge(control: Control, results: Results) -> ControlResult:
    (seed,) = results.seeds(control.arm_name)
    outputs = results.outputs(control.arm_name, seed, "test", "last")
    if outputs is None:
        return control.unchecked("its run failed")
    rows = len(outputs.labels)
    return control.result(passed=rows == 3, observed=f"{rows} test rows")


TWO_ROWS = Control(
    name="two-rows",
    title="two rows",
    expected="three test rows",
    arm=ControlArm(_change, seeds=1),
    judge=_judge,
)
'''
BROKEN = Path(__file__).parents[2] / "golden" / "broken"


@pytest.fixture
def registered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "two_rows.py").write_text(FILE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(CONTROLS, "two-rows", "two_rows:TWO_ROWS")


@pytest.mark.usefixtures("registered")
def test_a_users_control_is_planned_trained_and_judged() -> None:
    study = small_study({"training": {"epochs": 1}})
    study = study.model_copy(update={"controls": ("two-rows",)})
    results = trained(study)
    assert results.arms == ("baseline", "dropout", "control-two-rows")
    controls = judge_controls(results)
    assert [(one.id, one.passed, one.observed) for one in controls] == [
        ("two-rows", False, "2 test rows")
    ]
    (claim,), _ = judge_claims(results, controls, ())
    assert claim.verdict == "inadmissible"
    assert "control two-rows failed (2 test rows; expected three" in claim.plain


@pytest.mark.usefixtures("registered")
def test_a_spec_may_name_it(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.spec("sound").parent.mkdir()
    shutil.copy(BROKEN / "beside" / "references.bib", tmp_path / "specs")
    text = (BROKEN / "sound.yaml").read_text("utf-8")
    named = text.replace("controls: default", "controls: [two-rows]")
    assert named != text
    project.spec("sound").write_text(named, encoding="utf-8")
    assert problems_of(project, "sound") == []
