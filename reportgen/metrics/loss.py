"""Cross-entropy loss in nats, the mean over rows of minus the log-likelihood."""

import numpy as np

from reportgen.metrics.metric import Metric, Outputs
from reportgen.records import Array


def _rows(outputs: Outputs) -> Array:
    logits = outputs.logits.astype(np.float64)
    top = logits.max(axis=1, keepdims=True)
    log_total = np.log(np.exp(logits - top).sum(axis=1)) + top[:, 0]
    chosen: Array = logits[np.arange(len(logits)), outputs.labels]
    lost: Array = log_total - chosen
    return lost


LOSS = Metric(
    name="loss",
    title="cross-entropy loss",
    unit="nats",
    higher_is_better=False,
    lower=0.0,
    upper=None,
    formula=r"-\frac{1}{N}\sum_{i=1}^{N} \log p_\theta(y_i \mid x_i)",
    meaning="mean negative log-likelihood of the labels",
    value=lambda outputs: float(_rows(outputs).mean()),
    rows=_rows,
    fallback=lambda outputs: float(np.log(outputs.logits.shape[1])),
)
