"""Diverged: no number any more, worse than guessing, or gradients that exploded.

A part that could not be looked at in some runs is named, so that it does not read as
one that was passed.
"""

from collections.abc import Callable, Iterator
from math import log

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import share_interval, word_seeds
from reportgen.analysis.evidence.results import Results
from reportgen.records import RunRecord

CURVE = "train.loss"
LOSSES = (CURVE, "dev.loss")
EARLY = 0.1  # of the epochs, in which a large loss is no sign yet
BEYOND = 1.0  # nats above the loss of guessing
MULTIPLE = 100.0  # of the running median of the norm, kept up for three steps


def _read(results: Results) -> list[Reading | Missing]:
    return [_reading(results, arm) for arm in results.study_arms]


def _reading(results: Results, arm: str) -> Reading | Missing:
    # A failed run may have ended before it left anything else to look at.
    runs = {
        seed: record
        for seed, record in results.records(arm)
        if record.curves.get(CURVE) or broken(record)
    }
    if not runs:
        return Missing(arm, f"no run kept {CURVE}")
    parts, seen = [], set[int]()
    for says, rule in RULES.items():
        seeds = [seed for seed, one in runs.items() if seed not in seen and rule(one)]
        if seeds:
            parts.append(f"{says}: seeds {word_seeds(seeds)}")
        seen.update(seeds)
    if not seen:
        parts.append("every loss stayed finite")
    for what, fine, known in KNOWN:
        unknown = sum(not known(one) for one in runs.values())
        if unknown:
            parts.append(f"{what} not checked in {unknown} of {len(runs)} runs")
        elif not seen:
            parts.append(fine)
    share = len(seen) / len(runs)
    ends = share_interval(len(seen), len(runs))
    note = "; ".join(parts)
    return Reading(arm, bool(seen), note, share, ends, n_used=len(runs))


def broken(record: RunRecord) -> bool:
    """Whether a loss, a gradient or a parameter stopped being a finite number."""
    failure = record.failure.kind if record.failure else None
    norms = record.gradients
    return (
        failure in ("non-finite", "diverged")
        or any(None in record.curves.get(name, ()) for name in LOSSES)
        or (norms is not None and norms.non_finite > 0)
    )


def exploded(record: RunRecord) -> bool:
    """Whether three gradients in a row were far longer than the median before them."""
    norms = record.gradients
    multiple = norms.sustained if norms is not None else None
    return multiple is not None and multiple > MULTIPLE


def above_guessing(record: RunRecord) -> bool:
    """Whether the loss of an epoch after the early ones exceeds ln K + 1."""
    return any(_above_guessing(record))


def _above_guessing(record: RunRecord) -> Iterator[bool]:
    train = record.data.get("train")
    if train is None:
        return
    limit = log(len(train.labels)) + BEYOND
    for epoch, value in enumerate(record.curves.get(CURVE, ()), start=1):
        if epoch > EARLY * record.config.training.epochs and value is not None:
            yield value > limit


def _norms_compared(record: RunRecord) -> bool:
    norms = record.gradients
    return norms is not None and (norms.sustained is not None or norms.non_finite > 0)


# A run is named by the first rule that it meets.
RULES: dict[str, Callable[[RunRecord], bool]] = {
    "numbers stopped being finite": broken,
    f"gradients above {MULTIPLE:g} times their running median for three steps": (
        exploded
    ),
    f"training loss more than {BEYOND:g} above that of guessing after a tenth of the "
    "epochs": above_guessing,
}
# What may be unknown of a run, what is said where all is well, and whether it is known.
KNOWN: tuple[tuple[str, str, Callable[[RunRecord], bool]], ...] = (
    ("gradient norms", "gradients steady", _norms_compared),
    (
        "losses against guessing",
        "no late loss far above that of guessing",
        lambda record: "train" in record.data,
    ),
)
DIVERGED = Detector(
    name="diverged",
    title="diverged runs",
    statistic_name="share of runs that diverged",
    threshold="a loss, gradient or parameter that is not finite; three steps in a row "
    "with a gradient above 100 times the running median of its norm; a loss above "
    "ln K + 1 after a tenth of the epochs (K classes)",
    source="exact; conventions for the second and third",
    false_positives="none of 2,400 clean arms, by losses alone; none of 300 runs "
    "trained without a fault, in which gradients kept up 28 times the median at most",
    read=_read,
)
