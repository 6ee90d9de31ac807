"""Set a run up: a config and its data in, everything it steps through out, checked."""

from fnmatch import fnmatchcase

import torch
from torch import nn
from torch.optim.lr_scheduler import ReduceLROnPlateau

from reportgen.errors import SettingError
from reportgen.metrics.metric import Metric, load_metric
from reportgen.spec.model import FreezeSpec, RunConfig
from reportgen.training.evaluation import require_columns
from reportgen.training.fitting import Fitting, build_fitting
from reportgen.training.prepare import Prepared
from reportgen.training.seeding import seed_global
from reportgen.training.selection import Selection


def set_up(config: RunConfig, prepared: Prepared) -> tuple[tuple[Metric, ...], Fitting]:
    """Everything a run needs, built from its initialisation stream and checked.

    Raises:
        SettingError: a setting is refused.
    """
    metrics = run_metrics(config)
    require_columns(metrics, prepared.sets)
    Selection(config, metrics)
    seed_global(config.seed, "initialisation")
    fitting = build_fitting(config, prepared.info)
    require_direction(metrics, fitting)
    require_precision(config.training.precision, fitting.model.value)
    require_effect(config.training.freeze, fitting.model.value)
    hold_still(fitting.model.value, config.training.freeze, 1)  # most are held first
    return metrics, fitting


def require_effect(freeze: tuple[FreezeSpec, ...], model: nn.Module) -> None:
    """Check that every freeze holds a parameter that would move without it.

    Raises:
        SettingError: the model, or another freeze for as long, holds all of them.
    """
    free = {name for name, one in model.named_parameters() if one.requires_grad}
    for position, spec in enumerate(freeze):
        named = {
            name
            for name, _ in model.named_parameters()
            if fnmatchcase(name, spec.parameters)
        }
        path = f"training.freeze[{position}]"
        if named and not named & free:
            what = f"the model holds all of {spec.parameters!r} still by itself"
            raise SettingError(path, what, "delete this freeze")
        others = {
            name
            for place, other in enumerate(freeze)
            if place != position and _holds_longer(other, spec, first=place < position)
            for name in named
            if fnmatchcase(name, other.parameters)
        }
        if named and named <= others:
            what = f"other freezes hold all of {spec.parameters!r} for as long"
            raise SettingError(path, what, "delete this freeze, or hold it longer")


def _holds_longer(other: FreezeSpec, spec: FreezeSpec, *, first: bool) -> bool:
    """Whether one freeze makes another idle; of two equal ones, the first counts."""
    if other.epochs == spec.epochs:
        return first
    if other.epochs == "all" or spec.epochs == "all":
        return other.epochs == "all"
    return other.epochs > spec.epochs


def require_direction(metrics: tuple[Metric, ...], fitting: Fitting) -> None:
    """Check that a scheduler that watches the selecting metric wants what it wants.

    Raises:
        SettingError: it waits for a plateau in the other direction.
    """
    if fitting.scheduler is None:
        return
    scheduler = fitting.scheduler.value
    measure = fitting.watched.partition(".")[2]
    higher = next(one for one in metrics if one.name == measure).higher_is_better
    wanted = "max" if higher else "min"
    if isinstance(scheduler, ReduceLROnPlateau) and scheduler.mode != wanted:
        path = "training.scheduler.params.mode"
        what = f"it watches {fitting.watched} as if {scheduler.mode} were better"
        raise SettingError(path, what, f"write mode: {wanted}")


def require_precision(precision: str, model: nn.Module) -> None:
    """Check that this processor can run the model in the precision asked for.

    Raises:
        SettingError: oneDNN has no bfloat16 LSTM here, and PyTorch no other.
    """
    has_lstm = any(isinstance(module, nn.LSTM) for module in model.modules())
    supported = torch.ops.mkldnn._is_mkldnn_bf16_supported()
    if precision == "bfloat16" and has_lstm and not supported:
        what = "this processor has no bfloat16 LSTM: it lacks AVX-512"
        fix = "use float32, or run on a processor that has it"
        raise SettingError("training.precision", what, fix)


def run_metrics(config: RunConfig) -> tuple[Metric, ...]:
    """The study's metrics, then those that selecting and watching a run need.

    Raises:
        SettingError: a metric does not exist.
    """
    measure = config.training.select.metric.partition("@")[0].partition(".")[2]
    names = dict.fromkeys((*config.metrics, measure, "loss"))
    return tuple(load_metric(name) for name in names)


def hold_still(model: nn.Module, freeze: tuple[FreezeSpec, ...], epoch: int) -> None:
    """Take frozen parameters out of the gradient for this epoch, put others back.

    A frozen parameter has no gradient at all, so no optimiser moves it, not even by
    weight decay. Parameters that no glob names stay as the model made them.

    Raises:
        SettingError: a glob names nothing, or nothing is left to train.
    """
    named = dict(model.named_parameters())
    held: dict[str, bool] = {}
    for position, spec in enumerate(freeze):
        matched = [name for name in named if fnmatchcase(name, spec.parameters)]
        if not matched:
            path = f"training.freeze[{position}].parameters"
            fix = f"parameters are {', '.join(named)}"
            raise SettingError(path, f"no parameter matches {spec.parameters!r}", fix)
        for name in matched:
            now = spec.epochs == "all" or epoch <= spec.epochs
            held[name] = held.get(name, False) or now
    for name, still in held.items():
        named[name].requires_grad_(not still)
    if not any(parameter.requires_grad for parameter in named.values()):
        fix = "leave at least one parameter free in every epoch"
        raise SettingError("training.freeze", "nothing is left to train", fix)
