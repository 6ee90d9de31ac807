"""The training loop: a config and its data in, curves, checkpoints and logits out.

One function, read straight down. B is the batch, T tokens, C channels, K classes.
"""

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from reportgen.records import Array, Checkpoint
from reportgen.spec.model import RunConfig
from reportgen.training.capture import capture_run
from reportgen.training.evaluation import (
    finite_or_none,
    forward,
    predict,
    score,
)
from reportgen.training.gradients import gradient_norm
from reportgen.training.journal import Journal, Rule, RunFailed
from reportgen.training.modes import measure_modes
from reportgen.training.prepare import Prepared
from reportgen.training.promises import measure_promises
from reportgen.training.seeding import seed_global, stream_generator
from reportgen.training.selection import Selection
from reportgen.training.setup import hold_still, set_up
from reportgen.training.watch import Watch
from reportgen.training.weights import copy_weights, weights_digest

Log = Callable[[str], None]


def train(config: RunConfig, prepared: Prepared, journal: Journal, log: Log) -> None:
    """Fit one model and score it, writing everything learnt into the journal.

    Raises:
        SettingError: a setting is refused.
        RunFailed: loss, outputs or parameters are no longer finite.
    """
    training, seed, precision = config.training, config.seed, config.training.precision
    inputs = {name: torch.tensor(one.inputs) for name, one in prepared.sets.items()}
    labels = torch.tensor(prepared.sets["train"].labels)  # (N,)
    train_columns = prepared.sets["train"].columns
    rows = len(labels)

    metrics, fitting = set_up(config, prepared)
    journal.capture, journal.architecture = capture_run(config, prepared, fitting)
    model, optimizer = fitting.model.value, fitting.optimizer.value
    order_stream = stream_generator(seed, "order")
    selection = Selection(config, metrics)
    best_weights: dict[str, Tensor] = {}
    journal.checks = measure_promises(
        prepared, {name: one.numpy() for name, one in inputs.items()}
    )
    watch = Watch(config, prepared, fitting)
    journal.watched = watch.findings

    def answers(name: str, when: str) -> Array:
        watch.start_scoring(name, when)
        outputs = predict(model, inputs[name], precision=precision, seed=seed)  # (N, K)
        watch.end_scoring()
        return outputs

    def put_on_record(rule: Rule, at: int, weights: dict[str, Tensor]) -> None:
        model.load_state_dict(weights)
        scores: dict[str, float | None] = {}
        for name, split in prepared.sets.items():
            outputs = answers(name, f"in scoring epoch {at}")
            found = score(metrics, outputs, split.labels, split.columns)
            for metric, value in found.items():
                scores[f"{name}.{metric}"] = finite_or_none(value)
            journal.arrays[f"logits/{name}@{rule}"] = outputs.astype(np.float32)
            # Codes are small; one array per split, shared by all runs fed with it.
            journal.arrays[f"inputs/{name}"] = split.inputs.astype(np.int32)
            journal.arrays[f"labels/{name}"] = split.labels
            for column, values in split.columns.items():
                journal.arrays[f"columns/{name}/{column}"] = values
        journal.checkpoints[rule] = Checkpoint(
            epoch=at, metrics=scores, weights=weights_digest(weights)
        )

    warned = False
    parameters = list(model.parameters())
    seed_global(seed, "dropout")
    model.train()
    for epoch in range(1, training.epochs + 1):
        journal.epoch = epoch
        hold_still(model, training.freeze, epoch)
        watch.start_epoch(epoch)
        order = torch.randperm(rows, generator=order_stream)  # (N,)
        seen: list[Tensor] = []
        objective = 0.0
        for batch in torch.split(order, training.batch_size):  # (B,)
            logits = forward(model, inputs["train"][batch], precision)  # (B, K)
            loss = fitting.loss.value(logits, labels[batch])  # ()
            value = loss.item()
            journal.note_loss(value)
            if not math.isfinite(value):
                raise RunFailed("non-finite", f"the training loss became {value}")
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            norm = clipped(parameters, training.gradient_clip)
            journal.gradients.add(norm, epoch)
            watch.step()
            optimizer.step()
            seen.append(logits.detach())
            objective += value * len(batch)
        require_finite(model)
        watch.end_epoch()

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
            answers("dev", f"after epoch {epoch}"),
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
            journal.rescue = partial(put_on_record, "best", epoch, best_weights)
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
    put_on_record("best", selection.epoch, best_weights)
    if epoch == selection.epoch:
        journal.last_is_best()  # the same weights: nothing to compute
    else:
        put_on_record("last", epoch, last_weights)
    watch.close()
    modes = measure_modes(
        model, inputs["dev"], watch.dropping, precision=precision, seed=seed
    )
    journal.checks += (*watch.findings(), *modes)


def clipped(parameters: Sequence[nn.Parameter], limit: float | None) -> float:
    """Clip the whole gradient to a limit, where there is one; its norm before that."""
    if limit is None:
        return gradient_norm(parameters)
    return nn.utils.clip_grad_norm_(parameters, limit).item()


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
