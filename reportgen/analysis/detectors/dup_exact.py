"""Exact duplicates: evaluation rows that occur in training, against the chance rate."""

import numpy as np
from scipy import stats

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import share_interval
from reportgen.analysis.evidence.fed import Fed, set_subject, train_pairs
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.rows.clean import occurrences, row_keys
from reportgen.records import Array

SURPRISE = 0.01
SHARE = 0.01


def _read(results: Results) -> list[Reading | Missing]:
    found: list[Reading | Missing] = [
        repeats(
            set_subject(pair.second.arm, pair.second.name),
            row_keys(pair.first.inputs),
            row_keys(pair.second.inputs),
            conflicts(pair.first, pair.second),
        )
        for pair in train_pairs(results, labelled=True)
    ]
    names = [name for name in results.sets() if name != "train"]
    return found or [Missing(name, "the rows fed were not kept") for name in names]


def repeats(subject: str, train: Array, rows: Array, conflicting: int) -> Reading:
    """Compare how often rows occur in training with how often training rows recur.

    Args:
        subject: what the rows are called.
        train: one key per training row.
        rows: one key per row of the other set.
        conflicting: rows that occur in training with another label.
    """
    repeated = int(np.isin(rows, train).sum())
    expected, alike = expected_share(train)
    # Rows of one generator collide: as often in training with itself as across splits.
    table = [
        [repeated, len(rows) - repeated],
        [alike, len(train) - alike],
    ]
    p = float(stats.fisher_exact(table, alternative="greater").pvalue)
    share = repeated / len(rows)
    note = (
        f"{repeated} of {len(rows)} rows occur in training, {expected * len(rows):.1f} "
        "expected by chance"
    )
    if repeated:
        note += f"; {conflicting} of them with another label"
    return Reading(
        subject,
        p < SURPRISE or share > SHARE,
        note,
        share,
        share_interval(repeated, len(rows)),
        p=p,
        n_used=len(rows),
        settled=share > SHARE,
        expected=expected,
    )


def expected_share(train: Array) -> tuple[float, int]:
    """Share of training rows that occur among the others, and their number.

    For rows drawn alike this estimates how often a new row would occur in training.
    """
    _, counts = np.unique(train, return_counts=True)
    alike = int(counts[counts > 1].sum())
    return alike / len(train), alike


def conflicts(train: Fed, other: Fed) -> int:
    """Rows that occur in training with another label."""
    rows = occurrences(row_keys(other.inputs), row_keys(train.inputs))
    agreeing = occurrences(_labelled(other), _labelled(train))
    return int((rows > agreeing).sum())


def _labelled(fed: Fed) -> Array:
    """One key per row and label."""
    rows = fed.inputs.reshape(len(fed.inputs), -1).astype(np.int64)
    return row_keys(np.column_stack([rows, fed.labels]))


DUP_EXACT = Detector(
    name="dup_exact",
    title="exact duplicates of training rows",
    statistic_name="share of rows that occur in training",
    threshold="more than chance explains (p < 0.01), or more than 1 % of rows",
    source="Fisher's exact test; 1 % of rows is a convention",
    false_positives="0.000 to 0.018 of 400 clean sets by p alone",
    read=_read,
)
