"""Oracle: the generating rule must be right on all rows but the declared noise.

Claims are about test rows, so that a rule known of other sets alone vouches for none.
"""

import scipy

from reportgen.analysis.control import Control, Sets, share
from reportgen.analysis.evidence.noise import label_noise
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.controls import ControlResult
from reportgen.spec.model import BASELINE, StudySpec

SURPRISE = 1e-3


def _excuse(_: StudySpec, sets: Sets | None) -> str:
    if sets is None or any(one.oracle_accuracy is not None for one in sets.values()):
        return ""
    return "the dataset does not say which rule made its labels"


def _judge(control: Control, results: Results) -> ControlResult:
    record = next((one for _, one in results.records(BASELINE) if one.data), None)
    if record is None:
        return control.unchecked("no run of the baseline tells about its data")
    known = {
        name: split.oracle_accuracy
        for name, split in record.data.items()
        if split.oracle_accuracy is not None
    }
    noise = label_noise(results.study, BASELINE)
    wrong = []
    for name, agreeing in known.items():
        rows = record.data[name].rows
        right = round(agreeing * rows)
        if noise == 0:
            sound = right == rows
        else:
            p = scipy.stats.binomtest(right, rows, 1 - noise).pvalue
            sound = p >= SURPRISE / len(known)
        if not sound:
            wrong.append(f"{name} {{{name}}}")
    observed = ", ".join(f"{name} {{{name}}}" for name in known)
    formula = "share of labels that follow the rule"
    measures = [
        *(share(name, agreeing, formula, BASELINE) for name, agreeing in known.items()),
        share("label_noise", noise, "label_noise of the data", BASELINE),
    ]
    note = "declared label noise {label_noise}"
    if wrong:
        note += f"; labels and rule disagree on {', '.join(wrong)}"
    untold = [name for name in record.data if name not in known]
    if untold:
        note += f"; no rule is told for {', '.join(untold)}"
    if "test" in untold and not wrong:
        return control.unchecked(note, observed, measures)
    return control.result(
        passed=not wrong, observed=observed, note=note, measures=measures
    )


ORACLE = Control(
    name="oracle",
    title="the rule itself",
    expected="the generating rule answers every row right, but for declared noise",
    arm=None,
    judge=_judge,
    excuse=_excuse,
)
