"""Features that know too much: features and labels in, how well they agree out."""

import numpy as np
from scipy import stats

from reportgen.records import Array


def single_feature_auc(features: Array, labels: Array) -> float:
    """The best AUC of any one feature for any one class; 0.5 where none says anything.

    A feature that is low where the class is counts as much as one that is high.

    Args:
        features: shape (N, F).
        labels: shape (N,), two classes at least.
    """
    ranks = stats.rankdata(features, axis=0)
    best = 0.5
    for label in np.unique(labels):
        auc = _auc(ranks, labels == label)
        best = max(best, float(np.maximum(auc, 1 - auc).max()))
    return best


def order_leak(labels: Array) -> tuple[float, float]:
    """AUC of a row's place for the class it tells best, and p over all classes.

    Two-sided Mann-Whitney; Bonferroni over classes where there are more than two.
    """
    classes = np.unique(labels)
    compared = classes[1:] if len(classes) == 2 else classes
    places = np.arange(len(labels))
    found = []
    for label in compared:
        held = labels == label
        test = stats.mannwhitneyu(places[held], places[~held], method="asymptotic")
        auc = float(test.statistic) / (int(held.sum()) * int((~held).sum()))
        found.append((float(test.pvalue), auc))
    p, auc = min(found)
    return auc, min(1.0, p * len(compared))


def _auc(ranks: Array, held: Array) -> Array:
    own, others = int(held.sum()), int((~held).sum())
    above = ranks[held].sum(axis=0) - own * (own + 1) / 2
    found: Array = above / (own * others)
    return found
