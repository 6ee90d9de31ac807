"""The shape of a metric: what it is called, its unit, direction, range and formula."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Literal

import numpy as np

from reportgen.errors import SettingError
from reportgen.metrics import METRICS
from reportgen.records import Array


@dataclass(frozen=True)
class Outputs:
    """A model's answers on one evaluation set of N rows and K classes.

    Args:
        logits: shape (N, K), finite floats.
        labels: shape (N,), integers in [0, K).
        columns: per-row values a metric may ask for, each of shape (N,).
    """

    logits: Array
    labels: Array
    columns: Mapping[str, Array]

    @cached_property
    def predictions(self) -> Array:
        """Class with the largest logit, the first on ties; shape (N,)."""
        named: Array = np.argmax(self.logits, axis=1)
        return named

    @cached_property
    def correct(self) -> Array:
        """1.0 where the prediction equals the label, else 0.0; shape (N,)."""
        hits: Array = (self.predictions == self.labels).astype(np.float64)
        return hits


@dataclass(frozen=True)
class Metric:
    """A score of one model on one evaluation set.

    Attributes:
        value: the score; finite for finite logits.
        rows: shape (N,), per-row contributions whose mean is the score; exact for a
            mean of rows, linearised (influence function) otherwise. None where the
            score is no mean of rows, so no verdict may speak beyond the test set.
        fallback: the score of a user left with a failed run (the majority class of
            `labels`, or ln K for the loss); None where nothing can be imputed.
        columns: names of the row columns it reads.
    """

    name: str
    title: str
    unit: Literal["fraction", "nats"]
    higher_is_better: bool
    lower: float
    upper: float | None
    formula: str  # TeX
    meaning: str
    value: Callable[[Outputs], float]
    rows: Callable[[Outputs], Array] | None
    fallback: Callable[[Outputs], float] | None
    columns: tuple[str, ...] = ()


def majority_outputs(outputs: Outputs) -> Outputs:
    """The outputs of a predictor that always names the most frequent label."""
    classes = outputs.logits.shape[1]
    counts = np.bincount(outputs.labels, minlength=classes)
    logits = np.zeros((len(outputs.labels), classes))
    logits[:, int(np.argmax(counts))] = 1.0
    return Outputs(logits, outputs.labels, outputs.columns)


def load_metric(use: str) -> Metric:
    """Load a metric by catalogue name or `module:attribute`.

    Raises:
        SettingError: there is no such metric, or it is something else.
    """
    module, _, attribute = METRICS.get(use, use).partition(":")
    try:
        found = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        fix = f"use one of {', '.join(METRICS)}, or module:attribute"
        raise SettingError("", f"no metric {use!r} ({error})", fix) from error
    if not isinstance(found, Metric):
        fix = "define it as reportgen.metrics.metric.Metric(...)"
        raise SettingError("", f"{use!r} is no Metric", fix)
    return found
