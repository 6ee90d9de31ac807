"""Data and loop: prepared sets and a config in, their rows out."""

from collections.abc import Iterator

from pydantic import BaseModel

from reportgen.records import CaptureRow
from reportgen.spec.model import RunConfig
from reportgen.training.capture.components import argument_rows, component_rows
from reportgen.training.capture.rows import OURS, Origin, row
from reportgen.training.capture.values import plain
from reportgen.training.components import Built
from reportgen.training.prepare import Prepared

UNITS = {"epochs": "epochs", "patience": "epochs", "batch_size": "rows"}
AS_FED: Origin = ("derived", "read from the data as fed")


def data_rows(config: RunConfig, prepared: Prepared) -> Iterator[CaptureRow]:
    """The dataset, its shifts, the transforms, and the size of what came out."""
    yield from argument_rows(
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
        said: Origin = OURS if touched is None else ("spec", f"{path}.splits")
        meaning = "sets the transform touches; all of them if null"
        yield row(f"{path}.splits", touched, said, meaning)
    info = prepared.info
    digest = prepared.digest[:12]
    for name, value, meaning, unit in (
        ("channels", info.channels, "channels of a token", None),
        ("vocabularies", info.vocabularies, "symbols of each channel", "symbols"),
        ("length", info.length, "length of a row as fed", "tokens"),
        ("classes", info.classes, "labels that a row may have", "classes"),
        ("sha256", digest, "head of the digest of every set as fed", None),
    ):
        yield row(f"data.fed.{name}", plain(value), AS_FED, meaning, unit)
    for name, split in prepared.sets.items():
        yield row(f"data.fed.rows.{name}", len(split), AS_FED, "rows as fed", "rows")


def _declared_rows(path: str, built: Built) -> Iterator[CaptureRow]:
    """What a transform says it must move and must leave alone."""
    origin: Origin = ("derived", f"declared by {built.target}")
    changes, keeps = (
        [one.says for one in promised]
        for promised in (built.value.changes, built.value.keeps)
    )
    yield row(f"{path}.changes", changes, origin, "what the transform must move")
    yield row(f"{path}.keeps", keeps, origin, "what the transform must leave alone")


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
    yield row("metrics", names, ("spec", "metrics"), "scores of every evaluation set")
    yield row("seed", config.seed, ("spec", "seeds"), "seed of the run")
    yield row(
        "repeat",
        config.repeat,
        ("derived", "0 but for the control repeated-seed"),
        "which execution of the same settings this is; nothing else depends on it",
    )


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
            unit=UNITS.get(name),
            source=OURS[0] if is_default else "spec",
            origin=OURS[1] if is_default else f"{part}.{name}",
            meaning=field.description or name,
        )
