"""Near duplicates: rows almost as in training, or its tokens in another order.

The chance rate is that of one random half of training against the other. Rows of the
set and of one half are compared with the other half alone, so that both could collide
with equally many.

Source: Lee et al. (2021), arXiv:2107.06499 (near duplicates across splits).
"""

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


def near_shares(train: Array, rows: Array) -> tuple[Array, Array, Array]:
    """Which rows are near a training row, and near the reference half of training.

    Returns:
        For the rows looked at: near any of training; near the reference half. For
        the other half of training: near the reference half.
    """
    half, other = _halves(train)
    reference = np.zeros(len(train), dtype=bool)
    reference[half] = True
    near = near_rows(rows, train)
    within = near_rows(train[other], train[half])
    return near.found(), near.found(reference), within.found()


def reordered_shares(train: Array, rows: Array) -> tuple[Array, Array, Array]:
    """The same for rows with the tokens of a training row in another order."""
    half, other = _halves(train)
    return (
        reordered_rows(rows, train),
        reordered_rows(rows, train[half]),
        reordered_rows(train[other], train[half]),
    )


def _halves(train: Array) -> tuple[Array, Array]:
    order = np.random.default_rng(len(train)).permutation(len(train))
    return order[: len(train) // 2], order[len(train) // 2 :]


def _near(subject: str, train: Array, rows: Array) -> Reading:
    return compare(subject, near_shares(train, rows), "nearly repeat a training row")


def _reordered(subject: str, train: Array, rows: Array) -> Reading:
    shares = reordered_shares(train, rows)
    return compare(subject, shares, "hold the tokens of a training row in other order")


def compare(subject: str, shares: tuple[Array, Array, Array], what: str) -> Reading:
    """Compare a set's rate with that within training, both against one half."""
    anywhere, across, within = shares
    table = [
        [int(across.sum()), int((~across).sum())],
        [int(within.sum()), int((~within).sum())],
    ]
    p = float(stats.fisher_exact(table, alternative="greater").pvalue)
    # A row of chance meets either half independently.
    expected = 1 - (1 - float(within.mean())) ** 2
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
