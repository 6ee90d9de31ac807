"""Failed seeds: runs that broke off, and runs at chance while the others learnt."""

import numpy as np
from scipy import stats

from reportgen.analysis.detector import Detector, Missing, Reading
from reportgen.analysis.evidence.arm_values import share_interval, word_seeds
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
        rights, limit = _right_answers(results, arm)
        stuck = _at_chance(rights, limit)
        parts = []
        if broken:
            parts.append(f"failed outright: seeds {word_seeds(broken)}")
        if stuck:
            parts.append(f"at chance while most learnt: seeds {word_seeds(stuck)}")
        flag = bool(parts)
        unknown = len(records) - len(broken) - len(rights)
        if not flag:
            parts.append("every run ended")
            parts += [] if unknown else ["none at chance unlike the rest"]
        if unknown:
            of_all = f"{unknown} of {len(records)} runs"
            parts.append(f"answers of {of_all} were not kept, so not checked")
        count, total = len(broken) + len(stuck), len(records)
        ends = share_interval(count, total)
        note = "; ".join(parts)
        found.append(Reading(arm, flag, note, count / total, ends, n_used=total))
    return found


def _right_answers(results: Results, arm: str) -> tuple[dict[int, float], float]:
    """Right answers by seed of completed runs; how many a guesser may come to."""
    rights, limit = {}, 0.0
    for seed in results.seeds(arm):
        outputs = results.outputs(arm, seed, SET, results.selected(arm))
        if outputs is None:
            continue
        majority = float(majority_outputs(outputs).correct.mean())
        limit = float(stats.binom.ppf(BAND, len(outputs.labels), majority))
        rights[seed] = float(outputs.correct.sum())
    return rights, limit


def _at_chance(rights: dict[int, float], limit: float) -> list[int]:
    """Seeds inside the majority class's band, when the median seed is above it."""
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
