"""Shuffled labels: with nothing to learn, test accuracy must sit at chance.

Labels are shuffled in every set. Shuffled training labels alone still agree with the
rule a little more or less than half of the time, and a model finds that out. A row has
one shuffled label wherever it stands, so test rows that leak into training lift the
accuracy as far as they are learnt by heart: the last epoch is looked at as well.
"""

from collections.abc import Iterator

import numpy as np
from pydantic import JsonValue
from scipy import stats

from reportgen.analysis.control import Control, with_transforms
from reportgen.analysis.evidence.results import Results, Rule
from reportgen.analysis.findings.study import ControlResult
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
    limit = float(stats.binom.ppf(BAND, rows, expected)) / rows
    highest = max(means.values())
    learnt = _mean(_answers(control, results, "train", "last"))
    note = f"chance {expected:.3f}, at most {limit:.3f} by luck"
    note += f"; {learnt:.3f} of the training rows were learnt by heart"
    if highest > limit:
        note += "; labels reach the model by another way than learning"
    observed = ", ".join(f"{mean:.3f} ({rule} epoch)" for rule, mean in means.items())
    return control.result(
        passed=highest <= limit, observed=f"mean test accuracy {observed}", note=note
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
