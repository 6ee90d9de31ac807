"""Lists that must agree: dvc.yaml with specs/, the schema with the models."""

from pathlib import Path

import grimp
import pytest
from ruamel.yaml import YAML

from reportgen.spec.model import StudySpec

REPOSITORY = Path(__file__).parents[2]
PIPELINE = YAML(typ="safe").load((REPOSITORY / "dvc.yaml").read_text("utf-8"))
STUDIES = PIPELINE["vars"][0]["studies"]
PACKAGE = REPOSITORY / "reportgen"
# Code that a stage cannot reach, or whose change cannot change its outputs.
APART = {"cli", "__main__.py", "__init__.py", "project.py", "errors.py"}


def dependencies(stage: str) -> set[str]:
    return {
        dep.split("/")[1]
        for dep in PIPELINE["stages"][stage]["deps"]
        if dep.startswith("reportgen/")
    }


def test_every_spec_is_a_study_and_the_reverse() -> None:
    specs = {path.stem for path in (REPOSITORY / "specs").glob("*.yaml")}
    assert set(STUDIES) == specs
    assert len(STUDIES) == len(specs)


@pytest.mark.parametrize("study", STUDIES)
def test_every_study_has_a_bibliography(study: str) -> None:
    # `render` depends on it, and DVC stops at a dependency that is not there.
    assert (REPOSITORY / "specs" / f"{study}.bib").is_file()


def test_every_part_of_the_package_starts_some_stage() -> None:
    parts = {path.name for path in PACKAGE.iterdir() if not path.name.startswith("_")}
    reached = set.union(*(dependencies(stage) for stage in PIPELINE["stages"]))
    assert parts - APART == reached


@pytest.mark.parametrize("stage", ["analyse", "render"])
def test_a_stage_depends_on_all_code_it_loads(stage: str) -> None:
    package = {"analyse": "analysis", "render": "report"}[stage]
    graph = grimp.build_graph("reportgen", cache_dir=None)
    loaded = graph.find_upstream_modules(f"reportgen.{package}", as_package=True)
    parts = {module.split(".")[1] for module in loaded if "." in module}
    watched = {part.removesuffix(".py") for part in dependencies(stage)}
    assert parts - watched <= {part.removesuffix(".py") for part in APART}


def test_every_part_of_a_spec_starts_some_stage() -> None:
    watched = {
        key
        for stage in ("train", "analyse")
        for params in PIPELINE["stages"][stage]["params"]
        for keys in params.values()
        for key in keys
    }
    told = {"study", "question", "report"}  # these reach `render`, with the whole file
    assert watched | told == set(StudySpec.model_fields)
