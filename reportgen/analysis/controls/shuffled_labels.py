"""Shuffled labels: with nothing to learn, test accuracy must sit at chance.

Labels are shuffled in every set. Shuffled training labels alone still agree with the
rule a little more or less than half of the time, and a model finds that out.
"""

import numpy as np
from pydantic import JsonValue
from scipy import stats

from reportgen.analysis.control import Control, with_transform
from reportgen.analysis.findings import ControlResult
from reportgen.analysis.results import Results
from reportgen.metrics.metric import majority_outputs
from reportgen.spec.model import StudySpec
from reportgen.spec.plan import Change, ControlArm

BAND = 0.999


def _change(study: StudySpec) -> Change:
    step: dict[str, JsonValue] = {"use": "shuffle_labels"}
    return {"data": {"transforms": with_transform(study, step)}}


def _judge(control: Control, results: Results) -> ControlResult:
    arm = control.arm_name
    shares, majority, rows = [], 0.0, 0
    for seed in results.seeds(arm):
        outputs = results.outputs(arm, seed, "test", results.selected(arm))
        if outputs is not None:
            shares.append(float(outputs.correct.mean()))
            rows = len(outputs.labels)
            majority = float(majority_outputs(outputs).correct.mean())
    if not shares:
        return control.result(
            passed=None, observed="not checked", note="none of its runs completed"
        )
    # One band for the mean: the seeds share their test rows, so rows decide its width.
    limit = float(stats.binom.ppf(BAND, rows, majority)) / rows
    mean = float(np.mean(shares))
    note = f"chance {majority:.3f}, at most {limit:.3f} by luck"
    if mean > limit:
        note += "; labels reach the model by another way than learning"
    return control.result(
        passed=mean <= limit, observed=f"mean test accuracy {mean:.3f}", note=note
    )


SHUFFLED_LABELS = Control(
    name="shuffled-labels",
    title="shuffled labels",
    expected="test accuracy at chance",
    arm=ControlArm(_change, seeds=2),
    judge=_judge,
)
