"""Blank inputs: fed nothing, a model must answer with the shares of the labels."""

import numpy as np
from pydantic import JsonValue

from reportgen.analysis.control import Control, share, with_transforms
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.controls import ControlResult, Measure
from reportgen.records import Array, RunRecord
from reportgen.spec.model import Component, StudySpec
from reportgen.spec.plan import Change, ControlArm

ROWS = 128
BATCH = 16
EPOCHS = 60  # 480 steps over 128 rows
# Measured on LSTM, transformer and bag of tokens under Adam and SGD: within 0.003.
TOLERANCE = 0.02
ALIKE = 1e-3  # of a logit; rounding alone is a thousandth of it
BALANCED = 0.02
SETTLED = 0.005  # nats
NOISES = 3  # standard errors


def _change(study: StudySpec) -> Change:
    few: JsonValue = {"use": "keep_rows", "params": {"rows": ROWS, "or_all": True}}
    decay: JsonValue = {
        "use": "torch.optim.lr_scheduler:CosineAnnealingLR",
        "params": {"T_max": EPOCHS},
    }
    return {
        "data": {"transforms": with_transforms(study, few, {"use": "blank_tokens"})},
        "training": {
            "epochs": EPOCHS,
            "batch_size": min(BATCH, study.training.batch_size),
            "scheduler": decay,  # so that the last steps add no noise
            "select": {"rule": "last", "patience": None},
        },
    }


def _judge(control: Control, results: Results) -> ControlResult:
    arm = control.arm_name
    seed = next(iter(results.seeds(arm)), 0)
    record = results.record(arm, seed)
    outputs = results.outputs(arm, seed, "train", "last")
    if record is None or outputs is None:
        return control.unchecked("none of its runs completed")
    spread = float(np.ptp(outputs.logits, axis=0).max())
    if spread > ALIKE:
        note = "something else than the row decides the answer to it"
        observed = "answers to identical rows differ by {spread} of a logit"
        return control.result(
            passed=False,
            observed=observed,
            note=note,
            measures=(_spread(spread, arm),),
        )
    counts = np.bincount(outputs.labels, minlength=outputs.logits.shape[1])
    wanted = _shares(counts / counts.sum(), record.config.training.loss)
    found = _softmax(outputs.logits).mean(axis=0)
    worst = int(np.abs(found - wanted).argmax())
    gap = float(abs(found[worst] - wanted[worst]))
    observed = f"mean probability of class {worst} {{answered}}, its share {{share}}"
    measures = (
        share("answered", float(found[worst]), "mean probability over rows", arm),
        share("share", float(wanted[worst]), "its labels, as the loss weighs", arm),
    )
    if gap <= TOLERANCE:
        return control.result(passed=True, observed=observed, measures=measures)
    if not _settled(record):
        why = "the run was still far from its end"
        return control.unchecked(why, observed, measures)
    if not _knows_shares(record.config.training.loss, counts / counts.sum()):
        why = "which shares this loss draws answers to is not known"
        return control.unchecked(why, observed, measures)
    note = "classes weigh more or less than their rows, in the loss or in the batches"
    return control.result(passed=False, observed=observed, note=note, measures=measures)


def _spread(value: float, arm: str) -> Measure:
    return Measure(
        name="spread",
        value=value,
        unit="ratio",
        text=f"{value:.3g}",
        formula="largest distance of two answers to identical rows, in logits",
        arms=(arm,),
    )


def _shares(labels: Array, loss: Component) -> Array:
    """The answers that minimise a cross-entropy with the weights the spec declares."""
    smoothing = loss.params.get("label_smoothing", 0.0)
    smooth = float(smoothing) if isinstance(smoothing, int | float) else 0.0
    pulls = (1 - smooth) * labels + smooth / len(labels)
    for name, value in loss.params.items():
        if "weight" in name and isinstance(value, list) and len(value) == len(labels):
            pulls = pulls * np.array(value, dtype=float)
    shares: Array = pulls / pulls.sum()
    return shares


def _knows_shares(loss: Component, labels: Array) -> bool:
    """Whether it is known what a loss draws answers to.

    Of cross-entropy it is; any other that treats classes alike ends at equal shares
    where labels are balanced.
    """
    if loss.use == "torch.nn:CrossEntropyLoss":
        return True
    return float(np.abs(labels - 1 / len(labels)).max()) <= BALANCED


def _settled(record: RunRecord) -> bool:
    """Whether the loss had stopped falling before the learning rate was small.

    Its own noise is allowed for: with weights, an epoch's loss hangs on which rows meet
    in a batch.
    """
    curve = [value for value in record.curves["train.objective"] if value is not None]
    eighth = len(curve) // 8
    before, after = (curve[n * eighth : (n + 1) * eighth] for n in (2, 3))
    steps = np.concatenate([np.diff(before), np.diff(after)])
    noise = float(np.std(steps)) / np.sqrt(2)  # of one epoch, whatever the slope
    luck = NOISES * noise * np.sqrt(2 / eighth)
    return bool(abs(np.mean(before) - np.mean(after)) <= SETTLED + luck)


def _softmax(logits: Array) -> Array:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))  # (N, K)
    shares: Array = raised / raised.sum(axis=1, keepdims=True)
    return shares


BLANK_INPUTS = Control(
    name="blank-inputs",
    title="blank inputs",
    expected="one answer to all rows: the shares of the labels",
    arm=ControlArm(_change, seeds=1),
    judge=_judge,
)
