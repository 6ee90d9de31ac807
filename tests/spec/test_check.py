"""Whole studies: what no single key shows, and what must not be called a mistake."""

import json
from pathlib import Path

import pytest

from reportgen.cli.studies import catalogues_of
from reportgen.errors import Location
from reportgen.metrics import METRICS
from reportgen.metrics.metric import load_metric
from reportgen.project import Project
from reportgen.report.bibtex import read_bibtex
from reportgen.spec.check import check_study
from reportgen.spec.check_files import bibliography_keys, listed_studies
from reportgen.spec.load import load_study
from reportgen.spec.metric import read_metric

ROOT = Path(__file__).parents[2]
SOUND = ROOT / "tests" / "golden" / "broken" / "sound.yaml"
BIBLIOGRAPHY = ROOT / "tests" / "golden" / "broken" / "beside" / "references.bib"


@pytest.fixture
def study(tmp_path: Path) -> Project:
    """A project with one sound study."""
    specs = tmp_path / "specs"
    specs.mkdir()
    (specs / "sound.yaml").write_text(SOUND.read_text("utf-8"), encoding="utf-8")
    bibliography = BIBLIOGRAPHY.read_text("utf-8")
    (specs / "references.bib").write_text(bibliography, encoding="utf-8")
    return Project(tmp_path)


def found(project: Project, *edits: tuple[str, str]) -> list[str]:
    """What is said about the study after some edits."""
    path = project.spec("sound")
    text = path.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    catalogues = catalogues_of(Project(ROOT))
    problems = check_study(load_study(path), catalogues, project=project)
    return [problem.what for problem in problems]


WIDE = "change: {model: {params: {hidden_dim: 16}}}"


@pytest.mark.parametrize(
    "change",
    [
        "{model: {use: gru, params: {hidden_dim: 8, layers: 1}}}",
        "{model: {use: gru}}",
        "{training: {scheduler: {use: 'torch.optim.lr_scheduler:StepLR', "
        "params: {step_size: 2}}}}",
        "{training: {freeze: [{parameters: 'embedding.*', epochs: 2}]}}",
        "{training: {select: {metric: train.accuracy, rule: last, patience: 2}}}",
        "{training: {gradient_clip: 1}}",
        "{data: {shifts: {order: {use: sort_blocks, params: {size: 2}}}}}",
        "{data: {transforms: [{use: keep_rows, params: {rows: 9}, splits: [train]}]}}",
    ],
)
def test_accepts_a_sound_change(study: Project, change: str) -> None:
    assert found(study, (WIDE, f"change: {change}")) == []


def test_a_claim_may_use_a_shift_that_both_arms_have(study: Project) -> None:
    shift = "  shifts: {order: {use: sort_blocks, params: {size: 2}}}\nmodel:"
    assert found(study, ("model:", shift), ("test.hwa", "order.hwa@last")) == []


def test_a_shift_of_one_arm_compares_nothing(study: Project) -> None:
    change = "change: {data: {shifts: {order: {use: sort_blocks, params: {size: 2}}}}}"
    claim = ("shuffled worsens test.hwa", "wide worsens order.hwa")
    assert found(study, (WIDE, change), claim) == [
        "claims.order-matters.says: 'baseline' is not evaluated on 'order'"
    ]


def test_a_mistake_of_the_baseline_is_told_once(study: Project) -> None:
    said = found(study, ("hidden_dim: 8", "hiden_dim: 8"))
    assert said == ["model.params: unknown key 'hiden_dim'"]


def test_mistakes_of_several_kinds_come_together(study: Project) -> None:
    said = found(
        study,
        ("use: spr", "use: spd"),
        (WIDE, "change: {}"),
        ("controls: default", "controls: [none]"),
        ("margin: 0.05", "margin: 7"),
    )
    assert [line.partition(":")[0] for line in said] == [
        "data.use",
        "variants.wide.change",
        "claims.order-matters.margin",
        "controls[0]",
    ]


def test_numbers_that_are_equal_change_nothing(study: Project) -> None:
    said = found(
        study,
        ("layers: 1", "layers: 1, dropout: 0"),
        ("hidden_dim: 16", "dropout: 0.0"),
    )
    assert said == [
        "variants.wide.change: this variant changes nothing: "
        "the baseline has all of it already"
    ]


def test_true_is_not_one(study: Project) -> None:
    said = found(study, ("hidden_dim: 16", "layers: true"))
    assert said == [
        "variants.wide.change.model.params.layers: must be a whole number, not true"
    ]


def test_finds_a_study_in_the_pipeline(study: Project) -> None:
    assert listed_studies(study) is None
    text = "vars:\n- other: 1\n- studies:\n  - sound\n"
    (study.root / "dvc.yaml").write_text(text, encoding="utf-8")
    assert listed_studies(study) == {"sound": Location("dvc.yaml", 4, 5, "  - sound")}
    assert found(study) == []


@pytest.mark.parametrize("name", METRICS)
def test_reads_metrics_as_they_are(name: str) -> None:
    metric = load_metric(name)
    span = None if metric.upper is None else metric.upper - metric.lower
    facts = read_metric(name, METRICS)
    assert (facts.name, facts.span) == (metric.name, span)
    assert facts.over_rows == (metric.rows is not None)


def test_finds_the_keys_that_the_report_finds() -> None:
    for path in (*(ROOT / "specs").glob("*.bib"), BIBLIOGRAPHY):
        entries = read_bibtex(path)
        assert set(bibliography_keys(path)) == {entry.key for entry in entries}


def test_checking_needs_no_heavy_library(
    study: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    import subprocess
    import sys

    program = (
        "import json, sys; from reportgen.cli import main; "
        "assert main(['check', 'sound']) == 0; "
        "print(json.dumps([m for m in ('torch', 'numpy', 'scipy', 'matplotlib') "
        "if m in sys.modules]))"
    )
    command = [sys.executable, "-c", program]
    subprocess.run(command, cwd=study.root, check=True)  # noqa: S603
    assert json.loads(capfd.readouterr().out.splitlines()[-1]) == []


def test_a_pipeline_that_reads_bibliographies_wants_one_of_every_study(
    study: Project,
) -> None:
    pipeline = (
        "vars:\n- studies: [sound]\nstages: {a: {deps: ['specs/${item.study}.bib']}}\n"
    )
    (study.root / "dvc.yaml").write_text(pipeline, encoding="utf-8")
    said = "study: dvc.yaml reads specs/sound.bib, and there is no such file"
    assert found(study) == [said]
    (study.root / "specs" / "sound.bib").touch()
    assert found(study) == []


@pytest.mark.parametrize(("name", "mistakes"), [("test-clean", 1), ("tests", 0)])
def test_no_shift_is_called_as_the_clean_rows_are(
    study: Project, name: str, mistakes: int
) -> None:
    shift = f"shifts: {{{name}: {{use: sort_blocks, params: {{size: 4}}}}}}"
    said = found(study, ("use: spr\n", f"use: spr\n  {shift}\n"))
    taken = f"data.shifts: '{name}' names the test rows that no training split holds"
    assert said == [taken] * mistakes
