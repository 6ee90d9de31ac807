"""Everything around the model: loss, optimiser, scheduler, data, loop, in rows."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, JsonValue

from reportgen.errors import InputError, Problem
from reportgen.records import CaptureRow
from reportgen.spec.model import RunConfig
from reportgen.training.capture.meaning import meaning_of
from reportgen.training.capture.values import Unreadable, plain
from reportgen.training.components import Built, load_target
from reportgen.training.fitting import Fitting
from reportgen.training.prepare import Prepared


def component_rows(
    path: str, built: Built, written: Mapping[str, Any], origin: str
) -> Iterator[CaptureRow]:
    """What was called and every argument it got, defaults included.

    Args:
        path: where the rows stand, e.g. `data`.
        built: what was called, and with which arguments.
        written: params from the spec.
        origin: where those params stand in the spec, e.g. `data.params`.

    Raises:
        InputError: an argument has no faithful JSON.
    """
    yield CaptureRow(
        path=f"{path}.use",
        value=built.target,
        source="spec",
        origin=origin.removesuffix("params") + "use",
        meaning="what is called",
    )
    function = load_target(built.target)
    for name, given in built.arguments.items():
        try:
            value = plain(given)
        except Unreadable as error:
            fix = "give the argument a default that is a number, a text or a list"
            what = f"cannot state the argument {name!r} of {built.target} ({error})"
            raise InputError(Problem(what, path, fix)) from error
        unit, meaning = meaning_of(function, name)
        yield CaptureRow(
            path=f"{path}.{name}",
            value=value,
            unit=unit,
            source="spec" if name in written else "default",
            origin=f"{origin}.{name}" if name in written else built.target,
            meaning=meaning,
        )


def optimizer_rows(
    fitting: Fitting, written: Mapping[str, Any]
) -> Iterator[CaptureRow]:
    """Every key of every param group, and defaults that no group holds."""
    optimizer = fitting.optimizer.value
    target = fitting.optimizer.target
    origin = "training.optimizer.params"
    yield _row("optimizer.use", target, ("spec", "training.optimizer.use"), "optimiser")
    groups = [
        (f"group{position}", group)
        for position, group in enumerate(optimizer.param_groups)
    ]
    held = {key for _, group in groups for key in group}
    rest = {key: value for key, value in optimizer.defaults.items() if key not in held}
    for name, settings in [*groups, ("defaults", rest)]:
        for key, value in settings.items():
            unit, meaning = meaning_of(type(optimizer), key)
            shown: Any = value
            source: tuple[Any, str] = ("default", target)
            if key == "params":
                key, shown, unit = "parameters", len(value), "tensors"
                meaning = "parameter tensors in this group"
                source = ("derived", "counted on the optimiser")
            elif key in written:
                source = ("spec", f"{origin}.{key}")
            elif key == "initial_lr":
                source = ("derived", "noted by the scheduler")
            yield CaptureRow(
                path=f"optimizer.{name}.{key}",
                value=plain(shown),
                unit=unit,
                source=source[0],
                origin=source[1],
                meaning=meaning,
            )


def scheduler_rows(config: RunConfig, fitting: Fitting) -> Iterator[CaptureRow]:
    """The scheduler's arguments, then what it keeps besides them."""
    written = config.training.scheduler
    if fitting.scheduler is None or written is None:
        yield _row(
            "scheduler.use",
            None,
            ("default", "training.scheduler"),
            "schedule of the step size; constant if null",
        )
        return
    yield from component_rows(
        "scheduler", fitting.scheduler, written.params, "training.scheduler.params"
    )
    for key, value in fitting.scheduler.value.state_dict().items():
        if key.startswith("_") or key in fitting.scheduler.arguments:
            continue
        try:
            shown = plain(value)
        except Unreadable:
            continue  # bookkeeping objects; its arguments are stated above
        unit, meaning = meaning_of(type(fitting.scheduler.value), key)
        yield CaptureRow(
            path=f"scheduler.state.{key}",
            value=shown,
            unit=unit,
            source="derived",
            origin="state of the scheduler before the first epoch",
            meaning=meaning,
        )


def data_rows(config: RunConfig, prepared: Prepared) -> Iterator[CaptureRow]:
    """The dataset, its shifts, the transforms, and the size of what came out."""
    yield from component_rows(
        "data", prepared.dataset, config.data.params, "data.params"
    )
    for name, built in prepared.shifts.items():
        written = config.data.shifts[name].params
        path = f"data.shifts.{name}"
        yield from component_rows(path, built, written, f"{path}.params")
        yield from _declared_rows(path, built)
    for position, built in enumerate(prepared.transforms):
        step = config.data.transforms[position]
        path = f"data.transforms[{position}]"
        yield from component_rows(path, built, step.params, f"{path}.params")
        yield from _declared_rows(path, built)
        touched = plain(step.splits)
        yield _row(
            f"{path}.splits",
            touched,
            ("default" if touched is None else "spec", f"{path}.splits"),
            "sets the transform touches; all of them if null",
        )
    info = prepared.info
    origin = ("derived", "read from the data as fed")
    yield _row("data.fed.channels", plain(info.channels), origin, "channels of a token")
    yield _row(
        "data.fed.vocabularies",
        plain(info.vocabularies),
        origin,
        "symbols of each channel",
    )
    yield _row("data.fed.length", info.length, origin, "tokens of a row as fed")
    yield _row("data.fed.classes", info.classes, origin, "number of labels")
    for name, split in prepared.sets.items():
        yield _row(f"data.fed.rows.{name}", len(split), origin, "rows as fed", "rows")


def _declared_rows(path: str, built: Built) -> Iterator[CaptureRow]:
    """What a transform says it must move and must leave alone."""
    origin = ("derived", f"declared by {built.target}")
    changes, keeps = plain(built.value.changes), plain(built.value.keeps)
    yield _row(f"{path}.changes", changes, origin, "what the transform must move")
    yield _row(f"{path}.keeps", keeps, origin, "what the transform must leave alone")


def training_rows(config: RunConfig) -> Iterator[CaptureRow]:
    """The settings of the loop itself, as the spec's model describes them.

    A value equal to the model's default counts as the default's: a record must be the
    same whether somebody typed the default or not.
    """
    skipped = ("optimizer", "scheduler", "loss", "select")
    for part, model in (
        ("training", config.training),
        ("training.select", config.training.select),
    ):
        yield from _model_rows(part, model, skipped)
    names = plain(config.metrics)
    yield _row("metrics", names, ("spec", "metrics"), "scores of every evaluation set")
    yield _row("seed", config.seed, ("spec", "seeds"), "seed of the run")


def _model_rows(
    part: str, model: BaseModel, skipped: tuple[str, ...]
) -> Iterator[CaptureRow]:
    dumped = model.model_dump(mode="json")
    for name, field in type(model).model_fields.items():
        if name in skipped:
            continue
        is_default = not field.is_required() and getattr(model, name) == field.default
        yield CaptureRow(
            path=f"{part}.{name}",
            value=dumped[name],
            unit="epochs" if name in ("epochs", "patience") else None,
            source="default" if is_default else "spec",
            origin="default of reportgen" if is_default else f"{part}.{name}",
            meaning=field.description or name,
        )


def _row(
    path: str,
    value: JsonValue,
    source: tuple[Any, str],
    meaning: str,
    unit: str | None = None,
) -> CaptureRow:
    return CaptureRow(
        path=path,
        value=value,
        unit=unit,
        source=source[0],
        origin=source[1],
        meaning=meaning,
    )
