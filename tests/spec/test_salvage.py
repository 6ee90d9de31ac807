"""Many mistakes in one file are told together, and none of them twice."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reportgen.cli.studies import problems_of
from reportgen.project import Project
from reportgen.spec.positions import Path as Place
from reportgen.spec.salvage import may_cause
from reportgen.spec.syntax import read_yaml

BROKEN = Path(__file__).parents[1] / "golden" / "broken"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with a bibliography and no study yet."""
    root = tmp_path_factory.mktemp("project")
    (root / "specs").mkdir()
    text = (BROKEN / "beside" / "references.bib").read_text(encoding="utf-8")
    (root / "specs" / "references.bib").write_text(text, encoding="utf-8")
    return Project(root)


@pytest.fixture(scope="module")
def sound() -> Any:
    """A study whose every part is written out, without a mistake."""
    study: Any = copy.deepcopy(read_yaml(BROKEN / "sound.yaml", "sound.yaml").value)
    study["data"]["shifts"] = {
        "heavy": {"use": "reweight_symbols", "params": {"weights": {"▲": 3}}}
    }
    study["training"]["freeze"] = [{"parameters": "embedding.*", "epochs": 2}]
    study["training"]["scheduler"] = {
        "use": "torch.optim.lr_scheduler:StepLR",
        "params": {"step_size": 2},
    }
    study["report"]["sections"][0]["prose"] = (
        "{{ verdict('order-matters') }} {{ cite('hochreiter1997') }}"
    )
    return study


def places(value: Any, path: Place = ()) -> Iterator[Place]:
    """Where every value of a study stands."""
    if not isinstance(value, dict | list):
        return
    for key in value if isinstance(value, dict) else range(len(value)):
        yield (*path, key)
        yield from places(value[key], (*path, key))


def told(project: Project, study: Any) -> list[str]:
    """What is said about a study; JSON is YAML."""
    text = json.dumps(study, ensure_ascii=False, indent=1)
    project.spec("sound").write_text(text, encoding="utf-8")
    return [problem.what for problem in problems_of(project, "sound")]


def test_one_wrong_value_is_one_problem(project: Project, sound: Any) -> None:
    assert told(project, sound) == []
    for path in places(sound):
        study = copy.deepcopy(sound)
        owner = study
        for part in path[:-1]:
            owner = owner[part]
        owner[path[-1]] = 7 if isinstance(owner[path[-1]], str) else "seven"
        found = told(project, study)
        assert len(found) == 1, (path, found)


def test_one_misspelt_key_is_one_problem(project: Project, sound: Any) -> None:
    free = {"shifts", "variants", "claims", "rows", "weights"}  # any names go there
    for path in places(sound):
        if not isinstance(path[-1], str) or free & {*path[-2:-1]}:
            continue
        study = copy.deepcopy(sound)
        owner = study
        for part in path[:-1]:
            owner = owner[part]
        owner[f"{path[-1]}q"] = owner.pop(path[-1])
        found = told(project, study)
        assert len(found) == 1, (path, found)


def test_mistakes_of_every_kind_are_told_together(project: Project, sound: Any) -> None:
    study = copy.deepcopy(sound)
    study["training"]["epochs"] = "eight"
    study["training"]["batchsize"] = study["training"].pop("batch_size")
    study["variants"]["wide"]["change"]["model"]["params"]["hiden_dim"] = 3
    study["claims"]["order-matters"]["says"] = "shufled matches test.hwa of baseline"
    study["report"]["sections"][0]["prose"] = "{{ cite('hochreiter') }} {{ nothing }}"
    study["report"]["abstract"] = "We reach 0.83."
    assert told(project, study) == [
        "training.epochs: must be a whole number, not the text 'eight'",
        "training: unknown key 'batchsize'",
        "variants.wide.change.model.params: unknown key 'hiden_dim'",
        "claims.order-matters.says: there is no variant 'shufled'",
        "report.abstract: the number 0.83 is typed, not bound",
        "report.sections[0].prose: no citation key 'hochreiter'",
        "report.sections[0].prose: nothing is called 'nothing' here",
    ]


@pytest.mark.parametrize(
    ("replaced", "mistake", "expected"),
    [
        ("training.epochs", "training.optimizer.params.lr", False),
        ("training.epochs", "variants.wide.change.training.epochs", True),
        ("training.epochs", "variants.wide", True),
        ("training.epochs", "claims.one.says", False),
        ("model.use", "variants.wide.change.model.params.layers", True),
        ("metrics.0", "claims.one.says", True),
        ("report", "claims.one.why_expected.cite", True),
        ("report.title", "claims.one.why_expected.cite", False),
    ],
)
def test_what_a_replacement_may_cause(
    replaced: str, mistake: str, expected: bool
) -> None:
    where = tuple(replaced.split(".")), tuple(mistake.split("."))
    assert may_cause(*where) is expected
