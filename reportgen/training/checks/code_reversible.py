"""Code reversible: tokens are written differently, and can be read back one by one."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from reportgen.records import Array
from reportgen.training.invariant import (
    LOST,
    Change,
    Changes,
    Measured,
    broken,
    held,
    same_rows,
    token_codes,
)

COUNTED = 1_000_000  # codes below this are counted rather than sorted


Written = Literal["joint", "factored", "split", "otherwise"]
SAYS: dict[Written, str] = {
    "joint": "each token is written as one code",
    "factored": "each token is written as one code per channel",
    "split": "each channel of a token is written as a token of its own",
    "otherwise": "each token is written otherwise",
}


@dataclass(frozen=True)
class CodeReversible:
    """Tokens are written as promised, and one code stands for one: a bijection.

    A token may become several tokens in a row, as long as all become equally many.

    Args:
        written: how, so that a step that does nothing is told from one that recodes;
            `otherwise` asks that no set is as it was.
    """

    written: Written = "otherwise"
    name: ClassVar = "code_reversible"

    @property
    def says(self) -> str:
        """What must hold."""
        return f"{SAYS[self.written]}, alike in all sets, and can be decoded"

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
            if not self._is_written(change, origin.inputs):
                return broken(f"{change.name}: tokens are not written so")
            raw.append(origin.inputs.reshape(rows * length, 1, -1))
            coded.append(after.inputs.reshape(rows * length, 1, -1))
        if len({one.shape[2] for one in coded}) > 1:
            return broken("sets are coded at different lengths")
        (before,) = token_codes(np.concatenate(raw))
        (after_codes,) = token_codes(np.concatenate(coded))
        return _judge(before.ravel(), after_codes.ravel())

    def _is_written(self, change: Change, before: Array) -> bool:
        """Whether tokens have the form that was promised."""
        after = change.after.inputs
        if self.written == "otherwise":
            return same_rows(before, after)[0] > 0
        (_, length, channels), shape = before.shape, after.shape[1:]
        wanted = {
            "joint": (length, 1),
            "factored": (length, channels),
            "split": (length * channels, 1),
        }
        return bool(shape == wanted[self.written])


def _judge(before: Array, after: Array) -> Measured:
    """Each code must stand for one token, and each token have one code."""
    tokens, codes = _distinct(before), _distinct(after)
    pairs = _distinct(before * (int(after.max(initial=0)) + 1) + after)
    if pairs == tokens == codes:
        return held(
            f"{tokens} different tokens and {codes} codes make {pairs} pairs: each "
            "token has one code of its own"
        )
    fault = "a code stands for several tokens"
    if codes >= tokens:
        fault = "a token has several codes"
    return broken(
        f"{tokens} different tokens and {codes} codes make {pairs} pairs: {fault}"
    )


def _distinct(codes: Array) -> int:
    """How many different codes there are; counting is faster than sorting."""
    if int(codes.max(initial=0)) < COUNTED:
        return int(np.count_nonzero(np.bincount(codes)))
    return len(np.unique(codes))
