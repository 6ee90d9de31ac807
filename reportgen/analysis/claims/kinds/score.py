"""A score: the difference of two arms on one metric and one evaluation set."""

from reportgen.analysis.claims.quantity import Quantity
from reportgen.analysis.evidence.pairs import Pairs, pair_runs, side_of
from reportgen.analysis.evidence.results import Results
from reportgen.metrics.metric import Metric
from reportgen.spec.claims import ClaimParts


def pair_scores(results: Results, parts: ClaimParts, metric: Metric) -> Pairs:
    """Pair the two arms of a claim by seed."""
    sides = [side_of(results, arm, parts.metric)[1] for arm in parts.arms]
    return pair_runs(results, metric, sides[0], sides[1])


SCORE = Quantity(about="score", pair=pair_scores, fallbacks=True)
