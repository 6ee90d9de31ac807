"""Studies as commands need them: a name in, a loaded and checked study out."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from reportgen.analysis.controls import CONTROLS
from reportgen.errors import InputError, Problem, nearest
from reportgen.metrics import METRICS
from reportgen.project import Project
from reportgen.report.bindings import check_prose
from reportgen.spec.check import check_study
from reportgen.spec.component import Catalogues
from reportgen.spec.load import BrokenStudyError, Loaded, in_order, load_study
from reportgen.spec.positions import Mistake
from reportgen.spec.settings import place_problems
from reportgen.training.datasets import DATASETS
from reportgen.training.models import MODELS
from reportgen.training.transforms import TRANSFORMS

if TYPE_CHECKING:
    from reportgen.analysis.design.preview import ClaimPreview

Done = TypeVar("Done")


def require_study(project: Project, study: str) -> Path:
    """The file of a study.

    Raises:
        InputError: there is no such study.
    """
    path = project.spec(study)
    if path.is_file():
        return path
    known = project.studies()
    stem = Path(study).stem
    fix = f"write its name: {stem}" if stem in known else nearest(study, known)
    what = f"there is no study '{study}'"
    raise InputError(Problem(what, project.show(project.root / "specs"), fix))


def checked_study(project: Project, study: str) -> Loaded:
    """A study without a problem; its prose is judged where it is rendered.

    Raises:
        InputError: with every problem of the study.
    """
    loaded, problems = _read_study(project, study)
    if problems or loaded is None:
        raise InputError(problems)
    return loaded


def _read_study(project: Project, study: str) -> tuple[Loaded | None, list[Problem]]:
    """A study, if enough of its file makes sense, and every problem of it.

    Raises:
        InputError: there is no such file, or nothing in it can be read.
    """
    problems: list[Problem] = []
    loaded: Loaded | None
    try:
        loaded = load_study(require_study(project, study))
    except BrokenStudyError as error:
        problems, loaded = list(error.problems), error.rest
    if loaded is not None:
        problems += check_study(loaded, catalogues_of(project), project=project)
    return loaded, in_order(problems)


def placed(
    loaded: Loaded, work: Callable[[], Done], *, besides: Sequence[Problem] = ()
) -> Done:
    """Do the work; a setting that it refuses is shown where the spec says it.

    Raises:
        InputError: with its problems and those known besides, in the file's order.
    """
    problems = list(besides)
    try:
        done = work()
    except InputError as error:
        problems += place_problems(error.problems, loaded.positions)
        raise InputError(in_order(problems)) from error
    if problems:
        raise InputError(problems)
    return done


def undecidable_claims(
    loaded: Loaded, claims: "Sequence[ClaimPreview]"
) -> list[Problem]:
    """Claims that no result of this design could decide."""
    return [
        loaded.positions.problem(
            Mistake(
                ("claims", claim.claim), claim.sentence, "plan more seeds", at="key"
            )
        )
        for claim in claims
        if not claim.decidable
    ]


def catalogues_of(project: Project) -> Catalogues:
    """Everything that a spec of this project may call by name."""
    package = Path(__file__).parents[1]
    # The project's own, those of an installed wheel, those of a checkout.
    folders = (project.templates, package / "templates", package.parent / "templates")
    sections = {one.stem for each in folders for one in each.glob("sections/*.html")}
    return Catalogues(
        datasets=DATASETS,
        transforms=TRANSFORMS,
        models=MODELS,
        metrics=METRICS,
        controls=CONTROLS,
        sections=tuple(sorted(sections)),
        layouts=("paper",),
    )


def problems_of(project: Project, study: str) -> list[Problem]:
    """Everything wrong with a study."""
    try:
        loaded, problems = _read_study(project, study)
    except InputError as error:
        return list(error.problems)
    if loaded is not None:
        problems += check_prose(
            project, loaded.spec, sound=not problems, replaced=loaded.replaced
        )
    return in_order(problems)
