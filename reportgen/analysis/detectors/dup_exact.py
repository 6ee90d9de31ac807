"""Exact duplicates: evaluation rows that occur in training, against the chance rate."""

import numpy as np
from scipy import stats

from reportgen.analysis.checks import Detector, Missing, Reading
from reportgen.analysis.results import Results
from reportgen.records import Array, RunRecord
from reportgen.spec.model import BASELINE

SURPRISE = 0.01
SHARE = 0.01


def _read(results: Results) -> list[Reading | Missing]:
    record = next(
        (one for _, one in results.records(BASELINE) if "inputs/train" in one.arrays),
        None,
    )
    names = [name for name in results.sets() if name != "train"]
    if record is None:
        return [Missing(name, "the rows fed were not kept") for name in names]
    train = _row_hashes(results, record, "train")
    return [
        _reading(name, train, _row_hashes(results, record, name))
        for name in names
        if f"inputs/{name}" in record.arrays
    ]


def _reading(name: str, train: Array, rows: Array) -> Reading:
    repeated = int(np.isin(rows, train).sum())
    expected, alike = expected_share(train)
    # Rows of one generator collide: as often in training with itself as across splits.
    table = [
        [repeated, len(rows) - repeated],
        [alike, len(train) - alike],
    ]
    p = float(stats.fisher_exact(table, alternative="greater").pvalue)
    share = repeated / len(rows)
    flag = p < SURPRISE or share > SHARE
    note = (
        f"{repeated} of {len(rows)} rows occur in training, {expected * len(rows):.1f} "
        "expected by chance"
    )
    return Reading(
        name, flag, note, share, p=p, n_used=len(rows), settled=share > SHARE
    )


def expected_share(train: Array) -> tuple[float, int]:
    """Share of training rows that occur among the others, and their number.

    For rows drawn alike this estimates how often a new row would occur in training.
    """
    _, counts = np.unique(train, return_counts=True)
    alike = int(counts[counts > 1].sum())
    return alike / len(train), alike


def _row_hashes(results: Results, record: RunRecord, name: str) -> Array:
    """One bytes value per row."""
    inputs = results.arrays[record.arrays[f"inputs/{name}"]]
    flat = np.ascontiguousarray(inputs.reshape(len(inputs), -1))
    return flat.view(np.dtype((np.void, flat.dtype.itemsize * flat.shape[1])))[:, 0]


DUP_EXACT = Detector(
    name="dup_exact",
    title="exact duplicates of training rows",
    statistic_name="share of rows that occur in training",
    threshold="more than chance explains (p < 0.01), or more than 1 % of rows",
    source="protocol; 1 % is a convention",
    false_positives="0.01 by construction where rows are drawn independently",
    read=_read,
)
