"""What a study must know about its metrics: `use` in, name and range out.

Our own metrics are read, not imported, because importing them loads numpy.
"""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.errors import SettingError
from reportgen.spec.component import find_target
from reportgen.spec.signature import ONLY_READ, load_attribute
from reportgen.spec.source import find_definition

FIELDS = ("name", "lower", "upper", "rows", "higher_is_better", "fallback")


@dataclass(frozen=True)
class MetricFacts:
    """A metric as claims see it.

    Attributes:
        name: the part after the dot of `test.hwa`.
        span: largest difference two scores can have; None where it has no bound.
        over_rows: it is a mean of rows, so verdicts may speak beyond the test set.
        higher_is_better: whether more of it is better.
        has_chance: it says what a model scores that has learnt nothing.
        lower: smallest score.
        upper: largest score; None where it has no bound.
    """

    name: str
    span: float | None
    over_rows: bool
    higher_is_better: bool = True
    has_chance: bool = True
    lower: float = 0.0
    upper: float | None = None


def read_metric(use: str, catalogue: Mapping[str, str]) -> MetricFacts:
    """Read a metric.

    Raises:
        SettingError: there is none of this name, or it is something else.
    """
    target = find_target(use, "metric", catalogue)
    module, _, attribute = target.partition(":")
    if module.partition(".")[0] in ONLY_READ:
        fields = _read_fields(module, attribute)
    else:
        value = load_attribute(module, attribute)
        fields = {one: getattr(value, one) for one in FIELDS if hasattr(value, one)}
    if set(fields) != set(FIELDS):
        fix = "define it as reportgen.metrics.metric.Metric(...)"
        raise SettingError("", f"{use!r} is no metric", fix)
    direction = fields["higher_is_better"]
    if not isinstance(direction, bool):
        what = f"{use!r} does not say whether more of it is better"
        raise SettingError("", what, "give it higher_is_better=True or False")
    lower, upper = fields["lower"], fields["upper"]
    return MetricFacts(
        str(fields["name"]),
        None if upper is None else float(upper - lower),
        fields["rows"] is not None,
        higher_is_better=direction,
        has_chance=fields["fallback"] is not None,
        lower=float(lower),
        upper=None if upper is None else float(upper),
    )


def _read_fields(module: str, attribute: str) -> dict[str, Any]:
    """The fields written in `NAME = Metric(...)`, or in a function that makes one."""
    found = find_definition(module, attribute)
    node = found.node if found else None
    call = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
    if not found or not isinstance(call, ast.Call):
        return {}
    given: dict[str, ast.expr] = {}
    maker = _function(found.module, ast.unparse(call.func))
    if maker:
        names = [argument.arg for argument in maker.args.args]
        given = dict(zip(names, call.args, strict=False))
        given |= {one.arg: one.value for one in call.keywords if one.arg}
        returned = [one.value for one in maker.body if isinstance(one, ast.Return)]
        call = next((one for one in returned if isinstance(one, ast.Call)), call)
    written = {one.arg: one.value for one in call.keywords if one.arg in FIELDS}
    return {
        str(name): _value(given.get(ast.unparse(value), value))
        for name, value in written.items()
    }


def _function(module: str, name: str) -> ast.FunctionDef | None:
    found = find_definition(module, name)
    return found.node if found and isinstance(found.node, ast.FunctionDef) else None


def _value(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return ...  # something, and not None
