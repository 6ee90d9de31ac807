"""One arm's settings, judged: plain JSON in, the mistakes in it out."""

import re
from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from reportgen.errors import nearest
from reportgen.spec.component import Catalogues, Kind, check_component
from reportgen.spec.model import RunConfig, TrainingSpec
from reportgen.spec.positions import Mistake, Path

SPLITS = ("train", "dev", "test")
CLEAN = "test-clean"  # the test rows that no training split holds
GLOB = re.compile(r"(?:[\w.*?]|\[!?[\w-]+\])+")
Settings = dict[str, JsonValue]
# Nobody wrote it, and reading its signature takes a tenth of a check.
DEFAULT_LOSS = TrainingSpec.model_fields["loss"].default.model_dump(mode="json")


def check_settings(
    settings: Settings, config: RunConfig | None, catalogues: Catalogues
) -> list[Mistake]:
    """Everything wrong with valid settings; paths begin at `data`, `model`, …."""
    mistakes = []
    for path, kind, component in components(settings):
        if kind == "loss" and component == DEFAULT_LOSS:
            continue
        for one in check_component(component, kind, catalogues.of(kind)):
            mistakes.append(Mistake((*path, *one.path), one.what, one.fix, one.at))
    if config is not None:
        mistakes += [*_data_mistakes(config), *_training_mistakes(config)]
        mistakes += _selection_mistakes(config, catalogues)
    return mistakes


def components(
    settings: Mapping[str, JsonValue],
) -> Iterator[tuple[Path, Kind, Mapping[str, JsonValue]]]:
    """Every component of an arm with its place."""
    data, training = settings["data"], settings["training"]
    if not isinstance(data, dict) or not isinstance(training, dict):
        return
    written: list[tuple[Path, Kind, JsonValue]] = [
        (("data",), "dataset", data),
        (("model",), "model", settings["model"]),
        (("training", "optimizer"), "optimizer", training.get("optimizer")),
        (("training", "scheduler"), "scheduler", training.get("scheduler")),
        (("training", "loss"), "loss", training.get("loss")),
    ]
    steps, shifts = data.get("transforms"), data.get("shifts")
    if isinstance(steps, list):
        places = [("data", "transforms", place) for place in range(len(steps))]
        written += [(p, "transform", s) for p, s in zip(places, steps, strict=True)]
    if isinstance(shifts, dict):
        for name, shift in shifts.items():
            written.append((("data", "shifts", name), "transform", shift))
    for path, kind, component in written:
        if isinstance(component, dict):
            yield path, kind, component


def _data_mistakes(config: RunConfig) -> Iterator[Mistake]:
    shifts = config.data.shifts
    for name in shifts:
        if name in SPLITS:
            what = f"the shift '{name}' has the name of a split"
            yield Mistake(("data", "shifts", name), what, "rename it", "key")
        if name == CLEAN:
            what = f"'{name}' names the test rows that no training split holds"
            yield Mistake(("data", "shifts", name), what, "rename it", "key")
    sets = (*SPLITS, *shifts)
    for place, step in enumerate(config.data.transforms):
        path: Path = ("data", "transforms", place, "splits")
        if step.splits == ():
            yield Mistake(path, "this transform touches no split", "delete it")
        for at, split in enumerate(step.splits or ()):
            if split not in sets:
                what = f"there is no split '{split}'"
                yield Mistake((*path, at), what, nearest(split, sets))


def _training_mistakes(config: RunConfig) -> Iterator[Mistake]:
    """Settings that no run would ever act upon."""
    training = config.training
    patience = training.select.patience
    if patience is not None and patience >= training.epochs:
        what = f"{patience} epochs of patience cannot stop {training.epochs} epochs"
        fix = "lower it, or delete the line"
        yield Mistake(("training", "select", "patience"), what, fix)
    for place, freeze in enumerate(training.freeze):
        below: Path = ("training", "freeze", place)
        if freeze.epochs != "all" and freeze.epochs >= training.epochs:
            what = f"after {freeze.epochs} of {training.epochs} epochs nothing thaws"
            yield Mistake((*below, "epochs"), what, "write all, or fewer epochs")
        if not GLOB.fullmatch(freeze.parameters):
            what = f"{freeze.parameters!r} is no glob over parameter names"
            fix = "write names with dots, * and ?, e.g. embedding.*"
            yield Mistake((*below, "parameters"), what, fix)


def _selection_mistakes(config: RunConfig, catalogues: Catalogues) -> Iterator[Mistake]:
    """A checkpoint chosen on the test set, or by a metric that does not exist."""
    path: Path = ("training", "select", "metric")
    chosen, _, rest = config.training.select.metric.partition(".")
    if chosen not in ("dev", "train"):
        what = f"{chosen} must not choose the checkpoint: it is there to judge it"
        yield Mistake(path, what, f"select on dev.{rest}")
    measure = rest.partition("@")[0]
    if measure not in catalogues.metrics:
        what = f"there is no metric '{measure}' to select by"
        yield Mistake(path, what, nearest(measure, catalogues.metrics))
    if "@" in rest:
        what = "the selecting metric has no checkpoint of its own"
        yield Mistake(path, what, f"write {chosen}.{measure}")
