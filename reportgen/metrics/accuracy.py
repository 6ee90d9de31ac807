"""Accuracy: the share of rows predicted right."""

from reportgen.metrics.metric import Metric, Outputs, majority_outputs


def _value(outputs: Outputs) -> float:
    return float(outputs.correct.mean())


ACCURACY = Metric(
    name="accuracy",
    title="accuracy",
    unit="fraction",
    higher_is_better=True,
    lower=0.0,
    upper=1.0,
    formula=r"\frac{1}{N}\sum_{i=1}^{N} \mathbf{1}[\hat{y}_i = y_i]",
    meaning="share of rows whose predicted class is the label",
    value=_value,
    rows=lambda outputs: outputs.correct,
    fallback=lambda outputs: _value(majority_outputs(outputs)),
)
