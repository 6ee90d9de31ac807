"""Memorisation: a small training set must be learnt by heart."""

from pydantic import JsonValue

from reportgen.analysis.control import Control, with_transform
from reportgen.analysis.findings import ControlResult
from reportgen.analysis.results import Results
from reportgen.spec.model import StudySpec
from reportgen.spec.plan import Change, ControlArm

ROWS = 64
BATCH = 16
LEAST_EPOCHS = 150  # 600 steps over 64 rows
ENOUGH = 0.95


def _change(study: StudySpec) -> Change:
    declared = study.data.params.get("rows")
    sizes = declared.values() if isinstance(declared, dict) else ()
    rows = min([ROWS, *(size for size in sizes if isinstance(size, int))])
    step: dict[str, JsonValue] = {"use": "keep_rows", "params": {"rows": rows}}
    return {
        "data": {"transforms": with_transform(study, step)},
        "training": {
            "epochs": max(LEAST_EPOCHS, study.training.epochs),
            "batch_size": min(BATCH, study.training.batch_size),
            "select": {"rule": "last", "patience": None},
        },
    }


def _judge(control: Control, results: Results) -> ControlResult:
    arm = control.arm_name
    shares = []
    for seed in results.seeds(arm):
        outputs = results.outputs(arm, seed, "train", "last")
        if outputs is not None:
            shares.append(float(outputs.correct.mean()))
    if not shares:
        return control.result(
            passed=None, observed="not checked", note="none of its runs completed"
        )
    passed = min(shares) >= ENOUGH
    note = "" if passed else "model and optimiser cannot even fit a few rows"
    return control.result(
        passed=passed, observed=f"training accuracy {min(shares):.3f}", note=note
    )


MEMORISATION = Control(
    name="memorisation",
    title="memorising a few rows",
    expected=f"training accuracy of at least {ENOUGH:g} on at most {ROWS} rows",
    arm=ControlArm(_change, seeds=1),
    judge=_judge,
)
