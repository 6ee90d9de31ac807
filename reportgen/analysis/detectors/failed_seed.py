"""Failed seeds: runs that broke off, and runs at chance while the others learnt."""

import numpy as np
from scipy import stats

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import word_seeds
from reportgen.analysis.evidence.results import Results
from reportgen.metrics.metric import majority_outputs

BAND = 0.999
SET = "test"


def _read(results: Results) -> list[Reading | Missing]:
    found: list[Reading | Missing] = []
    for arm in results.study_arms:
        records = list(results.records(arm))
        if not records:
            found.append(Missing(arm, "no run has ended"))
            continue
        broken = [seed for seed, one in records if one.status == "failed"]
        stuck = _at_chance(results, arm)
        parts = []
        if broken:
            parts.append(f"failed outright: seeds {word_seeds(broken)}")
        if stuck:
            parts.append(f"at chance while most learnt: seeds {word_seeds(stuck)}")
        note = "; ".join(parts) or "every run ended, and none at chance unlike the rest"
        flag = bool(parts)
        share = (len(broken) + len(stuck)) / len(records)
        found.append(Reading(arm, flag, note, share, n_used=len(records)))
    return found


def _at_chance(results: Results, arm: str) -> list[int]:
    """Seeds inside the majority class's band, when the median seed is above it."""
    rights, limit = {}, 0.0
    for seed in results.seeds(arm):
        outputs = results.outputs(arm, seed, SET, results.selected(arm))
        if outputs is None:
            continue
        majority = float(majority_outputs(outputs).correct.mean())
        limit = float(stats.binom.ppf(BAND, len(outputs.labels), majority))
        rights[seed] = float(outputs.correct.sum())
    if not rights or np.median(list(rights.values())) <= limit:
        return []
    return [seed for seed, right in rights.items() if right <= limit]


FAILED_SEED = Detector(
    name="failed_seed",
    title="failed seeds",
    statistic_name="share of seeds that failed",
    threshold="any run that broke off, or one below the 99.9 % band of the majority "
    "class while the median run is above it",
    source="convention",
    false_positives="none of 2,400 clean arms",
    read=_read,
)
