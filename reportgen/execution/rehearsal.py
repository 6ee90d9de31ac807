"""An arm tried before any run of it starts: a config in, what refuses it as an error.

What a constructor raises for given settings it raises under every seed and on every
machine: that is a mistake in the spec, to be told with its line and not once per run.
Whatever a model raises once it trains is the outcome of a run.
"""

import re
import warnings
from collections.abc import Callable
from contextlib import suppress

from reportgen.errors import SettingError
from reportgen.execution.idle import groups_of, refuse_idle
from reportgen.spec.model import Component, RunConfig
from reportgen.training.backend import reproducible_backend
from reportgen.training.components import Built, build, build_loss, build_model
from reportgen.training.failure import failure_kind, without_places
from reportgen.training.fitting import Fitting
from reportgen.training.models import MODELS
from reportgen.training.outside import raised_by
from reportgen.training.prepare import prepare
from reportgen.training.runner import check_run
from reportgen.training.seeding import restored_generators


def rehearse(config: RunConfig, *, by_author: bool = True) -> None:
    """Build everything that a run needs, and step its scheduler to the last epoch.

    A model that is too large for this machine, or that leaves the process, passes: its
    runs fail on record.

    Args:
        config: an arm's, of any seed.
        by_author: whether somebody wrote all of it; a control may leave a setting of
            the study idle.

    Raises:
        SettingError: a component refuses a setting or does nothing with it; the path
            is the spec's.
        ReportgenError: a live object cannot be captured.
    """
    with suppress(SystemExit):
        check_run(config)
    with (
        suppress(SystemExit),
        warnings.catch_warnings(action="ignore"),  # a run will give them again
        reproducible_backend(),
        restored_generators(),
    ):
        _build_parts(config)
        if by_author:
            refuse_idle(config)


def _build_parts(config: RunConfig) -> None:
    training = config.training
    info = prepare(config.data).info
    model = _tried("model", config.model, lambda one: build_model(one, MODELS, info))
    loss = _tried("training.loss", training.loss, build_loss)
    if model is None or loss is None:
        return
    weights = [*model.value.parameters()]
    optimizer = _tried(
        "training.optimizer",
        training.optimizer,
        lambda one: build(one, "optimizer", {}, weights),
    )
    if optimizer is None or training.scheduler is None:
        return
    watched = training.select.metric.partition("@")[0]
    before = groups_of(optimizer.value)
    steps: list[set[str]] = []  # that each attempt went through

    def step_through(one: Component) -> Built:
        steps.append({before})
        built = build(one, "scheduler", {}, optimizer.value)
        fitting = Fitting(model, loss, optimizer, built, watched)
        for _ in range(training.epochs):
            steps[-1].add(groups_of(optimizer.value))
            fitting.step_scheduler({watched: 0.0})  # never better: it acts if ever
        return built

    _tried("training.scheduler", training.scheduler, step_through)
    if len(steps[-1]) == 1:
        what = f"it never acts: no step of {training.epochs} epochs is another"
        where = "params" if training.scheduler.params else "use"
        fix = "let it act earlier, or delete the scheduler"
        raise SettingError(f"training.scheduler.{where}", what, fix)


def _tried(
    path: str, component: Component, make: Callable[[Component], Built]
) -> Built | None:
    """What was made; None where this machine, not the settings, stands against it.

    Raises:
        SettingError: it was refused.
    """
    made: list[Built] = []
    error = raised_by(lambda: made.append(make(component)))
    if error is None:
        return made[0]
    if failure_kind(error) != "exception":
        return None
    said = ": ".join([type(error).__name__, *str(error).strip().splitlines()[:1]])
    what = f"'{component.use}' raised {said}"
    fix = "correct these settings, or the code that refuses them"
    key = faulty_key(component, make, said)
    where = f"params.{key}" if key else "params" if component.params else "use"
    raise SettingError(f"{path}.{where}", without_places(what), fix) from error


def faulty_key(
    component: Component, make: Callable[[Component], Built], said: str
) -> str | None:
    """The one setting without which it can be made, else the one that it speaks of."""

    def is_made_without(key: str) -> bool:
        rest = {name: one for name, one in component.params.items() if name != key}
        without = component.model_copy(update={"params": rest})
        try:
            return raised_by(lambda: make(without)) is None
        except SettingError:
            return False  # it is required

    keys = [*component.params]
    if len(keys) == 1:
        return keys[0]
    cures = [key for key in keys if is_made_without(key)]
    words = set(re.findall(r"[\w.+-]*\w", said))
    named = [key for key in keys if key in words or str(component.params[key]) in words]
    for found in (cures, named):
        if len(found) == 1:
            return found[0]
    return None
