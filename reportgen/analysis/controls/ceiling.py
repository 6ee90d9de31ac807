"""Ceiling: no arm may beat the accuracy that declared label noise leaves attainable."""

from scipy import stats

from reportgen.analysis.control import Control, label_noise
from reportgen.analysis.findings import ControlResult
from reportgen.analysis.results import Results

SURPRISE = 1e-3


def _judge(control: Control, results: Results) -> ControlResult:
    noise = label_noise(results.study)
    if noise == 0:
        return control.result(
            passed=None,
            observed="not checked",
            note="no label noise, so the ceiling is 1",
        )
    best: dict[str, tuple[int, int]] = {}
    runs = 0
    for arm in results.study_arms:
        for seed in results.seeds(arm):
            outputs = results.outputs(arm, seed, "test", results.selected(arm))
            if outputs is None:
                continue
            runs += 1
            right, rows = int(outputs.correct.sum()), len(outputs.labels)
            best[arm] = max(best.get(arm, (0, rows)), (right, rows))
    if not best:
        return control.result(
            passed=None, observed="not checked", note="no predictions were kept"
        )
    # The best of all runs is looked at, so the surprise is shared among them.
    above = [
        arm
        for arm, (right, rows) in best.items()
        if stats.binomtest(right, rows, 1 - noise, "greater").pvalue < SURPRISE / runs
    ]
    arm, (right, rows) = max(best.items(), key=lambda item: item[1][0] / item[1][1])
    note = f"attainable: {1 - noise:.3f}"
    if above:
        note += f"; beyond it: {', '.join(above)}, so labels leak into what is fed"
    return control.result(
        passed=not above, observed=f"best run {right / rows:.3f} ({arm})", note=note
    )


CEILING = Control(
    name="ceiling",
    title="attainable accuracy",
    expected="no run beats 1 minus the label noise beyond sampling error",
    arm=None,
    judge=_judge,
)
