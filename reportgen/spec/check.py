"""Everything about a study that can be known before a run: a study in, problems out."""

from collections.abc import Iterator
from importlib import import_module

from reportgen.errors import Problem, SettingError, nearest
from reportgen.project import Project
from reportgen.spec.check_analysis import check_analysis
from reportgen.spec.check_arms import resolve_arms, same_runs
from reportgen.spec.check_claims import check_claims
from reportgen.spec.check_earlier import check_earlier
from reportgen.spec.check_files import check_files
from reportgen.spec.component import Catalogues
from reportgen.spec.load import Loaded
from reportgen.spec.metric import MetricFacts, read_metric
from reportgen.spec.model import StudySpec
from reportgen.spec.positions import Mistake
from reportgen.spec.settings import CANNOT_ASK

LARGEST_SEED = 2**63 - 1


def check_study(
    loaded: Loaded, catalogues: Catalogues, *, project: Project
) -> list[Problem]:
    """Check a valid spec for what its shape cannot say.

    A component outside reportgen and PyTorch is imported, so a spec is code.
    """
    study = loaded.spec
    metrics, mistakes = _read_metrics(study, catalogues)
    arms = resolve_arms(study, catalogues)
    for arm in arms:
        mistakes += arm.mistakes
    mistakes += same_runs(arms, catalogues)
    mistakes += [*_check_seeds(study), *_check_controls(study, catalogues)]
    mistakes += check_claims(study, arms, metrics)
    mistakes += check_analysis(study)
    mistakes += check_earlier(study, arms, metrics)
    mistakes += check_files(loaded, catalogues, project)
    return loaded.problems(mistakes)


def _read_metrics(
    study: StudySpec, catalogues: Catalogues
) -> tuple[dict[str, MetricFacts], list[Mistake]]:
    metrics: dict[str, MetricFacts] = {}
    mistakes = []
    for place, use in enumerate(study.metrics):
        try:
            metric = read_metric(use, catalogues.metrics)
        except SettingError as error:
            mistakes.append(Mistake(("metrics", place), error.what, error.fix))
            continue
        if metric.name in metrics:
            what = f"'{metric.name}' stands in the list already"
            mistakes.append(Mistake(("metrics", place), what, "delete it"))
        metrics[metric.name] = metric
    return metrics, mistakes


def _check_seeds(study: StudySpec) -> Iterator[Mistake]:
    if study.seeds == ():
        yield Mistake(("seeds",), "there is no seed to run", "write how many, e.g. 5")
    seen: set[int] = set()
    for place, seed in enumerate(study.seed_list):
        if not 0 <= seed <= LARGEST_SEED:
            what = f"{seed} is no seed"
            fix = f"use whole numbers from 0 to {LARGEST_SEED}"
            yield Mistake(("seeds", place), what, fix)
        if seed in seen:
            what = f"the seed {seed} stands twice: the second run is a copy"
            yield Mistake(("seeds", place), what, "use another seed")
        seen.add(seed)


def _check_controls(study: StudySpec, catalogues: Catalogues) -> Iterator[Mistake]:
    if study.controls == "default":
        return
    for place, name in enumerate(study.controls):
        if name not in catalogues.controls:
            what = f"there is no control '{name}'"
            fix = nearest(name, catalogues.controls)
            yield Mistake(("controls", place), what, fix)
        elif why := _excuse(catalogues.controls[name], study):
            what = f"'{name}' cannot be asked of this study: {why}"
            yield Mistake(("controls", place), what, CANNOT_ASK)
        if name in study.controls[:place]:
            yield Mistake(("controls", place), f"'{name}' stands twice", "delete it")


def _excuse(target: str, study: StudySpec) -> str:
    """Why a study has nothing for a control; empty where it has, or may have."""
    module, _, attribute = target.partition(":")
    control = getattr(import_module(module), attribute)
    why: str = control.excuse(study, None)
    return why
