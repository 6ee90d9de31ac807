"""Near duplicates: rows almost as in training, or its tokens in another order.

Rows of one generator come near each other by chance: as often in training with itself
as across splits. Within training a pair shows on both its rows, so half of them count.

Source: Lee et al. (2021), arXiv:2107.06499 (near duplicates across splits).
"""

from dataclasses import dataclass

from scipy import stats

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import share_interval
from reportgen.analysis.evidence.fed import FedPair, set_subject, train_pairs
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.rows.joins import SHINGLE
from reportgen.analysis.rows.near import near_rows, reordered_rows, token_codes
from reportgen.records import Array

SURPRISE = 0.01
FEWEST_ROWS = 2  # of training, so that rows can be near each other


@dataclass(frozen=True)
class Repeats:
    """Which rows are near a training row; one flag per row looked at.

    Attributes:
        rows: of the set.
        train: of training, near another row of training.
    """

    rows: Array
    train: Array


def _read(results: Results) -> list[Reading | Missing]:
    found: list[Reading | Missing] = []
    near: dict[str, Array] = {}  # training rows near others, by digest
    for pair in train_pairs(results):
        digest = pair.first.digest
        if digest not in near:
            train, _ = token_codes(pair.first.inputs, pair.first.inputs)
            near[digest] = near_rows(train, train).found()
        found += _pair(pair, near[digest])
    names = [name for name in results.sets() if name != "train"]
    return found or [Missing(name, "the rows fed were not kept") for name in names]


def _pair(pair: FedPair, near_train: Array) -> list[Reading | Missing]:
    subject = set_subject(pair.second.arm, pair.second.name)
    rows, train = token_codes(pair.second.inputs, pair.first.inputs)
    if len(train) < FEWEST_ROWS:
        return [Missing(subject, f"needs {FEWEST_ROWS} training rows")]
    found = [
        compare(
            f"{subject}, reordered",
            Repeats(reordered_rows(rows, train), reordered_rows(train, train)),
            "hold the tokens of a training row in other order",
        )
    ]
    if rows.shape[1] < SHINGLE:
        why = f"rows of fewer than {SHINGLE} tokens are equal or different"
        return [Missing(subject, why), *found]
    near = Repeats(near_rows(rows, train).found(), near_train)
    return [compare(subject, near, "nearly repeat a training row"), *found]


def compare(subject: str, found: Repeats, what: str) -> Reading:
    """Compare how often rows come near training with how often training rows do."""
    repeated, rows = int(found.rows.sum()), len(found.rows)
    alike, train = int(found.train.sum()) // 2, len(found.train) // 2
    table = [[repeated, rows - repeated], [alike, train - alike]]
    p = float(stats.fisher_exact(table, alternative="greater").pvalue)
    expected = float(found.train.mean())
    note = f"{repeated} of {rows} rows {what}, {expected * rows:.1f} expected by chance"
    return Reading(
        subject,
        p < SURPRISE,
        note,
        repeated / rows,
        share_interval(repeated, rows),
        p=p,
        n_used=rows,
        expected=expected,
    )


DUP_NEAR = Detector(
    name="dup_near",
    title="near duplicates of training rows",
    statistic_name="share of rows near a training row, identical ones not counted",
    threshold="more than among training rows (p < 0.01); near: edits of 0.1 of the "
    "tokens at most, or 0.8 of the runs of three tokens shared",
    source="Lee et al. (2021); sizes are conventions",
    false_positives="0.000 to 0.010 of 400 clean sets",
    read=_read,
)
