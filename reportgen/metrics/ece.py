"""Expected calibration error over fifteen bins of equal width.

Source: Guo et al. (2017), On Calibration of Modern Neural Networks, eq. 3.
"""

import numpy as np

from reportgen.metrics.metric import Metric, Outputs
from reportgen.records import Array

BINS = 15


def confidence(outputs: Outputs) -> Array:
    """Largest softmax probability of each row; shape (N,), in (0, 1]."""
    logits = outputs.logits.astype(np.float64)
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    top: Array = (odds / odds.sum(axis=1, keepdims=True)).max(axis=1)
    return top


def _value(outputs: Outputs) -> float:
    sure = confidence(outputs)
    bins = np.minimum((sure * BINS).astype(np.int64), BINS - 1)
    gaps = np.bincount(bins, weights=outputs.correct - sure, minlength=BINS)
    return float(np.abs(gaps).sum() / len(sure))


ECE = Metric(
    name="ece",
    title="expected calibration error",
    unit="fraction",
    higher_is_better=False,
    lower=0.0,
    upper=1.0,
    formula=r"\sum_{b=1}^{15} \frac{|B_b|}{N}"
    r"\,\bigl|\mathrm{acc}(B_b) - \mathrm{conf}(B_b)\bigr|",
    meaning="mean gap between confidence and accuracy over 15 equal-width bins",
    value=_value,
    rows=None,
    fallback=None,
)
