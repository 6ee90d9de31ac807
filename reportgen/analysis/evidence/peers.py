"""Every arm's scores under the seeds of a comparison, for methods that pool spreads."""

from dataclasses import replace

import numpy as np

from reportgen.analysis.evidence.pairs import side_of
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.statistics.estimate import Sample


def with_peers(
    results: Results, sample: Sample, metric: str, seeds: tuple[int, ...]
) -> Sample:
    """The sample with the scores of every arm that has the claim's evaluation set.

    Args:
        results: of the study.
        sample: of a claim.
        metric: as the claim writes it; each arm is read at its own selection.
        seeds: of the sample's pairs.
    """
    name = metric.partition(".")[0]
    found = []
    for arm in results.study_arms:
        if name not in results.sets(arm):
            continue
        measure, side = side_of(results, arm, metric)
        path = f"{side.evaluation_set}.{measure.name}"
        if any(
            results.score(arm, seed, path, side.rule) is None
            for seed in results.seeds(arm)
        ):
            return sample
        sign = 1.0 if measure.higher_is_better else -1.0
        scores = [results.score(arm, seed, path, side.rule) for seed in seeds]
        found.append([sign * (score or 0.0) for score in scores])
    return replace(sample, peers=np.array(found)) if found else sample
