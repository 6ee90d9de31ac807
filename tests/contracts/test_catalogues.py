"""Every catalogue entry can be loaded and says in its docstring what it is."""

from importlib import import_module

import pytest

from reportgen.metrics.metric import Metric

CATALOGUES = {
    "datasets": "reportgen.training.datasets:DATASETS",
    "transforms": "reportgen.training.transforms:TRANSFORMS",
    "checks": "reportgen.training.checks:CHECKS",
    "models": "reportgen.training.models:MODELS",
    "metrics": "reportgen.metrics:METRICS",
    "detectors": "reportgen.analysis.detectors:DETECTORS",
    "controls": "reportgen.analysis.controls:CONTROLS",
    "figures": "reportgen.report.figures:FIGURES",
}


def resolve(path: str) -> object:
    module, _, attribute = path.partition(":")
    found: object = getattr(import_module(module), attribute)
    return found


def catalogue(name: str) -> dict[str, str]:
    entries = resolve(CATALOGUES[name])
    assert isinstance(entries, dict)
    return entries


ENTRIES = [
    pytest.param(path, id=f"{name}-{entry}")
    for name in CATALOGUES
    for entry, path in catalogue(name).items()
]


@pytest.mark.parametrize("path", ENTRIES)
def test_entry_says_what_it_is(path: str) -> None:
    found = resolve(path)
    said: str | None
    if isinstance(found, Metric):
        said = found.meaning
    elif callable(found):
        said = found.__doc__
    else:  # a plain value is described by the module that defines it
        said = import_module(path.partition(":")[0]).__doc__
    assert said is not None
    assert len(said.split()) >= 4, f"{path} needs a sentence: {said!r}"


@pytest.mark.parametrize("name", CATALOGUES)
def test_catalogue_is_not_empty(name: str) -> None:
    assert catalogue(name)


@pytest.mark.parametrize("path", ENTRIES)
def test_entry_lives_in_its_folder(path: str) -> None:
    folders = {target.partition(":")[0] for target in CATALOGUES.values()}
    assert path.partition(":")[0].rpartition(".")[0] in folders
