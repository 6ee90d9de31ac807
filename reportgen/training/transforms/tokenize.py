"""Tokenise: how the channels of a token are presented to the model."""

from dataclasses import dataclass, replace
from itertools import product
from typing import ClassVar, Literal

import numpy as np

from reportgen.errors import SettingError
from reportgen.records import Array
from reportgen.training.checks.code_reversible import CodeReversible
from reportgen.training.checks.labels_kept import LabelsKept
from reportgen.training.data import Channel, Source, Split
from reportgen.training.invariant import Invariant


@dataclass(frozen=True)
class Tokenize:
    """Present each token as one joint symbol, as channels, or as several tokens.

    Args:
        scheme: how the channels of a token become codes. `joint`: one channel over all
            combinations, (N, T, 1); `factored`: the channels side by side, as drawn,
            (N, T, C); `split`: each channel a token of its own, one after the other,
            (N, T·C, 1).
    """

    scheme: Literal["joint", "factored", "split"]
    redraws: ClassVar = False

    @property
    def changes(self) -> tuple[Invariant, ...]:
        """Tokens are written in another code, which loses nothing."""
        return (CodeReversible(self.scheme),)

    @property
    def keeps(self) -> tuple[Invariant, ...]:
        """Labels stay."""
        return (LabelsKept(),)

    def __post_init__(self) -> None:
        if self.scheme not in ("joint", "factored", "split"):
            what = f"there is no scheme {self.scheme!r}"
            raise SettingError("scheme", what, "use joint, factored or split")

    def __call__(
        self, split: Split, *, source: Source | None, rng: np.random.Generator
    ) -> Split:
        """Recode the inputs."""
        if self.scheme == "factored":
            return split
        recode = _joint if self.scheme == "joint" else _split
        inputs, channel = recode(split)
        return replace(split, inputs=inputs, channels=(channel,))


def _joint(split: Split) -> tuple[Array, Channel]:
    """One code per combination, the last channel running fastest."""
    sizes = tuple(len(channel.symbols) for channel in split.channels)
    codes = np.ravel_multi_index(tuple(np.moveaxis(split.inputs, 2, 0)), sizes)
    combinations = product(*(channel.symbols for channel in split.channels))
    symbols = tuple("".join(parts) for parts in combinations)
    return codes[:, :, None].astype(np.int64), Channel("token", symbols)


def _split(split: Split) -> tuple[Array, Channel]:
    """One vocabulary of all symbols, the channels' codes laid end to end."""
    sizes = [len(channel.symbols) for channel in split.channels]
    offsets = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    codes = (split.inputs + offsets).reshape(len(split), -1)  # (N, T·C)
    symbols = tuple(one for channel in split.channels for one in channel.symbols)
    return codes[:, :, None].astype(np.int64), Channel("token", symbols)
