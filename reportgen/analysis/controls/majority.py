"""Majority: some arm must beat the most frequent class, or nothing could be seen."""

from scipy import stats

from reportgen.analysis.control import Control
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import ControlResult
from reportgen.metrics.metric import majority_outputs

SURPRISE = 0.01


def _judge(control: Control, results: Results) -> ControlResult:
    lowest, seen = 1.0, 0
    majority = best = 0.0
    leader = ""
    for arm in results.study_arms:
        for seed in results.seeds(arm):
            outputs = results.outputs(arm, seed, "test", results.selected(arm))
            if outputs is None:
                continue
            seen += 1
            majority = float(majority_outputs(outputs).correct.mean())
            right, rows = int(outputs.correct.sum()), len(outputs.labels)
            p = stats.binomtest(right, rows, majority, "greater").pvalue
            lowest = min(lowest, float(p))
            if right / rows > best:
                best, leader = right / rows, arm
    if not seen:
        return control.unchecked("no predictions were kept")
    passed = min(1.0, lowest * seen) < SURPRISE
    note = "" if passed else "a null result means nothing where no arm learnt anything"
    return control.result(
        passed=passed,
        observed=f"majority class {majority:.3f}, best run {best:.3f} ({leader})",
        note=note,
    )


MAJORITY = Control(
    name="majority",
    title="majority class",
    expected="at least one arm beats the most frequent class on the test rows",
    arm=None,
    judge=_judge,
)
