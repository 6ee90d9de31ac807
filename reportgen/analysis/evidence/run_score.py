"""One run's score on one evaluation set: records in, the score with its rows out."""

import numpy as np

from reportgen.analysis.evidence.results import Results, row_identity
from reportgen.analysis.evidence.scored import Rule, Score, Side
from reportgen.analysis.evidence.sources import gather, source_rows
from reportgen.analysis.rows.clean import CLEAN
from reportgen.errors import GateError, Problem
from reportgen.metrics.metric import Metric, Outputs, majority_outputs
from reportgen.records import Array, RunRecord
from reportgen.spec.model import BASELINE

# Scores are recomputed from stored float32 logits; a larger gap means other logits.
AGREEMENT = 1e-5


def score_run(results: Results, metric: Metric, side: Side, seed: int) -> Score | None:
    """One run's score; a failed run gets the metric's fallback, NaN where it has none.

    None where the run has no record, or the machine lost it, or it has nothing to be
    scored by.

    Raises:
        GateError: the stored predictions do not give the score in the record.
    """
    key = (metric, side, seed)
    if key not in results.scored:
        results.scored[key] = _score(results, metric, side, seed)
    return results.scored[key]


def _score(results: Results, metric: Metric, side: Side, seed: int) -> Score | None:
    record = results.counted(side.arm, seed)
    if record is None:
        return None
    name = f"{side.evaluation_set}.{metric.name}"
    value = results.score(side.arm, seed, name, side.rule)
    identity = row_identity(record, side.evaluation_set)
    failed = value is None
    if value is None:
        value = _last_finite(results, record, name, side.rule)
    if value is None:
        return fallback_score(results, metric, side)
    outputs = results.outputs(
        side.arm, seed, side.evaluation_set, side.rule, of_failed=failed
    )
    digest = record.arrays.get(f"logits/{side.stored_set}@{side.rule}", "")
    rows = _rows(metric, outputs)
    if rows is not None and abs(float(rows.mean()) - value) > AGREEMENT:
        raise GateError(
            Problem(
                f"the stored predictions of {side.arm} under seed {seed} give "
                f"{rows.mean():.6g} for {name}, its record says {value:.6g}",
                f"run {record.run[:12]}",
                "records and predictions are of different runs: restore both from one "
                f"commit, or run 'reportgen run {results.study.study}' again",
            )
        )
    rows = _gathered(results, record, side, rows)
    return Score(value, rows, failed=failed, outputs=digest, identity=identity)


def _last_finite(
    results: Results, record: RunRecord, name: str, rule: Rule
) -> float | None:
    """The score a failed run's last finite checkpoint has, where a study counts it.

    A run that failed before it had one falls back like any other.
    """
    if results.study.analysis.failures != "last_finite_checkpoint":
        return None
    checkpoint = record.checkpoints.get(rule) if record.status == "failed" else None
    return None if checkpoint is None else checkpoint.metrics.get(name)


def _rows(metric: Metric, outputs: Outputs | None) -> Array | None:
    if outputs is None or metric.rows is None:
        return None
    return np.asarray(metric.rows(outputs), dtype=np.float64)


def _gathered(
    results: Results, record: RunRecord, side: Side, rows: Array | None
) -> Array | None:
    """Contributions of rows, those of copies of one row together."""
    sources = source_rows(results, record, side.evaluation_set)
    if rows is None or sources is None:
        return rows
    if side.evaluation_set == CLEAN:
        sources = sources[results.clean_mask(side.arm)]
    return gather(rows, sources)


def fallback_score(results: Results, metric: Metric, side: Side) -> Score | None:
    """What a user left with a failed run would score."""
    outputs = results.unanswered(side.arm, side.evaluation_set)
    if outputs is None or metric.fallback is None:
        return Score(float("nan"), None, failed=True, outputs="", identity=())
    value = float(metric.fallback(outputs))
    rows = _rows(metric, majority_outputs(outputs))
    if rows is not None and abs(float(rows.mean()) - value) > AGREEMENT:
        rows = np.full(len(outputs.labels), value)  # e.g. ln K on every row
    known = next(
        record
        for arm in (side.arm, BASELINE)
        for _, record in results.records(arm)
        if f"labels/{side.stored_set}" in record.arrays
    )
    identity = row_identity(known, side.evaluation_set)
    rows = _gathered(results, known, side, rows)
    return Score(value, rows, failed=True, outputs="", identity=identity)
