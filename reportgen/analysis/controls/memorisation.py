"""Memorisation: a small training set must be learnt by heart."""

import numpy as np
from pydantic import JsonValue

from reportgen.analysis.control import Control, share, with_transforms
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.controls import ControlResult
from reportgen.metrics.metric import Outputs, majority_outputs
from reportgen.spec.model import StudySpec
from reportgen.spec.plan import Change, ControlArm

ROWS = 64
BATCH = 16
LEAST_EPOCHS = 150  # 600 steps over 64 rows
ENOUGH = 0.95


def _change(study: StudySpec) -> Change:
    few: JsonValue = {"use": "keep_rows", "params": {"rows": ROWS, "or_all": True}}
    return {
        "data": {"transforms": with_transforms(study, few)},
        "training": {
            "epochs": max(LEAST_EPOCHS, study.training.epochs),
            "batch_size": min(BATCH, study.training.batch_size),
            "select": {"rule": "last", "patience": None},
        },
    }


def _judge(control: Control, results: Results) -> ControlResult:
    arm = control.arm_name
    answers = [
        results.outputs(arm, seed, "train", "last") for seed in results.seeds(arm)
    ]
    found = [one for one in answers if one is not None]
    if not found:
        return control.unchecked("none of its runs completed")
    if min(_right(majority_outputs(one)) for one in found) >= ENOUGH:
        return control.unchecked("nearly all of the rows kept have one label")
    least = min(_right(one) for one in found)
    passed = least >= ENOUGH
    note = "" if passed else "model and optimiser cannot even fit a few rows"
    return control.result(
        passed=passed,
        observed="training accuracy {right}",
        note=note,
        measures=(share("right", least, "training accuracy, last epoch", arm),),
    )


def _right(outputs: Outputs) -> float:
    return float(np.mean(outputs.correct))


MEMORISATION = Control(
    name="memorisation",
    title="memorising a few rows",
    expected=f"training accuracy of at least {ENOUGH:g} on at most {ROWS} rows",
    arm=ControlArm(_change, seeds=1),
    judge=_judge,
)
