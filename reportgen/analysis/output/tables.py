"""Tables for other tools: results and scores in, the text of CSV and JSON files out."""

import csv
import io
import json
from collections.abc import Iterable, Sequence

from pydantic import JsonValue

from reportgen.analysis.evidence.results import Results
from reportgen.analysis.findings.study import ArmScore, RunRow
from reportgen.analysis.output.rounding import rounded


def metrics_json(scores: Sequence[ArmScore]) -> str:
    """`{arm: {metric: {mean, sd, n}}}`, as `dvc metrics` reads it."""
    arms: dict[str, dict[str, JsonValue]] = {}
    for score in scores:
        n = sum(value is not None for value in score.values)
        arms.setdefault(score.arm, {})[score.metric] = {
            "mean": score.mean,
            "sd": score.sd,
            "n": n,
        }
    nested: dict[str, JsonValue] = {**arms}
    return json.dumps(rounded(nested), indent=1, ensure_ascii=False) + "\n"


def curves_csv(results: Results) -> str:
    """One line per arm, seed and epoch, one column per curve."""
    names = sorted({name for one in results.bundled for name in one.record.curves})
    rows = []
    for arm in results.arms:
        for seed, record in results.records(arm):
            length = max((len(curve) for curve in record.curves.values()), default=0)
            for place in range(length):
                values = [
                    curve[place] if place < len(curve) else None
                    for curve in (record.curves.get(name, ()) for name in names)
                ]
                rows.append([arm, seed, place + 1, *values])
    return _csv(["arm", "seed", "epoch", *names], rows)


def runs_csv(rows: Sequence[RunRow]) -> str:
    """One line per run, one column per metric at the selected checkpoint."""
    names = sorted({name for row in rows for name in row.metrics})
    head = ["arm", "seed", "run", "status", "failure", "epoch", "epochs", *names]
    return _csv(
        head,
        (
            [
                row.arm,
                row.seed,
                row.run,
                row.status,
                row.failure.kind if row.failure else "",
                row.epoch,
                row.epochs,
                *(row.metrics.get(name) for name in names),
            ]
            for row in rows
        ),
    )


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """CSV with floats to 12 significant digits; None is an empty field."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow(
            f"{value:.12g}" if isinstance(value, float) else value for value in row
        )
    return buffer.getvalue()
