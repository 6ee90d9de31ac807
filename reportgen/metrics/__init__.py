"""How outputs are scored: logits, labels and row columns in, one number out.

To add a metric, write one file that defines a `Metric` and add one line here.
"""

METRICS: dict[str, str] = {
    "accuracy": "reportgen.metrics.accuracy:ACCURACY",
    "swa": "reportgen.metrics.weighted:SWA",
    "cwa": "reportgen.metrics.weighted:CWA",
    "hwa": "reportgen.metrics.weighted:HWA",
    "loss": "reportgen.metrics.loss:LOSS",
    "ece": "reportgen.metrics.ece:ECE",
}
