"""Planted faults of data: a simulated bundle and other rows in, the bundle out."""

from collections.abc import Collection
from dataclasses import replace

from reportgen.records import Array, digest_array
from tests.analysis.factory import Bundle


def fed_rows(bundle: Bundle, arm: str, name: str) -> Array:
    """The rows an arm was fed as one set."""
    return bundle.arrays[
        next(
            one.record.arrays[f"inputs/{name}"]
            for one in bundle.runs
            if one.variant == arm and f"inputs/{name}" in one.record.arrays
        )
    ]


def with_array(
    bundle: Bundle, name: str, array: Array, arms: Collection[str] | None = None
) -> Bundle:
    """The bundle with one array replaced in the arms given, or in all."""
    digest = digest_array(array)
    runs = []
    for one in bundle.runs:
        record = one.record
        if name in record.arrays and (arms is None or one.variant in arms):
            arrays = {**record.arrays, name: digest}
            record = record.model_copy(update={"arrays": arrays})
        runs.append(one.model_copy(update={"record": record}))
    return replace(bundle, runs=tuple(runs), arrays={**bundle.arrays, digest: array})


def copied(bundle: Bundle, rows: int) -> Bundle:
    """The bundle with its first test rows copied from training."""
    test = fed_rows(bundle, "baseline", "test").copy()
    test[:rows] = fed_rows(bundle, "baseline", "train")[:rows]
    return with_array(bundle, "inputs/test", test)
