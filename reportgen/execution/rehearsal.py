"""An arm tried before any run of it starts: a config in, what refuses it as an error.

What a constructor raises for given settings it raises under every seed and on every
machine: that is a mistake in the spec, to be told with its line and not once per run.
Whatever a model raises once it trains is the outcome of a run.
"""

import warnings
from collections.abc import Callable
from contextlib import suppress

from reportgen.errors import SettingError
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


def rehearse(config: RunConfig) -> None:
    """Build everything that a run needs, and step its scheduler to the last epoch.

    A model that is too large for this machine, or that leaves the process, passes: its
    runs fail on record.

    Raises:
        SettingError: a component refuses its settings; the path is the spec's.
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


def _build_parts(config: RunConfig) -> None:
    training = config.training
    info = prepare(config.data).info
    model = _tried(
        "model", config.model, lambda: build_model(config.model, MODELS, info)
    )
    loss = _tried("training.loss", training.loss, lambda: build_loss(training.loss))
    if model is None or loss is None:
        return
    weights = model.value.parameters()
    written = training.optimizer
    optimizer = _tried(
        "training.optimizer", written, lambda: build(written, "optimizer", {}, weights)
    )
    if optimizer is None or training.scheduler is None:
        return
    scheduler = training.scheduler

    def step_through() -> Built:
        built = build(scheduler, "scheduler", {}, optimizer.value)
        watched = training.select.metric.partition("@")[0]
        fitting = Fitting(model, loss, optimizer, built, watched)
        for _ in range(training.epochs):
            fitting.step_scheduler({watched: 0.0})
        return built

    _tried("training.scheduler", scheduler, step_through)


def _tried(path: str, component: Component, make: Callable[[], Built]) -> Built | None:
    """What was made; None where this machine, not the settings, stands against it.

    Raises:
        SettingError: it was refused.
    """
    made: list[Built] = []
    error = raised_by(lambda: made.append(make()))
    if error is None:
        return made[0]
    if failure_kind(error) != "exception":
        return None
    said = ": ".join([type(error).__name__, *str(error).strip().splitlines()[:1]])
    what = f"'{component.use}' raised {said}"
    fix = "correct these settings, or the code that refuses them"
    where = "params" if component.params else "use"
    raise SettingError(f"{path}.{where}", without_places(what), fix) from error
