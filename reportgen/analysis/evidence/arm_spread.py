"""The spread within every arm: scores of a study in, the SD of a difference out."""

from dataclasses import dataclass

import numpy as np

from reportgen.analysis.evidence.pairs import side_of
from reportgen.analysis.evidence.results import Results

FEWEST_DF = 2


@dataclass(frozen=True)
class ArmSpread:
    """The SD of a difference of two arms, as if arms did not go together over seeds.

    Where they do, pairing makes it smaller.
    """

    sd: float
    df: int
    arms: int


def spread_within(results: Results, metric: str) -> ArmSpread | None:
    """Pool the spread over seeds of every arm that has the metric's evaluation set.

    None where fewer than two degrees of freedom exist, or nothing varies.
    """
    total, df, arms = 0.0, 0, 0
    for arm in results.study_arms:
        if metric.partition(".")[0] not in results.sets(arm):
            continue
        measure, side = side_of(results, arm, metric)
        path = f"{side.evaluation_set}.{measure.name}"
        found = results.scores(arm, path, side.rule)
        scores = [score for score in found if score is not None]
        if len(scores) > 1:
            total += (len(scores) - 1) * float(np.var(scores, ddof=1))
            df, arms = df + len(scores) - 1, arms + 1
    if df < FEWEST_DF or total == 0:
        return None
    return ArmSpread((2 * total / df) ** 0.5, df, arms)
