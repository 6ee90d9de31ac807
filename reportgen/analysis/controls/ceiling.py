"""Ceiling: no run may beat the accuracy that declared label noise leaves attainable."""

from collections.abc import Iterator

import scipy

from reportgen.analysis.control import Control, Sets, share
from reportgen.analysis.evidence.noise import noisy_arms
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.controls import ControlResult
from reportgen.spec.model import StudySpec

SURPRISE = 1e-3


def _excuse(study: StudySpec, _: Sets | None) -> str:
    if noisy_arms(study):
        return ""
    return "no arm declares label noise, so nothing limits the accuracy"


def _judge(control: Control, results: Results) -> ControlResult:
    noisy = noisy_arms(results.study)
    runs = [
        (arm, right, rows)
        for arm in noisy
        for right, rows in _test_counts(results, arm)
    ]
    if not runs:
        return control.unchecked("no predictions were kept")
    # Every run is looked at, so the surprise is shared among them.
    above = {
        arm
        for arm, right, rows in runs
        if scipy.stats.binomtest(right, rows, 1 - noisy[arm], "greater").pvalue
        < SURPRISE / len(runs)
    }
    arm, right, rows = max(runs, key=lambda run: run[1] / run[2] + noisy[run[0]])
    note = "attainable there: {attainable}"
    if above:
        arms = ", ".join(sorted(above))
        note += f"; beyond it: {arms}, so labels leak into what is fed"
    return control.result(
        passed=not above,
        observed=f"closest run {{closest}} ({arm})",
        note=note,
        measures=(
            share("closest", right / rows, "test accuracy of one run", arm),
            share("attainable", 1 - noisy[arm], "1 - declared label noise", arm),
        ),
    )


def _test_counts(results: Results, arm: str) -> Iterator[tuple[int, int]]:
    """Rows right and rows in all, of each run of an arm."""
    for seed in results.seeds(arm):
        outputs = results.outputs(arm, seed, "test", results.selected(arm))
        if outputs is not None:
            yield int(outputs.correct.sum()), len(outputs.labels)


CEILING = Control(
    name="ceiling",
    title="attainable accuracy",
    expected="no run beats 1 minus its label noise beyond sampling error",
    arm=None,
    judge=_judge,
    excuse=_excuse,
)
