"""Shuffled labels: with nothing to learn, test accuracy must sit at chance.

Labels are shuffled in every set. Shuffled training labels alone still agree with the
rule a little more or less than half of the time, and a model finds that out. A row has
one shuffled label wherever it stands, so test rows that leak into training lift the
accuracy as far as they are learnt by heart: the last epoch is looked at as well. How
many leaked rows that takes is told; a model that learns nothing by heart shows none.
"""

from collections.abc import Iterator

import numpy as np
import scipy
from pydantic import JsonValue

from reportgen.analysis.control import Control, share, with_transforms
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.evidence.scored import Rule
from reportgen.analysis.findings.controls import ControlResult
from reportgen.metrics.metric import Outputs, majority_outputs
from reportgen.spec.model import StudySpec
from reportgen.spec.plan import Change, ControlArm

BAND = 0.999


def _change(study: StudySpec) -> Change:
    step: JsonValue = {"use": "shuffle_labels"}
    return {
        "data": {"transforms": with_transforms(study, step)},
        "training": {"select": {"patience": None}},
    }


def _judge(control: Control, results: Results) -> ControlResult:
    rules = dict.fromkeys((results.selected(control.arm_name), "last"))
    means = {rule: _mean(_answers(control, results, "test", rule)) for rule in rules}
    test = next(_answers(control, results, "test", "last"), None)
    if test is None:
        return control.unchecked("none of its runs completed")
    rows, chance = len(test.labels), float(majority_outputs(test).correct.mean())
    known = _known_share(control, results)
    expected = chance + (1 - chance) * known
    # One band for the mean: the seeds share their test rows, so rows decide its width.
    limit = float(scipy.stats.binom.ppf(BAND, rows, expected)) / rows
    learnt = _mean(_answers(control, results, "train", "last"))
    least = (limit - expected) / max(learnt - expected, 1e-9)
    formula = "mean test accuracy over seeds, {} epoch"
    arm = control.arm_name
    measures = [
        *(share(rule, one, formula.format(rule), arm) for rule, one in means.items()),
        share("chance", expected, "most frequent label, and rows met again", arm),
        share("limit", limit, f"binomial quantile at {BAND:g}", arm),
        share("learnt", learnt, "training accuracy, last epoch", arm),
    ]
    observed = ", ".join(f"{{{rule}}} ({rule} epoch)" for rule in means)
    observed = f"mean test accuracy {observed}"
    note = "chance {chance}, at most {limit} by luck"
    if max(means.values()) > limit:
        note += "; labels reach the model by another way than learning"
        return control.result(
            passed=False, observed=observed, note=note, measures=measures
        )
    if least >= 1:
        why = f"{note}; too little was learnt by heart ({{learnt}}) to show a leak"
        return control.unchecked(why, observed, measures)
    told = (
        "from {least} of the test rows on, leaked ones would show more often than not"
    )
    measures.append(share("least", least, "(limit - chance) / (learnt - chance)", arm))
    return control.result(
        passed=True, observed=observed, note=f"{note}; {told}", measures=measures
    )


def _answers(
    control: Control, results: Results, name: str, rule: Rule
) -> Iterator[Outputs]:
    for seed in results.seeds(control.arm_name):
        outputs = results.outputs(control.arm_name, seed, name, rule)
        if outputs is not None:
            yield outputs


def _mean(answers: Iterator[Outputs]) -> float:
    shares = [float(one.correct.mean()) for one in answers]
    return float(np.mean(shares)) if shares else 0.0


def _known_share(control: Control, results: Results) -> float:
    """Share of rows like which there is another one anyway, as few tokens allow."""
    for _, record in results.records(control.arm_name):
        if "train" in record.data:
            train = record.data["train"]
            return train.duplicates / train.rows
    return 0.0


SHUFFLED_LABELS = Control(
    name="shuffled-labels",
    title="shuffled labels",
    expected="test accuracy at chance",
    arm=ControlArm(_change, seeds=2),
    judge=_judge,
)
