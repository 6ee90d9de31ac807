"""Idle settings: optimiser, loss and schedule in, what they do the same without out.

A setting may act only through another one: dampening through momentum, a smallest step
size through a schedule that gets there. Whether it acts is tried and not looked up:
each is left out in turn, and where all stays as it was, to the bit, it is idle.

Gradients and logits as far apart as float32 goes stand in for those of a run, and
scores that change at any rate for those that a schedule watches. Only parts of PyTorch
are tried: what they do follows from these alone, while a stranger's may wait for the
thousandth step.
"""

import inspect
import json
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import ReduceLROnPlateau

from reportgen.errors import SettingError
from reportgen.spec.model import Component, RunConfig
from reportgen.training.backend import reproducible_backend
from reportgen.training.capture.values import plain
from reportgen.training.components import build, build_loss, load_target
from reportgen.training.outside import raised_by
from reportgen.training.prepare import prepare

STEPS = 120  # of an optimiser: enough to meet limits on its step size
SHAPE = (8, 16)  # of the parameters it moves
SCALES = (-12.0, 3.0)  # powers of ten that gradients and logits reach
RATES = (0.0, *(10.0**power for power in range(-9, 1)))  # of a watched score, per epoch
LEVELS = (0.0, 10.0)  # that it starts from
# How a step is computed, and not what comes out.
WAYS = frozenset({"foreach", "fused", "capturable", "differentiable"})

Trace = list[Any]  # what a component did, equal where it did the same
Try = Callable[[Component], Trace]


def refuse_idle(config: RunConfig) -> None:
    """Check that optimiser, loss and schedule do something with each of their settings.

    Args:
        config: a run whose parts can be built.

    Raises:
        SettingError: a setting changes nothing; the path is the spec's.
    """
    parts = {"optimizer", "loss", "scheduler", "epochs"}
    written = config.training.model_dump_json(include=parts)
    with reproducible_backend():
        found = find_idle(written, prepare(config.data).info.classes)
    for path, use in found:
        what = f"it changes nothing: '{use}' does the same without it"
        fix = "delete it, or write the setting that it acts through"
        raise SettingError(f"training.{path}", what, fix)


@lru_cache(maxsize=64)  # most arms share all of these
def find_idle(written: str, classes: int) -> tuple[tuple[str, str], ...]:
    """Idle settings by their place below `training`, each with what takes it.

    Args:
        written: JSON of a spec's optimizer, loss, scheduler and epochs.
        classes: labels that a row may have.
    """
    training = json.loads(written)
    optimizer, loss, scheduler = (
        Component.model_validate(training[part] or {"use": ""})
        for part in ("optimizer", "loss", "scheduler")
    )

    def trace_schedule(one: Component) -> Trace:
        return schedule_trace(one, optimizer, training["epochs"])

    tried: tuple[tuple[str, Component, Try], ...] = (
        ("optimizer", optimizer, optimizer_trace),
        ("loss", loss, lambda one: loss_trace(one, classes)),
        ("scheduler", scheduler, trace_schedule),
    )
    return tuple(
        (f"{part}.params.{name}", component.use)
        for part, component, trace in tried
        if component.use.startswith("torch.")
        for name in idle_settings(component, trace)
    )


def idle_settings(component: Component, trace: Try) -> list[str]:
    """Settings that are not their default and that can be left out unnoticed."""
    usual = _defaults(component)
    own = [
        name
        for name, value in component.params.items()
        if name in usual and usual[name] != value and name not in WAYS
    ]
    whole = _attempt(component, trace) if own else None
    if whole is None:
        return []
    return [name for name in own if _attempt(_without(component, name), trace) == whole]


def _without(component: Component, name: str) -> Component:
    rest = {key: one for key, one in component.params.items() if key != name}
    return component.model_copy(update={"params": rest})


def _defaults(component: Component) -> Mapping[str, Any]:
    """What optional arguments are where nobody gives them, as a spec would write it."""
    parameters = inspect.signature(load_target(component.use)).parameters
    return {
        name: plain(one.default)
        for name, one in parameters.items()
        if one.default is not one.empty
    }


def _attempt(component: Component, trace: Try) -> Trace | None:
    """What a component did; None where it asks for more than this."""
    found: list[Trace] = []
    with warnings.catch_warnings(action="ignore"):  # a run will give them again
        try:
            raised_by(lambda: found.append(trace(component)))
        except SettingError:
            return None
    return found[0] if found else None


def optimizer_trace(component: Component) -> Trace:
    """Parameters after steps along gradients of every size, some of them steady."""
    drawn = torch.Generator().manual_seed(0)
    scale = torch.logspace(*SCALES, SHAPE[1])
    weights = nn.Parameter(torch.randn(SHAPE, generator=drawn))
    optimizer: Optimizer = build(component, "optimizer", {}, [weights]).value
    for _ in range(STEPS):
        gradient = torch.randn(SHAPE, generator=drawn)
        gradient[0].abs_()  # one row never turns
        weights.grad = gradient * scale
        optimizer.step()
    return [repr(weights.tolist())]


def loss_trace(component: Component, classes: int) -> Trace:
    """Loss and gradient of logits of every size, under every label."""
    drawn = torch.Generator().manual_seed(0)
    sizes = torch.logspace(*SCALES, SHAPE[1])
    rows = torch.randn((classes, SHAPE[1], classes), generator=drawn)
    logits = (rows * sizes[:, None]).flatten(0, 1).requires_grad_()  # (K·S, K)
    labels = torch.arange(classes).repeat_interleave(SHAPE[1])  # (K·S,)
    loss = build_loss(component).value(logits, labels)
    (gradient,) = torch.autograd.grad(loss.sum(), logits)
    return [repr(loss.tolist()), repr(gradient.tolist())]


def schedule_trace(component: Component, optimizer: Component, epochs: int) -> Trace:
    """All that the schedule may move in the optimiser's groups, epoch by epoch."""
    traces = []
    for level in LEVELS:
        for rate in (*RATES, *(-rate for rate in RATES)):
            weights = [nn.Parameter(torch.zeros(SHAPE))]
            stepped: Optimizer = build(optimizer, "optimizer", {}, weights).value
            schedule = build(component, "scheduler", {}, stepped).value
            watches = isinstance(schedule, ReduceLROnPlateau)
            for epoch in range(epochs):
                traces.append(groups_of(stepped))
                schedule.step(*((level + rate * epoch,) if watches else ()))
            if not watches:
                return traces
    return traces


def groups_of(optimizer: Optimizer) -> str:
    """Everything in an optimiser's groups that a schedule may change."""
    return repr(
        [
            [group.get(key) for key in optimizer.defaults]
            for group in optimizer.param_groups
        ]
    )
