"""Near duplicates: rows almost as in training, or its tokens in another order.

The test compares rows of the set, and rows of one random half of training, with the
other half alone, so that both could meet equally many. The rate to be expected is that
of training rows among each other.

Source: Lee et al. (2021), arXiv:2107.06499 (near duplicates across splits).
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from reportgen.analysis.checks import Detector, Missing, Reading
from reportgen.analysis.fed import FedPair, set_subject, train_pairs
from reportgen.analysis.near_joins import SHINGLE
from reportgen.analysis.near_rows import near_rows, reordered_rows, token_codes
from reportgen.analysis.results import Results
from reportgen.records import Array

SURPRISE = 0.01
FEWEST_ROWS = 4  # of training, so that halves exist


def _read(results: Results) -> list[Reading | Missing]:
    found = [reading for pair in train_pairs(results) for reading in _pair(pair)]
    names = [name for name in results.sets() if name != "train"]
    return found or [Missing(name, "the rows fed were not kept") for name in names]


def _pair(pair: FedPair) -> list[Reading | Missing]:
    subject = set_subject(pair.second.arm, pair.second.name)
    train, rows = pair.first.inputs, pair.second.inputs
    if len(train) < FEWEST_ROWS:
        return [Missing(subject, f"needs {FEWEST_ROWS} training rows")]
    codes, trained = token_codes(rows, train)
    found = [_reordered(f"{subject}, reordered", trained, codes)]
    if rows.shape[1] < SHINGLE:
        why = f"rows of fewer than {SHINGLE} tokens are equal or different"
        return [Missing(subject, why), *found]
    return [_near(subject, trained, codes), *found]


@dataclass(frozen=True)
class Shares:
    """Which rows are near others; each array has one flag per row looked at.

    Attributes:
        anywhere: rows of the set, near any training row.
        across: the same rows, near the reference half of training.
        within: rows of the other half of training, near the reference half.
        chance: training rows, near any other training row.
    """

    anywhere: Array
    across: Array
    within: Array
    chance: Array


def near_shares(train: Array, rows: Array) -> Shares:
    """Rows near a training row; token codes, (M, T) and (N, T)."""
    half = _reference_half(len(train))
    near, own = near_rows(rows, train), near_rows(train, train)
    return Shares(
        anywhere=near.found(),
        across=near.found(half),
        within=own.found(half)[~half[own.rows]],
        chance=own.found(),
    )


def reordered_shares(train: Array, rows: Array) -> Shares:
    """Rows with the tokens of a training row in another order."""
    half = _reference_half(len(train))
    return Shares(
        anywhere=reordered_rows(rows, train),
        across=reordered_rows(rows, train[half]),
        within=reordered_rows(train[~half], train[half]),
        chance=reordered_rows(train, train),
    )


def _reference_half(rows: int) -> Array:
    order = np.random.default_rng(rows).permutation(rows)
    half: Array = np.isin(np.arange(rows), order[: rows // 2])
    return half


def _near(subject: str, train: Array, rows: Array) -> Reading:
    return compare(subject, near_shares(train, rows), "nearly repeat a training row")


def _reordered(subject: str, train: Array, rows: Array) -> Reading:
    shares = reordered_shares(train, rows)
    return compare(subject, shares, "hold the tokens of a training row in other order")


def compare(subject: str, shares: Shares, what: str) -> Reading:
    """Compare a set's rate with that within training, both against one half."""
    table = [
        [int(one.sum()), int((~one).sum())] for one in (shares.across, shares.within)
    ]
    p = float(stats.fisher_exact(table, alternative="greater").pvalue)
    anywhere, expected = shares.anywhere, float(shares.chance.mean())
    note = (
        f"{int(anywhere.sum())} of {len(anywhere)} rows {what}, "
        f"{expected * len(anywhere):.1f} expected by chance"
    )
    return Reading(
        subject,
        p < SURPRISE,
        note,
        float(anywhere.mean()),
        p=p,
        n_used=len(anywhere),
        expected=expected,
    )


DUP_NEAR = Detector(
    name="dup_near",
    title="near duplicates of training rows",
    statistic_name="share of rows near a training row, identical ones not counted",
    threshold="more than within training (p < 0.01); near: edits of at most 0.1 of the "
    "tokens, or 0.8 of the runs of three tokens shared",
    source="Lee et al. (2021); sizes are conventions",
    false_positives="0.01 by calibration within training",
    read=_read,
)
