"""Shape-, colour- and harmonically weighted accuracy of two-channel sequences.

Rows are weighted by how many distinct shapes (colours) they show, so a model cannot
score well on monotonous sequences alone.
"""

from collections.abc import Callable

import numpy as np

from reportgen.metrics.metric import Metric, Outputs, majority_outputs
from reportgen.records import Array

SHAPE, COLOUR = "shape_variety", "colour_variety"


def _weighted(outputs: Outputs, column: str) -> float:
    weights = outputs.columns[column].astype(np.float64)
    return float((weights * outputs.correct).sum() / weights.sum())


def _influence(outputs: Outputs, column: str) -> Array:
    """Centred influence of each row on the weighted accuracy; mean 0, shape (N,)."""
    weights = outputs.columns[column].astype(np.float64)
    score = _weighted(outputs, column)
    share: Array = len(weights) * weights / weights.sum()
    return share * (outputs.correct - score)


def _harmonic(outputs: Outputs) -> float:
    shape, colour = _weighted(outputs, SHAPE), _weighted(outputs, COLOUR)
    total = shape + colour
    return 2 * shape * colour / total if total > 0 else 0.0


def _harmonic_rows(outputs: Outputs) -> Array:
    """Delta-method linearisation: the gradient of 2SC/(S+C) times both influences."""
    shape, colour = _weighted(outputs, SHAPE), _weighted(outputs, COLOUR)
    total = shape + colour
    if total == 0:
        return np.zeros(len(outputs.labels))
    return (
        _harmonic(outputs)
        + 2 * colour**2 / total**2 * _influence(outputs, SHAPE)
        + 2 * shape**2 / total**2 * _influence(outputs, COLOUR)
    )


def _metric(
    name: str,
    title: str,
    definition: tuple[str, str],
    functions: tuple[Callable[[Outputs], float], Callable[[Outputs], Array]],
    columns: tuple[str, ...],
) -> Metric:
    value, rows = functions
    formula, meaning = definition
    return Metric(
        name=name,
        title=title,
        unit="fraction",
        higher_is_better=True,
        lower=0.0,
        upper=1.0,
        formula=formula,
        meaning=meaning,
        value=value,
        rows=rows,
        fallback=lambda outputs: value(majority_outputs(outputs)),
        columns=columns,
    )


SWA = _metric(
    "swa",
    "shape-weighted accuracy",
    (
        r"\mathrm{SWA} = \frac{\sum_i w_i \mathbf{1}[\hat{y}_i = y_i]}{\sum_i w_i}",
        "accuracy with each row weighted by its number of distinct shapes",
    ),
    (
        lambda outputs: _weighted(outputs, SHAPE),
        lambda outputs: _weighted(outputs, SHAPE) + _influence(outputs, SHAPE),
    ),
    (SHAPE,),
)
CWA = _metric(
    "cwa",
    "colour-weighted accuracy",
    (
        r"\mathrm{CWA} = \frac{\sum_i v_i \mathbf{1}[\hat{y}_i = y_i]}{\sum_i v_i}",
        "accuracy with each row weighted by its number of distinct colours",
    ),
    (
        lambda outputs: _weighted(outputs, COLOUR),
        lambda outputs: _weighted(outputs, COLOUR) + _influence(outputs, COLOUR),
    ),
    (COLOUR,),
)
HWA = _metric(
    "hwa",
    "harmonic weighted accuracy",
    (
        r"\mathrm{HWA} = \frac{2\,\mathrm{SWA}\cdot\mathrm{CWA}}"
        r"{\mathrm{SWA}+\mathrm{CWA}}",
        "harmonic mean of shape- and colour-weighted accuracy",
    ),
    (_harmonic, _harmonic_rows),
    (SHAPE, COLOUR),
)
