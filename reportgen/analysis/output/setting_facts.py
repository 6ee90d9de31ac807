"""Facts about what was run: settings, data, models and learning curves."""

from collections.abc import Iterator, Mapping

import numpy as np
from pydantic import JsonValue

from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.facts import Derivation, Fact, Subject, Unit
from reportgen.analysis.output.facts import run_input, runs_input
from reportgen.records import RunRecord, canonical_json
from reportgen.spec.leaves import leaves
from reportgen.spec.model import BASELINE


def setting_facts(results: Results) -> Iterator[Fact]:
    """`setting/ARM/PATH`: every resolved setting of every arm."""
    for arm in results.arms:
        cell = next(one for one in results.cells if one.variant == arm)
        settings = cell.config.model_dump(mode="json", exclude={"seed", "repeat"})
        variant = results.study.variants.get(arm)
        change = variant.change if variant else {}
        for path, setting in leaves(settings):
            value = _stated(setting)
            yield Fact(
                id=f"setting/{arm}/{path}",
                value=value,
                unit="text" if isinstance(value, str) else "setting",
                subject=Subject(arm=arm),
                derivation=Derivation(
                    formula=f"resolved for {arm}",
                    inputs=(spec_input(path, arm, change),),
                ),
            )


def spec_input(path: str, arm: str, change: JsonValue) -> str:
    """How a derivation names a setting: in the arm's change, or for the baseline."""
    inner = change
    for part in path.partition("[")[0].split("."):
        if not isinstance(inner, dict) or part not in inner:
            return f"spec:{path}"
        inner = inner[part]
    return f"spec:variants.{arm}.change.{path}"


def _stated(value: JsonValue) -> float | int | str:
    """A setting as a fact holds it; lists, nulls and truth values as their JSON."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return value
    return canonical_json(value)


def data_facts(results: Results) -> Iterator[Fact]:
    """`data/SPLIT/…` and `model/ARM/parameters`."""
    record = next((one for _, one in results.records(BASELINE) if one.data), None)
    if record is not None:
        yield from _split_facts(record)
    for arm in results.arms:
        built = next((one for _, one in results.records(arm) if one.architecture), None)
        if built is not None:
            yield Fact(
                id=f"model/{arm}/parameters",
                value=sum(row.parameters for row in built.architecture),
                unit="parameters",
                subject=Subject(arm=arm),
                derivation=Derivation(
                    formula="sum over modules of their own parameters",
                    inputs=(run_input(built.key),),
                ),
            )


def _split_facts(record: RunRecord) -> Iterator[Fact]:
    for name, split in record.data.items():
        found: list[tuple[str, float | int | None, Unit, str]] = [
            ("rows", split.rows, "rows", "rows of the split"),
            ("length", split.length, "count", "tokens of a row"),
            (
                "majority",
                max(split.labels) / split.rows,
                "fraction",
                "share of the most frequent label",
            ),
            ("oracle", split.oracle_accuracy, "fraction", "accuracy of the rule"),
            ("duplicates", split.duplicates, "rows", "rows that also occur in train"),
            ("conflicts", split.conflicts, "rows", "of these, with another label"),
        ]
        for part, value, unit, formula in found:
            if value is not None:
                yield Fact(
                    id=f"data/{name}/{part}",
                    value=value,
                    unit=unit,
                    subject=Subject(arm=BASELINE, evaluation_set=name),
                    derivation=Derivation(
                        formula=formula, inputs=(run_input(record.key),)
                    ),
                )


def curve_facts(results: Results) -> Iterator[Fact]:
    """`curve/ARM/CURVE/…`: means over completed seeds of what a curve did."""
    for arm in results.arms:
        records = [one for _, one in results.records(arm) if one.status == "completed"]
        names = dict.fromkeys(name for record in records for name in record.curves)
        for name in names:
            values = [shape_of(results, name, record) for record in records]
            shapes = [value for value in values if value is not None]
            for part in shapes[0] if shapes else ():
                yield _curve_fact(
                    results, arm, (name, part), [one[part] for one in shapes]
                )


def shape_of(
    results: Results, name: str, record: RunRecord
) -> Mapping[str, float] | None:
    """First, best and last value of one run's curve; None where it has no values.

    The best is the largest or smallest as the metric has it; an objective is a loss.
    """
    curve = record.curves.get(name, ())
    values = np.array([np.nan if one is None else one for one in curve])
    if not np.isfinite(values).any():
        return None
    metric = results.metrics.get(name.partition(".")[2])
    larger = metric is not None and metric.higher_is_better
    best = int(np.nanargmax(values) if larger else np.nanargmin(values))
    last = values[np.isfinite(values)][-1]
    return {
        "first": float(values[np.isfinite(values)][0]),
        "best": float(values[best]),
        "best_epoch": float(best + 1),
        "last": float(last),
        "last_minus_best": float(last - values[best]),
    }


def _curve_fact(
    results: Results, arm: str, what: tuple[str, str], values: list[float]
) -> Fact:
    name, part = what
    evaluation_set, _, measure = name.partition(".")
    metric = results.metrics.get(measure)
    unit: Unit = "nats" if metric is None or metric.unit == "nats" else "fraction"
    n = len(values)
    return Fact(
        id=f"curve/{arm}/{name}/{part}",
        value=float(np.mean(values)),
        unit="epochs" if part == "best_epoch" else unit,
        standard_error=float(np.std(values, ddof=1) / np.sqrt(n)) if n > 1 else None,
        n=n,
        subject=Subject(arm=arm, metric=measure, evaluation_set=evaluation_set),
        derivation=Derivation(
            formula=f"mean over completed seeds of {part.replace('_', ' ')} of the "
            f"curve {name}, epochs counted from 1",
            inputs=(runs_input(arm),),
        ),
    )
