"""The live module tree: an `nn.Module` in, one row per argument and parameter out."""

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import nn

from reportgen.records import CaptureRow
from reportgen.training.capture.meaning import meaning_of
from reportgen.training.capture.readers import READERS
from reportgen.training.capture.values import Unreadable, cannot_read, plain
from reportgen.training.components import Built, load_target
from reportgen.training.data import DataInfo

CHILDREN = (nn.Sequential, nn.ModuleList, nn.ModuleDict)  # arguments are the children


def capture_modules(model: Built, spec: Mapping[str, Any]) -> Iterator[CaptureRow]:
    """Rows for the model's own arguments, then for every module below it.

    Args:
        model: the live model and the arguments it was built with.
        spec: the params that were written in the spec.

    Raises:
        InputError: a module was given an argument that left no trace on it.
    """
    root = model.value
    yield CaptureRow(
        path="model.use",
        value=model.target,
        source="spec",
        origin="model.use",
        meaning="what is called",
    )
    yield from _root_rows(model, spec)
    for path, module in root.named_modules():
        if path:
            yield from _module_rows(f"model.{path}", module, type(root).__name__)
    yield from _parameter_rows(root)


def _root_rows(model: Built, spec: Mapping[str, Any]) -> Iterator[CaptureRow]:
    function = load_target(model.target)
    for name, given in model.arguments.items():
        if isinstance(given, DataInfo):
            continue  # the rows of `data` tell the same
        unit, meaning = meaning_of(function, name)
        live = _live_value(model.value, name, given)
        written = name in spec
        yield CaptureRow(
            path=f"model.{name}",
            value=live,
            unit=unit,
            source="spec" if written else "default",
            origin=f"model.params.{name}" if written else model.target,
            meaning=meaning,
        )
    yield from _other_attributes("model", model.value, set(model.arguments))


def _live_value(module: nn.Module, name: str, given: Any) -> Any:
    """The attribute of this name where it holds a plain value, else the argument."""
    kept = vars(module).get(name, given)
    try:
        return plain(kept)
    except Unreadable:
        try:
            return plain(given)
        except Unreadable:
            raise cannot_read(name, type(module).__name__) from None


def _module_rows(path: str, module: nn.Module, root: str) -> Iterator[CaptureRow]:
    kind = type(module)
    seen: set[str] = set()
    for parameter in constructor_parameters(kind):
        seen.add(parameter.name)
        value = _read(module, parameter.name)
        unit, meaning = meaning_of(kind, parameter.name)
        is_default = parameter.default is not inspect.Parameter.empty and _same(
            value, parameter.default
        )
        yield CaptureRow(
            path=f"{path}.{parameter.name}",
            value=value,
            unit=unit,
            source="default" if is_default else "derived",
            origin=f"{kind.__module__}.{kind.__qualname__}"
            if is_default
            else f"set by {root}",
            meaning=meaning,
        )
    yield from _other_attributes(path, module, seen)


def constructor_parameters(kind: type[nn.Module]) -> list[inspect.Parameter]:
    """Named constructor arguments, those of parents included where `*args` pass on."""
    if issubclass(kind, CHILDREN):
        return []
    found: dict[str, inspect.Parameter] = {}
    for owner in kind.__mro__:
        if "__init__" not in vars(owner) or owner is nn.Module or owner is object:
            continue
        parameters = list(
            inspect.signature(vars(owner)["__init__"]).parameters.values()
        )[1:]
        for one in parameters:
            variable = one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
            # torch's underscored arguments hand over tensors that `parameters` shows.
            if not variable and not one.name.startswith("_"):
                found.setdefault(one.name, one)
        if not any(
            one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD) for one in parameters
        ):
            break
    return [one for one in found.values() if one.annotation is not DataInfo]


def _read(module: nn.Module, name: str) -> Any:
    """What a module was given as `name`, read from the module itself.

    Raises:
        InputError: it left no trace.
    """
    for kind in type(module).__mro__:
        if name in READERS.get(kind, {}):
            return plain(READERS[kind][name](module))
    if name in ("device", "dtype"):
        tensors = [*module.parameters(), *module.buffers()]
        return plain(getattr(tensors[0], name)) if tensors else None
    if not hasattr(module, name):
        raise cannot_read(name, type(module).__name__)
    kept = getattr(module, name)
    if isinstance(kept, nn.Module):
        return f"module {type(kept).__name__}"  # it has rows of its own
    if name == "bias" and (kept is None or isinstance(kept, torch.Tensor)):
        return kept is not None
    try:
        return plain(kept)
    except Unreadable as error:
        raise cannot_read(name, type(module).__name__) from error


def _same(value: Any, default: Any) -> bool:
    try:
        return bool(plain(default) == value)
    except Unreadable:
        return False


def _other_attributes(
    path: str, module: nn.Module, seen: set[str]
) -> Iterator[CaptureRow]:
    """Public plain attributes that are no constructor argument."""
    for name, kept in sorted(vars(module).items()):
        if name.startswith("_") or name in seen or name == "training":
            continue
        if isinstance(kept, bool | int | float | str | tuple | list):
            try:
                value = plain(kept)
            except Unreadable:
                continue
            unit, meaning = meaning_of(type(module), name)
            yield CaptureRow(
                path=f"{path}.{name}",
                value=value,
                unit=unit,
                source="derived",
                origin=f"attribute of {type(module).__name__}",
                meaning=meaning,
            )


def _parameter_rows(model: nn.Module) -> Iterator[CaptureRow]:
    """Shape, count and initial statistics of every parameter, then the totals."""
    for name, parameter in model.named_parameters():
        values = parameter.detach().double()
        facts: list[tuple[str, Any, str | None, str]] = [
            ("shape", list(parameter.shape), None, "shape of the parameter"),
            ("count", parameter.numel(), "parameters", "numbers it holds"),
            ("initial_mean", float(values.mean()), None, "mean before training"),
            (
                "initial_sd",
                float(values.std(unbiased=False)),
                None,
                "standard deviation before training",
            ),
        ]
        for fact, value, unit, meaning in facts:
            yield CaptureRow(
                path=f"parameters.{name}.{fact}",
                value=value,
                unit=unit,
                source="derived",
                origin="read from the model before its first step",
                meaning=meaning,
            )
    trainable = sum(p.numel() for p in model.parameters() if p.requires_grad)
    total = sum(parameter.numel() for parameter in model.parameters())
    for path, value, meaning in (
        ("parameters.total", total, "numbers the model holds"),
        ("parameters.trainable", trainable, "of these, open to training at the start"),
    ):
        yield CaptureRow(
            path=path,
            value=value,
            unit="parameters",
            source="derived",
            origin="counted on the model before its first step",
            meaning=meaning,
        )
