"""Oracle: the generating rule must be right on all rows but the declared noise."""

from scipy import stats

from reportgen.analysis.control import Control, label_noise
from reportgen.analysis.findings import ControlResult
from reportgen.analysis.results import Results
from reportgen.spec.model import BASELINE

SURPRISE = 1e-3


def _judge(control: Control, results: Results) -> ControlResult:
    record = next((one for _, one in results.records(BASELINE) if one.data), None)
    known = {
        name: split.oracle_accuracy
        for name, split in (record.data.items() if record else ())
        if split.oracle_accuracy is not None
    }
    if record is None or not known:
        return control.result(
            passed=None,
            observed="not checked",
            note="the dataset does not say which rule made its labels",
        )
    noise = label_noise(results, BASELINE)
    wrong = []
    for name, share in known.items():
        rows = record.data[name].rows
        right = round(share * rows)
        if noise == 0:
            sound = right == rows
        else:
            sound = stats.binomtest(right, rows, 1 - noise).pvalue >= SURPRISE
        if not sound:
            wrong.append(f"{name} {share:.3f}")
    observed = ", ".join(f"{name} {share:.3f}" for name, share in known.items())
    note = f"declared label noise {noise:g}"
    if wrong:
        note += f"; labels and rule disagree on {', '.join(wrong)}"
    return control.result(passed=not wrong, observed=observed, note=note)


ORACLE = Control(
    name="oracle",
    title="the rule itself",
    expected="the generating rule answers every row right, but for declared noise",
    arm=None,
    judge=_judge,
)
