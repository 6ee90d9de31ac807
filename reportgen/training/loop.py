"""The training loop: a config and its data in, curves, checkpoints and logits out.

One function, read straight down. B is the batch, T tokens, C channels, K classes.
"""

import math
from collections.abc import Callable
from fnmatch import fnmatchcase

import numpy as np
import torch
from torch import Tensor, nn

from reportgen.errors import SettingError
from reportgen.metrics.metric import Metric, load_metric
from reportgen.records import Checkpoint
from reportgen.spec.model import FreezeSpec, RunConfig
from reportgen.training.capture import capture_run
from reportgen.training.evaluation import (
    finite_or_none,
    forward,
    predict,
    require_columns,
    score,
)
from reportgen.training.fitting import build_fitting
from reportgen.training.journal import Journal, RunFailed
from reportgen.training.prepare import Prepared
from reportgen.training.seeding import seed_global, stream_generator
from reportgen.training.selection import Selection
from reportgen.training.weights import copy_weights, weights_digest

Log = Callable[[str], None]


def train(config: RunConfig, prepared: Prepared, journal: Journal, log: Log) -> None:
    """Fit one model and score it, writing everything learnt into the journal.

    Raises:
        SettingError: a setting is refused.
        RunFailed: loss, outputs or parameters are no longer finite.
    """
    training, seed, precision = config.training, config.seed, config.training.precision
    metrics = run_metrics(config)
    require_columns(metrics, prepared.sets)
    inputs = {name: torch.tensor(one.inputs) for name, one in prepared.sets.items()}
    labels = torch.tensor(prepared.sets["train"].labels)  # (N,)
    train_columns = prepared.sets["train"].columns
    rows = len(labels)

    seed_global(seed, "initialisation")
    fitting = build_fitting(config, prepared.info)
    model, optimizer = fitting.model.value, fitting.optimizer.value
    order_stream = stream_generator(seed, "order")
    journal.capture, journal.architecture = capture_run(config, prepared, fitting)

    selection = Selection(config, metrics)
    best_weights: dict[str, Tensor] = {}
    warned = False
    seed_global(seed, "dropout")
    model.train()
    for epoch in range(1, training.epochs + 1):
        journal.epoch = epoch
        hold_still(model, training.freeze, epoch)
        order = torch.randperm(rows, generator=order_stream)  # (N,)
        seen: list[Tensor] = []
        objective = 0.0
        for batch in torch.split(order, training.batch_size):  # (B,)
            logits = forward(model, inputs["train"][batch], precision)  # (B, K)
            loss = fitting.loss.value(logits, labels[batch])  # ()
            value = loss.item()
            if not math.isfinite(value):
                raise RunFailed("non-finite", f"the training loss became {value}")
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            if training.gradient_clip is not None:
                nn.utils.clip_grad_norm_(model.parameters(), training.gradient_clip)
            optimizer.step()
            seen.append(logits.detach())
            objective += value * len(batch)
        require_finite(model)

        # Outputs of each batch before its step: free, and in training mode.
        running = score(
            metrics,
            torch.cat(seen).numpy(),  # (N, K)
            labels[order].numpy(),
            {name: column[order.numpy()] for name, column in train_columns.items()},
        )
        dev = prepared.sets["dev"]
        held_out = score(
            metrics,
            predict(model, inputs["dev"], precision=precision, seed=seed),
            dev.labels,
            dev.columns,
        )
        figures = {
            "train.objective": objective / rows,
            **{f"train.{name}": value for name, value in running.items()},
            **{f"dev.{name}": value for name, value in held_out.items()},
        }
        for name, figure in figures.items():
            journal.curves.setdefault(name, []).append(finite_or_none(figure))
        improved = selection.update(epoch, figures)
        if improved:
            best_weights = copy_weights(model)
        log(epoch_line(epoch, config, figures, improved=improved))
        if not warned and has_diverged(epoch, config, figures, prepared.info.classes):
            log(f"warning: train.loss {running['loss']:.3f} is above ln K + 1")
            warned = True
        fitting.step_scheduler(figures)
        if selection.exhausted(epoch):
            log(f"stopped: {training.select.metric} has not improved of late")
            break

    if not best_weights:
        raise RunFailed("non-finite", f"{training.select.metric} was never finite")
    last_weights = copy_weights(model)
    ends = {"best": (selection.epoch, best_weights), "last": (epoch, last_weights)}
    for rule, (at, weights) in ends.items():
        model.load_state_dict(weights)
        scores: dict[str, float | None] = {}
        for name, split in prepared.sets.items():
            outputs = predict(model, inputs[name], precision=precision, seed=seed)
            found = score(metrics, outputs, split.labels, split.columns)
            for metric, value in found.items():
                scores[f"{name}.{metric}"] = finite_or_none(value)
            journal.arrays[f"logits/{name}@{rule}"] = outputs.astype(np.float32)
        journal.checkpoints[rule] = Checkpoint(
            epoch=at, metrics=scores, weights=weights_digest(weights)
        )
    for name, split in prepared.sets.items():
        # Codes are small; one array per split, shared by all runs that were fed it.
        journal.arrays[f"inputs/{name}"] = split.inputs.astype(np.int32)
        journal.arrays[f"labels/{name}"] = split.labels
        for column, values in split.columns.items():
            journal.arrays[f"columns/{name}/{column}"] = values


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


def require_finite(model: nn.Module) -> None:
    """Check every parameter.

    Raises:
        RunFailed: one holds NaN or an infinity.
    """
    for name, parameter in model.named_parameters():
        if not torch.isfinite(parameter).all():
            raise RunFailed("non-finite", f"the parameter {name} is no longer finite")


def has_diverged(
    epoch: int, config: RunConfig, figures: dict[str, float], classes: int
) -> bool:
    """Whether the loss is far above that of guessing after a tenth of the training.

    Source: statistical protocol, detector `diverged`: loss > ln K + 1.
    """
    late = epoch > config.training.epochs / 10
    return late and figures["train.loss"] > math.log(classes) + 1


def epoch_line(
    epoch: int, config: RunConfig, figures: dict[str, float], *, improved: bool
) -> str:
    """One line of the log: the losses, the selecting metric, a star where best."""
    shown = dict.fromkeys(
        ("train.loss", "dev.loss", config.training.select.metric.partition("@")[0])
    )
    parts = [f"{name} {figures[name]:.3f}" for name in shown]
    star = " *" if improved else ""
    return f"epoch {epoch}/{config.training.epochs} {' '.join(parts)}{star}"
