"""Components bound before anything runs: `use` and `params` in, mistakes out.

The signature of what `use` names is the schema of `params`. What training fills in (a
model's `DataInfo`, an optimiser's parameters) is no setting and may not be written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import JsonValue

from reportgen.errors import SettingError, near_words, nearest
from reportgen.spec.positions import Mistake
from reportgen.spec.shape import describe_shape, misfit
from reportgen.spec.signature import (
    UNKNOWN_DEFAULT,
    Parameter,
    Signature,
    read_signature,
)
from reportgen.spec.wording import advise, describe, unknown_key

Kind = Literal["dataset", "transform", "model", "optimizer", "scheduler", "loss"]
Settings = Mapping[str, JsonValue]

HOMES: dict[str, str] = {
    "optimizer": "torch.optim",
    "scheduler": "torch.optim.lr_scheduler",
    "loss": "torch.nn",
}
FILLED_IN: dict[Kind, str] = {
    "model": "training fills it in from the data",
    "optimizer": "training hands the model's parameters over",
    "scheduler": "training hands the optimiser over",
    "loss": "training hands logits and labels over",
}


@dataclass(frozen=True)
class Catalogues:
    """What a spec may call by name, as `name -> module:attribute`.

    The layers above own the catalogues; whoever checks a study hands them in.
    """

    datasets: Mapping[str, str]
    transforms: Mapping[str, str]
    models: Mapping[str, str]
    metrics: Mapping[str, str]
    controls: Mapping[str, str] = field(default_factory=dict)
    sections: tuple[str, ...] = ()
    layouts: tuple[str, ...] = ()

    def of(self, kind: Kind) -> Mapping[str, str]:
        """The catalogue of one kind of component; empty for what PyTorch provides."""
        named: dict[Kind, Mapping[str, str]] = {
            "dataset": self.datasets,
            "transform": self.transforms,
            "model": self.models,
        }
        return named.get(kind, {})


def find_target(use: str, kind: str, catalogue: Mapping[str, str]) -> str:
    """The `module:attribute` that `use` means.

    Raises:
        SettingError: it is no name of the catalogue and no import path.
    """
    if use in catalogue:
        return catalogue[use]
    module, colon, attribute = use.partition(":")
    is_path = all(part.isidentifier() for part in module.split("."))
    if colon and is_path and attribute.isidentifier():
        return use
    if colon:
        fix = 'write it as "package.module:name"'
        raise SettingError("use", f"{use!r} is no import path", fix)
    home = HOMES.get(kind)
    if home:
        what = f"{use!r} says no module"
        guess = use if use[:1].isupper() else use.capitalize()
        raise SettingError("use", what, f'write an import path, e.g. "{home}:{guess}"')
    near = nearest(use, catalogue)
    fix = (
        f"{near} Or use module:name" if near[-1:] == "?" else f"{near}, or module:name"
    )
    raise SettingError("use", f"there is no {kind} {use!r}", fix)


def check_component(
    component: Settings, kind: Kind, catalogue: Mapping[str, str]
) -> list[Mistake]:
    """Check one component; paths of mistakes begin below it, at `use` or `params`."""
    use, params = str(component["use"]), component.get("params") or {}
    if not isinstance(params, dict):
        return []  # reported where the shape of the spec is checked
    try:
        signature = read_signature(find_target(use, kind, catalogue))
    except SettingError as error:
        return [Mistake((error.path,), error.what, error.fix)]
    settable = settings_of(signature, kind)
    if not settable and signature.open:
        what = f"{use!r} takes *args and **kwargs only, so nothing can be checked"
        fix = "wrap it in a function with named, typed parameters"
        return [Mistake(("use",), what, fix)]
    mistakes = [
        Mistake(
            ("params",),
            f"{use} needs '{parameter.name}'",
            f"add `{parameter.name}: …` ({describe_shape(parameter.shape)})",
            "owner",
        )
        for name, parameter in settable.items()
        if parameter.required and name not in {*params, *_meant(params, settable)}
    ]
    for name, value in params.items():
        mistakes += _check_setting(name, value, signature, kind)
    return mistakes


def _meant(params: Settings, settable: Mapping[str, Parameter]) -> set[str]:
    """What misspelt settings may be meant for: it is not missing besides."""
    unknown = [name for name in params if name not in settable]
    return {near for name in unknown for near in near_words(name, settable)}


def settings_of(signature: Signature, kind: Kind) -> dict[str, Parameter]:
    """The parameters a spec may set."""
    skipped = 1 if kind in ("optimizer", "scheduler") else 0
    if kind == "loss" and not signature.is_class:
        skipped = 2  # a function of logits and labels
    return {
        parameter.name: parameter
        for parameter in signature.parameters[skipped:]
        if not parameter.injected
    }


def _check_setting(
    name: str, value: JsonValue, signature: Signature, kind: Kind
) -> list[Mistake]:
    settable = settings_of(signature, kind)
    path = ("params", name)
    if name not in settable:
        if any(parameter.name == name for parameter in signature.parameters):
            what = f"'{name}' is no setting: {FILLED_IN.get(kind, 'it is filled in')}"
            return [Mistake(path, what, "delete it", "key")]
        return [] if signature.open else [unknown_key(path, settable)]
    if name in signature.unread:
        what = f"'{name}' is taken and nothing reads it, so it changes no run"
        return [Mistake(path, what, "delete it, or use it in the code", "key")]
    found = misfit(settable[name].shape, value)
    if found is None:
        return []
    below, shape = found
    expected = describe_shape(shape)
    for part in below:
        value = value[part]  # type: ignore[index]
    what = f"must be {expected}, not {describe(value)}"
    words = [str(word) for word in shape.words]
    fix = nearest(value, words) if words and isinstance(value, str) else ""
    return [Mistake((*path, *below), what, fix or advise(expected, value))]


def with_defaults(
    component: Settings, kind: Kind, catalogue: Mapping[str, str]
) -> dict[str, JsonValue]:
    """A sound component with its target resolved and its known defaults written out.

    Two components are the same run exactly where these are equal.
    """
    target = find_target(str(component["use"]), kind, catalogue)
    settable = settings_of(read_signature(target), kind)
    full = {
        name: parameter.default
        for name, parameter in settable.items()
        if not parameter.required and parameter.default != UNKNOWN_DEFAULT
    }
    params = component.get("params") or {}
    full |= params if isinstance(params, dict) else {}
    for name, value in full.items():  # 1 and 1.0 are one number to a float
        is_float = name in settable and settable[name].shape.kind == "float"
        if is_float and isinstance(value, int) and not isinstance(value, bool):
            full[name] = float(value)
    return {**component, "use": target, "params": full}
