"""Code reversible: tokens are written differently, and can be read back one by one."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.records import Array
from reportgen.training.invariant import (
    LOST,
    Changes,
    Measured,
    broken,
    held,
    token_codes,
)

COUNTED = 1_000_000  # codes below this are counted rather than sorted


@dataclass(frozen=True)
class CodeReversible:
    """One code stands for one token, in every set alike: a bijection.

    A token may become several tokens in a row, as long as all become equally many.
    """

    name: ClassVar = "code_reversible"

    @property
    def says(self) -> str:
        """What must hold."""
        return "each token has one code of its own in all sets: decoding gives it back"

    def measure(self, changes: Changes) -> Measured:
        """Read every row back with a code book learnt from the pairs themselves."""
        raw: list[Array] = []
        coded: list[Array] = []
        for change in changes:
            origin, after = change.origin, change.after
            if origin is None:
                return LOST
            rows, length, _ = origin.inputs.shape
            if len(after) != rows or after.inputs.shape[1] % length:
                return broken(f"{change.name}: tokens do not fall together")
            raw.append(origin.inputs.reshape(rows * length, 1, -1))
            coded.append(after.inputs.reshape(rows * length, 1, -1))
        if len({one.shape[2] for one in coded}) > 1:
            return broken("sets are coded at different lengths")
        (before,) = token_codes(np.concatenate(raw))
        (after_codes,) = token_codes(np.concatenate(coded))
        return _judge(before.ravel(), after_codes.ravel())


def _judge(before: Array, after: Array) -> Measured:
    """Each code must stand for one token, and each token have one code."""
    tokens, codes = _distinct(before), _distinct(after)
    pairs = _distinct(before * (int(after.max(initial=0)) + 1) + after)
    if pairs == tokens == codes:
        return held(f"{tokens} tokens, {codes} codes, {pairs} pairs of both")
    fault = "codes stand for several tokens" if codes < tokens else "codes vary"
    return broken(f"{tokens} tokens, {codes} codes, {pairs} pairs: {fault}")


def _distinct(codes: Array) -> int:
    """How many different codes there are; counting is faster than sorting."""
    if int(codes.max(initial=0)) < COUNTED:
        return int(np.count_nonzero(np.bincount(codes)))
    return len(np.unique(codes))
