"""Leakage: a checklist over what was fed to whom.

What the files show is checked; what only an author or foreign code can know is said to
be not checked.

Source: Kapoor & Narayanan (2023), doi:10.1016/j.patter.2023.100804 (the classes).
"""

from collections.abc import Iterator

import numpy as np

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import share_interval
from reportgen.analysis.evidence.fed import Fed, distinct_sets, fed_sets, set_subject
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import Interval
from reportgen.analysis.rows.features import RowFeatures
from reportgen.analysis.rows.leaks import order_leak, single_feature_auc
from reportgen.analysis.statistics.spans import auc_interval
from reportgen.records import Array
from reportgen.spec.model import BASELINE

REPEATED = 0.01  # of the test rows
GIVES_AWAY = 0.99  # AUC of one feature
FEWEST_ROWS = 100
ALPHA = 0.01  # of the row's place
ORDERED = 0.05  # distance of its AUC from 0.5
FITTED = ("dev", "test")  # shifts may hold what training does not


def _read(results: Results) -> list[Reading | Missing]:
    sets = {one.name: one for one in fed_sets(results)}
    if not {"train", "test"} <= sets.keys():
        return [Missing("every class", "the rows fed were not kept")]
    return [
        _separate_test(results),
        *_fitted(results, sets),
        _duplicates(results),
        *_features(results),
        _times(sets["train"], sets["test"]),
        _groups(sets["train"], sets["test"]),
        Missing(
            "L3.3 population",
            "which population the claims mean is for their author to say",
        ),
    ]


def _separate_test(results: Results) -> Reading:
    subject = "L1.1 separate test rows"
    shared = []
    for arm in results.study_arms:
        digests = [one.digest for one in fed_sets(results, arm) if one.name in FITTED]
        trained = [one.digest for one in fed_sets(results, arm) if one.name == "train"]
        if len({*digests, *trained}) < len(digests) + len(trained):
            shared.append(arm)
    note = (
        f"train, dev and test share rows in {', '.join(shared)}"
        if shared
        else "train, dev and test are sets of their own in every arm; weights are "
        "fitted on train alone"
    )
    return _structural(subject, note, flag=bool(shared))


def _fitted(results: Results, sets: dict[str, Fed]) -> Iterator[Reading | Missing]:
    """Parts that could have been fitted to test rows: symbols, steps, features."""
    train = _shown(sets["train"].inputs)
    foreign = sum(len(_shown(sets[name].inputs) - train) for name in FITTED)
    note = (
        f"{foreign} symbols of dev or test never occur in training: no vocabulary "
        "fitted to training rows has them"
        if foreign
        else "every symbol of dev and test occurs in training: the vocabulary follows "
        "from training rows alone"
    )
    yield _structural("L1.2 vocabulary", note, flag=bool(foreign))
    code = _foreign_code(results)
    titles = ("L1.2 steps fitted to rows", "L1.3 selected features")
    if code:
        for title in titles:
            yield Missing(title, f"what {', '.join(code)} reads cannot be seen")
        return
    note = "no step between the dataset and the model is fitted to rows"
    yield _structural(titles[0], note)
    note = "no step chooses features; what an arm hides is named in its spec"
    yield _structural(titles[1], note)


def _shown(inputs: Array) -> set[tuple[int, int]]:
    """Channel and code of every symbol that occurs."""
    vocabularies = RowFeatures(inputs).vocabularies
    return {
        (channel, code)
        for channel, codes in enumerate(vocabularies)
        for code in codes.tolist()
    }


def _foreign_code(results: Results) -> list[str]:
    """Datasets and steps of the author's own, by what the spec calls them."""
    found: dict[str, None] = {}
    for cell in results.cells:
        data = cell.config.data
        used = [data.use, *(one.use for one in data.transforms)]
        found |= {use: None for use in used if ":" in use}
    return list(found)


def _duplicates(results: Results) -> Reading | Missing:
    subject = "L1.4 duplicates"
    mask = results.clean_mask(BASELINE)
    if mask is None:
        return Missing(subject, "the rows fed were not kept")
    repeated = int((~mask).sum())
    share = repeated / len(mask)
    note = f"{repeated} of {len(mask)} test rows occur in a training split"
    ends = share_interval(repeated, len(mask))
    return Reading(subject, share > REPEATED, note, share, ends, n_used=len(mask))


def _features(results: Results) -> Iterator[Reading | Missing]:
    """L2: features that no honest input has.

    What an arm makes of rows it shares with the baseline may hold the label as well;
    the places of such rows are the baseline's.
    """
    own = set(map(_identity, distinct_sets(results)))
    for fed in distinct_sets(results, recoded=True):
        if fed.name not in ("train", "test"):
            continue
        where = set_subject(fed.arm, fed.name)
        if len(fed.labels) < FEWEST_ROWS or len(np.unique(fed.labels)) < 2:
            why = f"needs {FEWEST_ROWS} rows and two classes"
            yield Missing(f"L2 single feature, {where}", why)
            if _identity(fed) in own:
                yield Missing(f"L2 place in the file, {where}", why)
            continue
        yield _single(f"L2 single feature, {where}", fed)
        if _identity(fed) in own:
            yield _order(f"L2 place in the file, {where}", fed.labels)


def _identity(fed: Fed) -> tuple[str, str]:
    return fed.arm, fed.name


def _single(subject: str, fed: Fed) -> Reading:
    features = RowFeatures(fed.inputs, fed.symbols)
    asked = (features.counts, features.places, features.lengths[:, None])
    auc = max(single_feature_auc(one, fed.labels) for one in asked)
    tried = sum(one.shape[1] for one in asked)
    flag = auc > GIVES_AWAY
    note = (
        "one feature alone gives the label away: is the task meant to be so easy?"
        if flag
        else "no count and no place of a symbol gives the label away"
    )
    return Reading(
        subject,
        flag,
        note,
        auc,
        _auc_interval(auc, fed.labels, tried),
        n_used=len(fed.labels),
        settled=flag,
        expected=0.5,
    )


def _auc_interval(auc: float, labels: Array, tried: int) -> Interval:
    """Of the best AUC of so many that were tried, each for every class."""
    counts = np.unique(labels, return_counts=True)[1]
    rows = int(np.minimum(counts, len(labels) - counts).min())
    compared = 1 if len(counts) == 2 else len(counts)
    lower, upper = auc_interval(auc, rows, error=0.05 / (tried * compared))
    return Interval(level=0.95, lower=lower, upper=upper)


def _order(subject: str, labels: Array) -> Reading:
    auc, p = order_leak(labels)
    flag = p < ALPHA and abs(auc - 0.5) > ORDERED
    note = (
        "the place of a row in its file tells something of its label"
        if flag
        else "the place of a row in its file is not shown to tell anything of its label"
    )
    ends = _auc_interval(auc, labels, 1)
    return Reading(
        subject, flag, note, auc, ends, p=p, n_used=len(labels), expected=0.5
    )


def _times(train: Fed, test: Fed) -> Reading | Missing:
    subject = "L3.1 order in time"
    if "time" not in train.columns or "time" not in test.columns:
        return Missing(subject, "the rows carry no column `time`")
    late = int((train.columns["time"] > test.columns["time"].min()).sum())
    note = f"{late} training rows are later than the first test row"
    return _structural(subject, note, flag=late > 0)


def _groups(train: Fed, test: Fed) -> Reading | Missing:
    subject = "L3.2 groups"
    if "group" not in train.columns or "group" not in test.columns:
        return Missing(subject, "the rows carry no column `group`")
    shared = np.intersect1d(train.columns["group"], test.columns["group"])
    note = f"{len(shared)} groups have rows in training and in test"
    return _structural(subject, note, flag=len(shared) > 0)


def _structural(subject: str, note: str, *, flag: bool = False) -> Reading:
    """A statement about provenance: true or false, without chance."""
    return Reading(subject, flag, note, settled=flag)


LEAKAGE_PROCESS = Detector(
    name="leakage_process",
    title="leakage between training and test",
    statistic_name="L1.4 share of test rows; L2 AUC of the best feature for the label",
    threshold="L1.4 more than 1 % of rows; L2 AUC above 0.99, of a place p < 0.01 and "
    "AUC beyond 0.45 to 0.55; all others structural",
    source="Kapoor & Narayanan (2023); sizes are conventions",
    false_positives="structural: none; of 400 clean sets, 0.000 for a feature and "
    "0.005 to 0.013 for a place",
    read=_read,
    no_interval="a statement about provenance is true or false; nothing is estimated",
)
