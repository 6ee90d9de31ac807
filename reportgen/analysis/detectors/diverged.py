"""Diverged: a loss that is no number, or worse than that of guessing.

Gradients are not kept, so an explosion shows only by what it does to the loss.
"""

from collections.abc import Iterator
from math import log

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import word_seeds
from reportgen.analysis.evidence.results import Results
from reportgen.records import RunRecord

CURVE = "train.loss"
EARLY = 0.1  # of the epochs, in which a large loss is no sign yet
BEYOND = 1.0  # nats above the loss of guessing


def _read(results: Results) -> list[Reading | Missing]:
    return [_reading(results, arm) for arm in results.study_arms]


def _reading(results: Results, arm: str) -> Reading | Missing:
    broken, high, looked_at = [], [], 0
    for seed, record in results.records(arm):
        values = record.curves.get(CURVE, ())
        failure = record.failure.kind if record.failure else None
        if failure in ("non-finite", "diverged") or None in values:
            broken.append(seed)
        elif any(_above_guessing(record)):
            high.append(seed)
        elif not values:
            continue
        looked_at += 1
    if not looked_at:
        return Missing(arm, f"no run kept {CURVE}")
    parts = []
    if broken:
        parts.append(f"numbers stopped being finite: seeds {word_seeds(broken)}")
    if high:
        parts.append(
            f"training loss more than {BEYOND:g} above that of guessing after a tenth "
            f"of the epochs: seeds {word_seeds(high)}"
        )
    note = "; ".join(parts) or "every training loss stayed finite and below guessing"
    share = (len(broken) + len(high)) / looked_at
    return Reading(arm, bool(parts), note, share, n_used=looked_at)


def _above_guessing(record: RunRecord) -> Iterator[bool]:
    """For each epoch after the early ones, whether its loss exceeds ln K + 1."""
    train = record.data.get("train")
    if train is None:
        return
    limit = log(len(train.labels)) + BEYOND
    for epoch, value in enumerate(record.curves.get(CURVE, ()), start=1):
        if epoch > EARLY * record.config.training.epochs and value is not None:
            yield value > limit


DIVERGED = Detector(
    name="diverged",
    title="diverged runs",
    statistic_name="share of runs that diverged",
    threshold="a loss that is not finite, or above ln K + 1 after a tenth of the "
    "epochs (K classes)",
    source="exact; convention for the second",
    false_positives="none of 2,400 clean arms",
    read=_read,
)
