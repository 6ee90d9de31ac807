"""Prepare the data of a run: a written `DataSpec` in, every evaluation set out.

Shifts are made from the raw test split; then transforms run over the splits they
name. No randomness here depends on a run's seed: arms and seeds see the same rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from reportgen.errors import SettingError, nearest
from reportgen.records import digest_array, digest_json
from reportgen.spec.model import Component, DataSpec
from reportgen.training.components import Built, build
from reportgen.training.data import SPLITS, DataInfo, Dataset, Split
from reportgen.training.datasets import DATASETS
from reportgen.training.steps import (
    Move,
    Step,
    build_transform,
    followed,
    run_data_code,
    step_generator,
)


@dataclass(frozen=True, eq=False)
class Prepared:
    """All sets as fed to the model, in order: train, dev, test, then the shifts."""

    sets: Mapping[str, Split]
    info: DataInfo
    digest: str  # of everything in `sets`
    dataset: Built
    transforms: tuple[Built, ...]
    shifts: Mapping[str, Built]
    steps: tuple[Step, ...] = ()  # shifts, then transforms, with what each did


def prepare(spec: DataSpec) -> Prepared:
    """Draw or load the data, shift and transform it; kept for the process.

    Raises:
        SettingError: a setting is refused; the path starts with `data`.
    """
    return _prepare(spec.model_dump_json())


@lru_cache(maxsize=32)
def _prepare(text: str) -> Prepared:
    spec = DataSpec.model_validate_json(text)
    dataset = _build_dataset(spec)
    raw: Dataset = dataset.value
    sets = {name: _locked(raw.splits[name]) for name in SPLITS}
    shifts = [
        _shift(name, component, dataset, sets)
        for name, component in spec.shifts.items()
    ]
    sets |= {name: step.moves[name].after for step in shifts for name in step.moves}
    transforms: list[Step] = []
    changed = set(spec.shifts)  # sets that a redrawing step would undo
    for position, written in enumerate(spec.transforms):
        path = f"data.transforms[{position}]"
        built = build_transform(written, path)
        touched = _touched(written.splits, tuple(sets), path)
        if built.value.redraws and changed & set(touched):
            raise SettingError(path, *_undoing(written, changed & set(touched), spec))
        changed |= set(touched)
        given = {name: sets[name] for name in touched}
        step = _do(path, built, given, dataset, (str(position), ""))
        sets |= {name: move.after for name, move in step.moves.items()}
        transforms.append(step)
    info = _describe(sets, raw.classes)
    return Prepared(
        sets,
        info,
        _digest(sets),
        dataset,
        tuple(step.built for step in transforms),
        {name: step.built for name, step in zip(spec.shifts, shifts, strict=True)},
        (*shifts, *transforms),
    )


def _undoing(written: Component, undone: set[str], spec: DataSpec) -> tuple[str, str]:
    """Word that a step would draw rows anew that something was done to, and the fix."""
    what = f"{written.use} draws new rows and would undo "
    if undone <= set(spec.shifts):
        names = ", ".join(name for name in spec.shifts if name in undone)
        return f"{what}the shift of {names}", f"name its splits: {', '.join(SPLITS)}"
    return f"{what}earlier transforms", f"list {written.use} before them"


def _shift(
    name: str, component: Component, dataset: Built, sets: Mapping[str, Split]
) -> Step:
    path = f"data.shifts.{name}"
    if name in SPLITS:
        fix = "give the shift another name"
        raise SettingError(path, f"{name!r} is already a split", fix)
    built = build_transform(component, path)
    return _do(path, built, {name: sets["test"]}, dataset, ("shift", name))


def _do(
    path: str,
    built: Built,
    given: Mapping[str, Split],
    dataset: Built,
    stream: tuple[str, str],
) -> Step:
    """Take some sets one step further, each with random numbers of its own."""
    seed, (position, only) = dataset.arguments.get("seed", 0), stream
    source = dataset.value.source

    def move(name: str, split: Split) -> Move:
        rng = step_generator(seed, position, only or name)
        after, rows = followed(built.value, split, source, rng)
        return Move(split, _locked(after), rows)

    where = f"{path}.params"
    moves = {
        name: run_data_code(where, built.target, partial(move, name, split))
        for name, split in given.items()
    }
    return Step(path, built, (seed, position, only), moves, source)


def _build_dataset(spec: DataSpec) -> Built:
    built = run_data_code("data", spec.use, lambda: build(spec, "dataset", DATASETS))
    if not isinstance(built.value, Dataset):
        fix = "return a reportgen.training.data.Dataset"
        raise SettingError("data.use", f"{spec.use!r} returns no Dataset", fix)
    for name in SPLITS:
        if name not in built.value.splits:
            fix = f"return a Split for each of {', '.join(SPLITS)}"
            raise SettingError("data.use", f"the dataset has no {name} split", fix)
    return built


def _locked(split: Split) -> Split:
    """The split with arrays that nobody can write to, since runs share them."""
    shared = (split.inputs, split.labels, split.oracle, *split.columns.values())
    for array in shared:
        if array is not None:
            array.setflags(write=False)
    return split


def _touched(
    written: tuple[str, ...] | None, sets: tuple[str, ...], path: str
) -> tuple[str, ...]:
    if written is None:
        return sets
    for position, name in enumerate(written):
        if name not in sets:
            what = f"there is no split {name!r}"
            raise SettingError(f"{path}.splits[{position}]", what, nearest(name, sets))
    return written


def _describe(sets: Mapping[str, Split], classes: int) -> DataInfo:
    """What a model must know, the same for every set.

    Raises:
        SettingError: the sets differ in channels or length, or codes are out of range.
    """
    train = sets["train"]
    length = train.inputs.shape[1]
    for name, split in sets.items():
        _check_codes(name, split, classes)
        if split.channels != train.channels or split.inputs.shape[1] != length:
            what = f"{name} and train are encoded differently"
            fix = "apply transforms that recode tokens to every split"
            raise SettingError("data.transforms", what, fix)
    return DataInfo(
        channels=tuple(channel.name for channel in train.channels),
        vocabularies=tuple(len(channel.symbols) for channel in train.channels),
        length=length,
        classes=classes,
    )


def _check_codes(name: str, split: Split, classes: int) -> None:
    inputs, labels = split.inputs, split.labels
    fix = "return inputs (N, T, C) and labels (N,), both int64 codes from 0"
    if inputs.dtype != np.int64 or labels.dtype != np.int64:
        what = f"{name} holds {inputs.dtype} inputs and {labels.dtype} labels"
        raise SettingError("data.use", what, fix)
    if inputs.ndim != 3 or labels.shape != inputs.shape[:1] or len(labels) == 0:
        what = f"{name} has inputs {inputs.shape} and labels {labels.shape}"
        raise SettingError("data.use", what, fix)
    sizes = np.array([len(channel.symbols) for channel in split.channels])
    if inputs.shape[2] != len(sizes) or inputs.min() < 0 or (inputs >= sizes).any():
        what = f"{name} has codes outside its channels' symbols"
        raise SettingError("data.use", what, fix)
    if labels.min() < 0 or labels.max() >= classes:
        what = f"{name} has labels outside 0 to {classes - 1}"
        raise SettingError("data.use", what, fix)


def split_digest(split: Split) -> str:
    """SHA-256 of what a model sees of a split: inputs and labels."""
    return digest_json([digest_array(split.inputs), digest_array(split.labels)])


def _digest(sets: Mapping[str, Split]) -> str:
    return digest_json(
        {
            name: {
                "fed": split_digest(split),
                "channels": [[one.name, *one.symbols] for one in split.channels],
                "columns": {
                    column: digest_array(values)
                    for column, values in split.columns.items()
                },
                "oracle": None if split.oracle is None else digest_array(split.oracle),
            }
            for name, split in sets.items()
        }
    )
