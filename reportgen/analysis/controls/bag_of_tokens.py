"""Bag of tokens: what can be had without order; a yardstick, nothing to pass."""

import numpy as np

from reportgen.analysis.control import Control
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import ControlResult
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
    return control.yardstick(
        f"mean test accuracy {means[control.arm_name]:.3f}, "
        f"baseline {means[BASELINE]:.3f}",
        "what the baseline adds to it needs more than token counts",
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
