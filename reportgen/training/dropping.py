"""Dropout while a run goes on: a model and its batches in, where it rested out."""

from collections.abc import Iterator

import torch
from torch import nn

from reportgen.training.feed import Part
from reportgen.training.tally import Tally


class Dropping:
    """Sees whether dropout is on in every batch to fit, and off in every other.

    Each layer is asked in every batch whether it is on; one that shall never drop is
    built with a probability of 0. Whether anything was drawn is asked in the first
    batch of each part only: it catches what asks no layer, but two copies of the
    generator's state take as long as a small layer.

    Args:
        model: before its first step; it is left alone.
    """

    def __init__(self, model: nn.Module) -> None:
        self._layers = dict(dropping_layers(model))
        self._faults = Tally()
        self._before: bytes | None = None  # the generator's state, where it is asked

    def __bool__(self) -> bool:
        """Whether there is any layer that drops units."""
        return bool(self._layers)

    def paths(self) -> tuple[str, ...]:
        """Where those layers are in the model."""
        return tuple(self._layers)

    def before(self, part: Part) -> None:
        """A batch of this part goes in."""
        for path, layer in self._layers.items():
            if (layer.training and chance(layer) > 0) is not part.training:
                state = "off" if part.training else "on"
                self._faults.add(f"{part.name}: {path} is {state}", part.place())
        self._before = _state() if part.batches == 1 else None

    def after(self, part: Part) -> None:
        """It came out."""
        if self._before is None:
            return
        if (_state() != self._before) is not part.training:
            drawn = "nothing is" if part.training else "random numbers are"
            self._faults.add(f"{part.name}: {drawn} drawn", part.place())
        self._before = None

    def faults(self) -> list[str]:
        """What was not as it must be, and where."""
        return self._faults.told()


def dropping_layers(model: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """Layers that say they drop units: by path, those with a probability above zero."""
    for path, module in model.named_modules():
        if chance(module) > 0:
            yield path or "the model", module


def chance(module: nn.Module) -> float:
    """With which probability a layer says it drops a unit in training; 0 to 1."""
    found = 0.0
    if isinstance(module, nn.modules.dropout._DropoutNd):
        found = module.p
    elif isinstance(module, nn.RNNBase):
        found = module.dropout if module.num_layers > 1 else 0.0
    elif isinstance(module, nn.MultiheadAttention):
        found = module.dropout
    return found


def _state() -> bytes:
    """Of the generator that layers draw from."""
    return torch.get_rng_state().numpy().tobytes()
