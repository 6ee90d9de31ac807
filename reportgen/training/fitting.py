"""What fits together: model, loss, optimiser and scheduler, built from a config."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from torch import nn
from torch.nn.parameter import is_lazy
from torch.optim.lr_scheduler import ReduceLROnPlateau

from reportgen.errors import SettingError
from reportgen.spec.model import RunConfig
from reportgen.training.components import Built, build, build_loss, build_model
from reportgen.training.data import DataInfo
from reportgen.training.models import MODELS


@dataclass(frozen=True)
class Fitting:
    """The live objects of one run, each with the arguments it was made with."""

    model: Built
    loss: Built
    optimizer: Built
    scheduler: Built | None
    watched: str  # the curve that a scheduler watching one is shown

    def step_scheduler(self, figures: Mapping[str, float]) -> None:
        """Let the scheduler act at the end of an epoch."""
        if self.scheduler is None:
            return
        if isinstance(self.scheduler.value, ReduceLROnPlateau):
            self.scheduler.value.step(figures[self.watched])
        else:
            self.scheduler.value.step()


def build_fitting(config: RunConfig, info: DataInfo) -> Fitting:
    """Build everything a run steps through, the model first.

    Raises:
        SettingError: a component refuses its settings; the path is the spec's.
    """
    training = config.training
    model = below("model", lambda: build_model(config.model, MODELS, info))
    if not isinstance(model.value, nn.Module):
        fix = "name a class that inherits from torch.nn.Module"
        raise SettingError("model.use", f"{config.model.use!r} builds no module", fix)
    require_ready(model.value, config.model.use)
    loss = below("training.loss", lambda: build_loss(training.loss))
    optimizer = below(
        "training.optimizer",
        lambda: build(training.optimizer, "optimizer", {}, model.value.parameters()),
    )
    scheduler = None
    if training.scheduler is not None:
        written = training.scheduler
        scheduler = below(
            "training.scheduler",
            lambda: build(written, "scheduler", {}, optimizer.value),
        )
    watched = training.select.metric.partition("@")[0]
    return Fitting(model, loss, optimizer, scheduler, watched)


def require_ready(model: nn.Module, use: str) -> None:
    """Check that a model is all there, on the processor that runs are made for.

    Raises:
        SettingError: a layer's size is open, or a parameter lies elsewhere.
    """
    tensors = [*model.parameters(), *model.buffers()]
    if any(is_lazy(one) for one in tensors):
        what = f"{use!r} leaves sizes open until it sees data"
        fix = (
            "give every layer its sizes; a `DataInfo` argument tells those of the data"
        )
        raise SettingError("model.use", what, fix)
    elsewhere = {one.device.type for one in tensors} - {"cpu"}
    if elsewhere:
        what = f"{use!r} puts numbers on {', '.join(sorted(elsewhere))}"
        raise SettingError("model.use", what, "build it on the CPU, where runs train")


def below(path: str, make: Callable[[], Built]) -> Built:
    """Build, with the component's place in the spec put before any complaint.

    Raises:
        SettingError: with the whole path.
    """
    try:
        return make()
    except SettingError as error:
        raise SettingError(f"{path}.{error.path}", error.what, error.fix) from error
