"""Optimiser and scheduler as they stand before the first step, in rows."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import JsonValue
from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

from reportgen.errors import SettingError
from reportgen.records import CaptureRow
from reportgen.spec.model import Component
from reportgen.training.capture.components import argument_rows
from reportgen.training.capture.meaning import meaning_of
from reportgen.training.capture.objects import (
    attribute_rows,
    constructor_parameters,
    is_torchs,
    kept_value,
)
from reportgen.training.capture.rows import OURS, Origin, row
from reportgen.training.capture.values import (
    Unreadable,
    cannot_read,
    cannot_state,
    plain,
)
from reportgen.training.components import Built

WRITTEN = "training.optimizer.params"
HANDED_OVER = frozenset({"params", "optimizer"})  # by training
# What has rows of its own.
TOLD = frozenset({"param_groups", "defaults", "state", "schedulers"})


def optimizer_rows(
    model: nn.Module, built: Built, written: Mapping[str, Any]
) -> Iterator[CaptureRow]:
    """Every key of every param group, then whatever no group holds.

    Raises:
        SettingError: a written setting was replaced before the first step.
        InputError: an argument left no trace.
    """
    optimizer: Optimizer = built.value
    yield row(
        "optimizer.use",
        built.target,
        ("spec", "training.optimizer.use"),
        "what is called",
    )
    names = {id(one): name for name, one in model.named_parameters()}
    held: set[str] = set()
    for position, group in enumerate(optimizer.param_groups):
        path = f"optimizer.group{position}"
        held |= set(group)
        yield from _member_rows(path, group["params"], names)
        for key, value in group.items():
            if key in ("params", "param_names"):
                continue
            unit, meaning = meaning_of(type(optimizer), key)
            source = _origin(key, group, written, built.target)
            yield row(f"{path}.{key}", plain(value), source, meaning, unit)
    for key, value in optimizer.defaults.items():
        if key not in held:
            unit, meaning = meaning_of(type(optimizer), key)
            source = (
                ("spec", f"{WRITTEN}.{key}")
                if key in written
                else ("default", built.target)
            )
            yield row(f"optimizer.defaults.{key}", plain(value), source, meaning, unit)
    known = held | set(optimizer.defaults)
    yield from _trace_rows("optimizer", built, known, written)
    state: Origin = ("derived", "counted on the optimiser")
    meaning = "parameters that have an optimiser state before the first step"
    yield row("optimizer.state", len(optimizer.state), state, meaning, "tensors")


def _member_rows(
    path: str, members: list[Any], names: Mapping[int, str]
) -> Iterator[CaptureRow]:
    """How many parameters a group has, and which of the model's."""
    origin: Origin = ("derived", "counted on the optimiser")
    meaning = "parameter tensors in this group"
    yield row(f"{path}.parameters", len(members), origin, meaning, "tensors")
    which = [names.get(id(one), "a tensor outside the model") for one in members]
    whole = which == [*names.values()]
    told: JsonValue = "every parameter of the model" if whole else [*which]
    yield row(f"{path}.names", told, origin, "which parameters are in this group")


def _origin(
    key: str, group: Mapping[str, Any], written: Mapping[str, Any], target: str
) -> Origin:
    """Who set a key of a group.

    Raises:
        SettingError: the spec's value is nowhere in the group: no step would use it.
    """
    if key == "initial_lr":
        if "lr" in written and plain(group[key]) == plain(written["lr"]):
            return "spec", f"{WRITTEN}.lr"
        return "derived", "noted by the scheduler"
    if key not in written:
        return "default", target
    if plain(group[key]) == plain(written[key]):
        return "spec", f"{WRITTEN}.{key}"
    if plain(group.get(f"initial_{key}")) == plain(written[key]):
        return "derived", f"set by the scheduler from {WRITTEN}.{key}"
    used = plain(group[key])
    shown = f"{used:.6g}" if isinstance(used, float) else str(used)
    what = f"no step would use this: {shown} is put in its place"
    fix = "delete it, or the scheduler's or optimiser's setting that replaces it"
    raise SettingError(f"{WRITTEN}.{key}", what, fix)


def _trace_rows(
    path: str, built: Built, known: set[str], written: Mapping[str, Any]
) -> Iterator[CaptureRow]:
    """Arguments and attributes of an optimiser or scheduler that have no row yet.

    Raises:
        InputError: its class takes an argument that it neither keeps nor was called
            with in our sight.
    """
    owner, kind = built.value, type(built.value)
    seen = set(known)
    for parameter in constructor_parameters(kind):
        name = parameter.name
        if name in known | HANDED_OVER | TOLD:
            continue
        found, kept = kept_value(owner, name)
        if not found and name not in built.arguments:
            if is_torchs(kind):
                continue  # its effect is in the groups and the state below
            raise cannot_read(name, kind, path)
        seen.add(name)
        try:
            value = plain(kept if found else built.arguments[name])
        except Unreadable as error:
            raise cannot_state(name, kind, path, error) from error
        unit, meaning = meaning_of(kind, name)
        origin: Origin = ("default", built.target)
        if name in written:
            origin = ("spec", f"training.{path}.params.{name}")
        yield row(f"{path}.{name}", value, origin, meaning, unit)
    yield from attribute_rows(path, owner, seen | HANDED_OVER | TOLD)


def scheduler_rows(
    written: Component | None, built: Built | None
) -> Iterator[CaptureRow]:
    """The scheduler's arguments, then what it and those inside it keep besides.

    Raises:
        InputError: an argument left no trace.
    """
    if written is None or built is None:
        meaning = "schedule of the step size; constant if null"
        yield row("scheduler.use", None, OURS, meaning)
        return
    yield from argument_rows(
        "scheduler", built, written.params, "training.scheduler.params"
    )
    yield from _state_rows("scheduler.state", built, set(built.arguments))


def _state_rows(path: str, built: Built, known: set[str]) -> Iterator[CaptureRow]:
    scheduler = built.value
    yield from _trace_rows(path, built, known, {})
    if isinstance(scheduler, LRScheduler):
        last = plain(getattr(scheduler, "_last_lr", None))
        origin: Origin = ("derived", "state before the first epoch")
        yield row(f"{path}.last_lr", last, origin, "step size of each group now")
    inside = vars(scheduler).get("_schedulers", ())
    for position, one in enumerate(inside):
        target = f"{type(one).__module__}:{type(one).__qualname__}"
        below = f"{path}.{position}"
        origin = ("derived", f"inside {type(scheduler).__name__}")
        yield row(f"{below}.use", target, origin, "a scheduler inside the scheduler")
        yield from _state_rows(below, Built(target, one, {}), set())
