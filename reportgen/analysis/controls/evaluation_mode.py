"""Evaluation mode: the answer to a row depends on that row and on nothing else."""

import re

import numpy as np
from pydantic import JsonValue

from reportgen.analysis.control import Control, with_transforms
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.controls import ControlResult, Measure
from reportgen.records import RunRecord
from reportgen.spec.model import BASELINE, StudySpec
from reportgen.spec.plan import Change, ControlArm, arm_settings, merge_change

ROWS, TIMES = 16, 64  # more copies than are evaluated in one pass
# Of the largest logit: rows may be summed in another order beside other rows.
TOLERANCE = {"float32": 1e-4, "bfloat16": 0.05}
_DROPS = re.compile(r"dropout=(0?\.0*[1-9]|[1-9])")
_BY_MODE = re.compile(r"(Dropout|BatchNorm|InstanceNorm)")


def _change(study: StudySpec) -> Change:
    arm = _dropping_arm(study)
    change = study.variants[arm].change if arm != BASELINE else {}
    step: JsonValue = {
        "use": "repeat_rows",
        "params": {"rows": ROWS, "times": TIMES},
        "splits": ["test"],
    }
    return merge_change(
        change,
        {
            "data": {"transforms": with_transforms(study, step, arm=arm)},
            "training": {
                "epochs": 1,
                "scheduler": None,
                "select": {"rule": "last", "patience": None},
            },
        },
    )


def _dropping_arm(study: StudySpec) -> str:
    """The first arm whose model is told to drop units out, else the baseline."""
    for arm in (BASELINE, *study.variants):
        change = {} if arm == BASELINE else study.variants[arm].change
        model = arm_settings(study, change)["model"]
        params = model.get("params") if isinstance(model, dict) else None
        if not isinstance(params, dict):
            continue
        for name, value in params.items():
            if "drop" in name and isinstance(value, int | float) and value > 0:
                return arm
    return BASELINE


def _judge(control: Control, results: Results) -> ControlResult:
    arm = control.arm_name
    seed = next(iter(results.seeds(arm)), 0)
    record = results.record(arm, seed)
    outputs = results.outputs(arm, seed, "test", "last")
    if record is None or outputs is None:
        return control.unchecked("none of its runs completed")
    own = _own_rows(len(outputs.logits))
    copies = np.repeat(np.arange(min(ROWS, own)), TIMES)
    apart = np.abs(outputs.logits[own:] - outputs.logits[copies])  # (copies, K)
    gap = float(apart.max() / max(np.abs(outputs.logits).max(), 1e-12))
    observed = "two answers to one row differ by {gap} of the largest logit"
    measures = (_gap(gap, arm),)
    if gap > TOLERANCE[record.config.training.precision]:
        note = "evaluation drops units out or looks at other rows of a batch"
        return control.result(
            passed=False, observed=observed, note=note, measures=measures
        )
    of = _dropping_arm(results.study)
    note = f"looked at with the settings of {of}"
    if not _differs_by_mode(record):
        note += ", where no layer acts differently in training"
    return control.result(passed=True, observed=observed, note=note, measures=measures)


def _gap(value: float, arm: str) -> Measure:
    return Measure(
        name="gap",
        value=value,
        unit="ratio",
        text=f"{value:.1g}",
        formula="largest distance of two answers to one row, over the largest logit",
        arms=(arm,),
    )


def _own_rows(rows: int) -> int:
    """Rows of the split before its first ones were repeated."""
    many = rows - ROWS * TIMES
    return many if many >= ROWS else rows // (1 + TIMES)


def _differs_by_mode(record: RunRecord) -> bool:
    return any(
        _BY_MODE.search(module.type) or _DROPS.search(module.arguments)
        for module in record.architecture
    )


EVALUATION_MODE = Control(
    name="evaluation-mode",
    title="evaluation mode",
    expected="the same answer to a row alone, beside others and a second time",
    arm=ControlArm(_change, seeds=1),
    judge=_judge,
)
