"""Repeated seed: one run executed once more; what differs is the noise floor."""

from collections.abc import Iterator
from math import isfinite

from reportgen.analysis.control import Control
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.controls import ControlResult, Measure
from reportgen.records import RunRecord
from reportgen.spec.model import BASELINE, StudySpec
from reportgen.spec.plan import Change, ControlArm


def _change(_: StudySpec) -> Change:
    return {}


def _judge(control: Control, results: Results) -> ControlResult:
    seed = results.study.seed_list[0]
    first = results.record(BASELINE, seed)
    again = results.record(control.arm_name, seed)
    if first is None or again is None:
        return control.unchecked(f"seed {seed} was not executed twice")
    observed, measures = _difference(control, first, again)
    if first.environment.digest != again.environment.digest:
        note = "the two executions are of different environment classes"
        return control.unchecked(note, observed, measures)
    same = first.result == again.result
    note = "" if same else "settings and seed do not decide what a run comes to"
    return control.result(passed=same, observed=observed, note=note, measures=measures)


def _difference(
    control: Control, first: RunRecord, again: RunRecord
) -> tuple[str, tuple[Measure, ...]]:
    """The noise floor in words."""
    if first.status != again.status:
        return f"seed {first.config.seed}: {first.status}, then {again.status}", ()
    parts = {
        "weights": [one.weights for one in first.checkpoints.values()]
        == [one.weights for one in again.checkpoints.values()],
        "predictions": first.arrays == again.arrays,
        "curves": first.curves == again.curves,
    }
    floor = max(_gaps(first, again), default=0.0)
    words = [
        f"{name} {'the same' if same else 'differ'}" for name, same in parts.items()
    ]
    if not isfinite(floor):
        return ", ".join(["a score that only one of them has", *words]), ()
    measure = Measure(
        name="floor",
        value=floor,
        unit="ratio",
        text=f"{floor:.3g}",
        formula="largest difference of any score of two executions, in its own unit",
        arms=(BASELINE, control.arm_name),
    )
    return ", ".join(["largest difference of any score {floor}", *words]), (measure,)


def _gaps(first: RunRecord, again: RunRecord) -> Iterator[float]:
    """How far every score of one record is from the other's."""
    for rule, checkpoint in first.checkpoints.items():
        other = again.checkpoints.get(rule)
        for metric, value in checkpoint.metrics.items():
            there = other.metrics.get(metric) if other else None
            if value is not None and there is not None:
                yield abs(value - there)
            elif (value is None) is not (there is None):
                yield float("inf")


REPEATED_SEED = Control(
    name="repeated-seed",
    title="one seed repeated",
    expected="no difference: the same bits from the same settings and seed",
    arm=ControlArm(_change, seeds=1, repeat=1),
    judge=_judge,
)
