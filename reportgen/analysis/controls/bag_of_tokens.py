"""Bag of tokens: what can be had without order; a yardstick, nothing to pass."""

import numpy as np

from reportgen.analysis.control import Control, share
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.controls import ControlResult
from reportgen.metrics.metric import Outputs
from reportgen.spec.model import BASELINE, StudySpec
from reportgen.spec.plan import Change, ControlArm


def _change(_: StudySpec) -> Change:
    return {"model": {"use": "bag_of_tokens", "params": {}}}


def _judge(control: Control, results: Results) -> ControlResult:
    means = {}
    for arm in (control.arm_name, BASELINE):
        answers = [
            results.outputs(arm, seed, "test", results.selected(arm))
            for seed in results.seeds(arm)
        ]
        shares = [_share(one) for one in answers if one is not None]
        if not shares:
            return control.unchecked(f"no run of {arm} completed")
        means[arm] = float(np.mean(shares))
    formula = "mean test accuracy over seeds, at the selected epoch"
    return control.yardstick(
        "mean test accuracy {bag}, baseline {baseline}",
        "what the baseline adds to it needs more than token counts",
        (
            share("bag", means[control.arm_name], formula, control.arm_name),
            share("baseline", means[BASELINE], formula, BASELINE),
        ),
    )


def _share(outputs: Outputs) -> float:
    return float(outputs.correct.mean())


BAG_OF_TOKENS = Control(
    name="bag-of-tokens",
    title="bag of tokens",
    expected="a yardstick: accuracy without token order",
    arm=ControlArm(_change, seeds=3),
    judge=_judge,
)
