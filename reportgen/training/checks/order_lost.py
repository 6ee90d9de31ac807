"""Order lost: where a token stands says nothing about where it stood."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from reportgen.records import Array
from reportgen.training.chance import ALPHA, sign_bound, surplus_bound
from reportgen.training.invariant import (
    LOST,
    Change,
    Changes,
    Measured,
    broken,
    in_every_set,
    token_codes,
    unmeasured,
)

ROWS = 400  # looked at, at most
FEWEST = 25
REFERENCE_SEED = 20_240_613


@dataclass(frozen=True)
class OrderLost:
    """No position repeats what an earlier one held more often than chance has it.

    Two measurements on the rows before and after: every pair of an old and a new
    position must agree as often as if the row were in a random order (so a kept
    position, or one order for all rows, is seen), and neighbours must stay neighbours
    as rarely as in a random order of our own (so turned or cut rows are seen).
    """

    name: ClassVar = "order_lost"

    @property
    def says(self) -> str:
        """What must hold."""
        return "a token's position says nothing about the one it had"

    def measure(self, changes: Changes) -> Measured:
        """Compare positions, then neighbours, with a random order."""
        return in_every_set(changes, _measure)


def _measure(change: Change) -> Measured:
    origin = change.origin
    if origin is None:
        return LOST
    if origin.inputs.shape != change.after.inputs.shape:
        return broken("rows have another length")
    before, after = token_codes(origin.inputs[:ROWS], change.after.inputs[:ROWS])
    varied = (before != before[:, :1]).any(axis=1)
    before, after = before[varied], after[varied]
    if len(before) < FEWEST or before.shape[1] < 2:
        return unmeasured(f"{len(before)} rows are too few to tell from chance")
    bound, told = _positions(before, after)
    if bound < ALPHA:
        return broken(told)
    kept, by_chance = _neighbours(before, after)
    observed = (
        f"{told}; {kept.mean():.2f} neighbours a row stay "
        f"({by_chance.mean():.2f} by chance)"
    )
    wins, losses = int((kept > by_chance).sum()), int((kept < by_chance).sum())
    return Measured(sign_bound(wins, losses) >= ALPHA, observed)


def _positions(before: Array, after: Array) -> tuple[float, str]:
    """A bound on p of the most surprising pair of an old and a new position, told."""
    length = before.shape[1]
    same = before[:, :, None] == before[:, None, :]  # (N, T, T)
    chance = same.mean(axis=2)  # (N, T): share of the row's tokens that are equal
    agree = (before[:, :, None] == after[:, None, :]).sum(axis=0)  # (T, T)
    surplus = agree - chance.sum(axis=0)[:, None]
    variance = (chance * (1 - chance)).sum(axis=0)[:, None]
    bounds = surplus_bound(surplus, np.broadcast_to(variance, surplus.shape))
    old, new = np.unravel_index(int(bounds.argmin()), bounds.shape)
    # So many pairs were looked at.
    worst = min(1.0, float(bounds.min()) * length * length)
    told = (
        f"of {bounds.size} pairs of places token {new + 1} tells most, of token "
        f"{old + 1} before: {agree[old, new] / len(before):.3f} of rows agree "
        f"({chance[:, old].mean():.3f} by chance; p ≤ {worst:.2g})"
    )
    return worst, told


def _neighbours(before: Array, after: Array) -> tuple[Array, Array]:
    """Pairs of neighbours found again, per row: in `after`, and in an order of ours."""
    rng = np.random.default_rng(REFERENCE_SEED)
    return _found_again(before, after), _found_again(
        before, rng.permuted(before, axis=1)
    )


def _found_again(before: Array, after: Array) -> Array:
    size = int(before.max(initial=0)) + 1
    old = before[:, :-1] * size + before[:, 1:]  # (N, T - 1)
    new = after[:, :-1] * size + after[:, 1:]
    found: Array = (old[:, :, None] == new[:, None, :]).sum(axis=(1, 2))
    return found
