"""Rows that are copies of others: a run and a set in, the source of each row out.

Copies of one row say one thing about rows not drawn yet, whatever the order of their
tokens. Contributions are therefore gathered by source before anything is said of new
rows: a set of 2,000 rows in 5 orders each counts as 2,000 rows.

Which rows are copies follows from the transforms that a run was told, and for a shifted
set of a user's own transform from its labels and columns, where they are those of the
test rows over and over.
"""

from collections.abc import Iterator

import numpy as np

from reportgen.analysis.evidence.results import Results
from reportgen.analysis.rows.clean import CLEAN, stored_set
from reportgen.records import Array, RunRecord
from reportgen.spec.model import Component

SHUFFLES = ("shuffle_tokens", ":ShuffleTokens")
REPEATS = ("repeat_rows", ":RepeatRows")
SET, SPLITS = "test", ("train", "dev", "test")


def source_rows(results: Results, record: RunRecord, name: str) -> Array | None:
    """Which row each row of a set is a copy of, shape (N,); None where none is one.

    Sources are numbered in the order of the rows before any was copied.
    """
    labels = record.arrays.get(f"labels/{stored_set(name)}")
    if labels is None:
        return None
    rows = len(results.arrays[labels])
    found = _told(record, stored_set(name), rows)
    if found is None and name not in (*SPLITS, CLEAN):
        found = _tiled(results, record, name, rows)
    return found


def gather(rows: Array, sources: Array) -> Array:
    """Contributions of sources, with the mean of those of their copies.

    Copies of one source need not be as many as those of another, so what a source adds
    to the mean is linearised around it.
    """
    counts = np.bincount(sources)
    mean = rows.mean()
    sums = np.bincount(sources, weights=rows - mean)[counts > 0]
    found: Array = mean + sums * (len(sums) / len(rows))
    return found


def same_sources(results: Results, record: RunRecord, names: tuple[str, str]) -> bool:
    """Whether two sets hold the same rows in order, each counted once."""
    first, second = (list(_of_sources(results, record, name)) for name in names)
    return bool(first) and len(first) == len(second) and all(map(_equal, first, second))


def _equal(one: Array, other: Array) -> bool:
    return np.array_equal(one, other)


def _of_sources(results: Results, record: RunRecord, name: str) -> Iterator[Array]:
    """Labels and columns of a set, each source once."""
    sources = source_rows(results, record, name)
    kept = None if sources is None else np.unique(sources, return_index=True)[1]
    for values in _marks(results, record, name):
        yield values if kept is None else values[kept]


def _marks(results: Results, record: RunRecord, name: str) -> Iterator[Array]:
    """Labels and columns of a set: what stays with a row when it is recoded."""
    prefixes = (f"labels/{name}", f"columns/{name}/")
    for key in sorted(record.arrays):
        if key.startswith(prefixes):
            yield results.arrays[record.arrays[key]]


def _told(record: RunRecord, name: str, rows: int) -> Array | None:
    """The sources by the transforms that a run was told; None where none copies."""
    steps: list[Component] = [
        step
        for step in record.config.data.transforms
        if step.splits is None or name in step.splits
    ]
    if name in record.config.data.shifts:
        steps.insert(0, record.config.data.shifts[name])
    copying = [step for step in steps if step.use.endswith((*SHUFFLES, *REPEATS))]
    sizes = [rows]
    for step in reversed(copying):
        sizes.append(_size_before(step, sizes[-1]))
    found = np.arange(sizes[-1])
    for step in copying:
        found = found[_copied(step, len(found))]
    return found if len(found) == rows > sizes[-1] else None


def _size_before(step: Component, rows: int) -> int:
    """How many rows there were, from how many there are."""
    if step.use.endswith(SHUFFLES):
        return rows // _number(step, "copies")
    first, times = _number(step, "rows"), _number(step, "times")
    before = rows - first * times
    return before if before >= first else rows // (1 + times)


def _copied(step: Component, rows: int) -> Array:
    """The places that rows are taken from."""
    own = np.arange(rows)
    if step.use.endswith(SHUFFLES):
        return np.tile(own, _number(step, "copies"))
    first, times = _number(step, "rows"), _number(step, "times")
    return np.concatenate([own, np.repeat(own[:first], times)])


def _number(step: Component, name: str) -> int:
    value = step.params.get(name, 1)
    return value if isinstance(value, int) else 1


def _tiled(results: Results, record: RunRecord, name: str, rows: int) -> Array | None:
    """The sources where a shifted set is the test rows more than once."""
    usual = list(_marks(results, record, SET))
    copies, rest = divmod(rows, len(usual[0])) if usual else (0, 0)
    if copies < 2 or rest:
        return None
    shifted = list(_marks(results, record, name))
    alike = len(shifted) == len(usual) and all(
        np.array_equal(np.tile(one, copies), other)
        for one, other in zip(usual, shifted, strict=True)
    )
    return np.tile(np.arange(len(usual[0])), copies) if alike else None
