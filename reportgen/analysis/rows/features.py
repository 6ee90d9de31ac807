"""Features of rows: codes of tokens in, one numeric column per feature out.

Rows that hold fewer tokens than their array is wide are padded with a symbol that
stands for no token; it is known by its name, one of `PADDING`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from reportgen.records import Array

PADDING = ("", "<pad>", "[PAD]")
PERMUTATIONS = 999


@dataclass(frozen=True)
class RowFeatures:
    """Features of some rows, (N, T, C) codes.

    Attributes:
        symbols: per channel what the codes stand for; empty where it is not known.
    """

    rows: Array
    symbols: Sequence[Sequence[str]] = ()

    @cached_property
    def vocabularies(self) -> tuple[Array, ...]:
        """The codes that occur, by channel."""
        return tuple(
            np.unique(self.rows[:, :, place]) for place in range(self.rows.shape[2])
        )

    @cached_property
    def places(self) -> Array:
        """1 where a symbol stands at a place; (N, T x symbols of all channels)."""
        shown = [
            self.rows[:, :, place, None] == codes
            for place, codes in enumerate(self.vocabularies)
        ]
        flat = np.concatenate(shown, axis=2).reshape(len(self.rows), -1)
        return flat.astype(np.float32)

    @cached_property
    def counts(self) -> Array:
        """How often each symbol occurs; (N, symbols of all channels)."""
        return self.over_places(self.places)

    def over_places(self, values: Array) -> Array:
        """Values by place and symbol, summed over places; (N, T x V) to (N, V)."""
        length = self.rows.shape[1]
        summed: Array = values.reshape(len(values), length, -1).sum(axis=1)
        return summed

    @cached_property
    def lengths(self) -> Array:
        """Tokens that are no padding; shape (N,)."""
        padding = np.zeros(self.rows.shape[:2], dtype=bool)
        if self.symbols:
            codes = [i for i, one in enumerate(self.symbols[0]) if one in PADDING]
            padding = np.isin(self.rows[:, :, 0], codes)
        tokens: Array = (~padding).sum(axis=1)
        return tokens


def groupings(n: int, split: int) -> Array:
    """The two groups as they are, then as permuted; (B + 1, n), 1 in the first group.

    The permutations depend on the sizes alone, so the same rows give the same p.
    """
    return _first_group(n, split).astype(np.float32)


@lru_cache(maxsize=8)  # a study's sets have few sizes; 1 kB a row is kept for each
def _first_group(n: int, split: int) -> Array:
    rng = np.random.default_rng(n)
    groups = np.zeros((PERMUTATIONS + 1, n), dtype=np.bool_)
    groups[0, :split] = True
    for row in groups[1:]:
        row[rng.permutation(n)[:split]] = True
    return groups


def permutation_p(statistics: Array) -> float:
    """Share of arrangements at least as extreme as the first, which is the observed.

    Ties count as extreme: float sums of equal arrangements may differ in the last bit.

    Source: Phipson & Smyth (2010), Stat. Appl. Genet. Mol. Biol. 9:39.
    """
    slack = 1e-9 * float(np.abs(statistics).max())
    reached = int((statistics[1:] >= statistics[0] - slack).sum())
    return (reached + 1) / len(statistics)
