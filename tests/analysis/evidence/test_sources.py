"""Copies of rows: found by what a run was told, and counted as one row each."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from reportgen.analysis.claims.kinds.shift import pair_drops
from reportgen.analysis.evidence.pairs import pair_runs, side_of
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.evidence.sources import gather, source_rows
from reportgen.analysis.statistics.estimate import (
    Estimate,
    Sample,
    crossed_se,
    estimate,
)
from reportgen.metrics.metric import Outputs, load_metric
from reportgen.records import Array, RunRecord, digest_array
from reportgen.spec.claims import parse_claim
from reportgen.spec.model import DataSpec
from reportgen.training.data import Channel, Split
from reportgen.training.transforms.repeat_rows import RepeatRows
from reportgen.training.transforms.shuffle_tokens import ShuffleTokens
from tests.analysis.factory import SPEC, Bundle, make_bundle, make_results, make_study

COPIES = 5


def shuffled(use: str = "shuffle_tokens") -> dict[str, Any]:
    """The data of the usual study, its shift being copies of the test rows."""
    params = {"copies": COPIES} if use == "shuffle_tokens" else {}
    return {**SPEC["data"], "shifts": {"ordering": {"use": use, "params": params}}}


def copied_bundle(use: str = "shuffle_tokens", *, noise: float = 0.0) -> Bundle:
    """Runs whose shifted set is their test set five times, answered almost alike."""
    bundle = make_bundle(make_study(data=shuffled(use)))
    arrays, runs = dict(bundle.arrays), []
    rng = np.random.default_rng(1)
    for one in bundle.runs:
        record = one.record
        if record.status == "failed":
            runs.append(one)
            continue
        names, checkpoints = dict(record.arrays), dict(record.checkpoints)
        for key, digest in record.arrays.items():
            kind, _, rest = key.partition("/")
            if not rest.startswith("test"):
                continue
            values = arrays[digest]
            values = np.tile(values, (COPIES, *[1] * (values.ndim - 1)))
            if kind == "logits":
                values = values + np.float32(noise) * rng.standard_normal(
                    values.shape
                ).astype(np.float32)
            name = f"{kind}/{rest.replace('test', 'ordering', 1)}"
            names[name] = digest_array(values)
            arrays[names[name]] = values
        moved = record.model_copy(update={"arrays": names})
        labels = arrays[names["labels/ordering"]]
        columns = {
            key: arrays[names[f"columns/ordering/{key}"]]
            for key in ("shape_variety", "colour_variety")
        }
        for rule, checkpoint in checkpoints.items():
            logits = arrays[names[f"logits/ordering@{rule}"]]
            answers = Outputs(logits, labels, columns)
            scores = {
                f"ordering.{metric}": load_metric(metric).value(answers)
                for metric in ("hwa", "accuracy", "loss", "ece")
            }
            checkpoints[rule] = checkpoint.model_copy(
                update={"metrics": {**checkpoint.metrics, **scores}}
            )
        moved = moved.model_copy(update={"checkpoints": checkpoints})
        runs.append(one.model_copy(update={"record": moved}))
    return Bundle(bundle.study, tuple(runs), arrays)


def estimate_of(results: Results, metric: str) -> tuple[Sample, Estimate]:
    found, own = side_of(results, "bilstm", metric)
    _, other = side_of(results, "baseline", metric)
    sample = pair_runs(results, found, own, other).sample
    assert sample is not None
    return sample, estimate(sample)


def record_of(data: DataSpec, rows: int) -> tuple[Results, RunRecord]:
    """A record that was told these data, and has so many test rows."""
    results = make_results()
    record = next(one.record for one in results.bundled if one.variant == "bilstm")
    labels = np.arange(rows, dtype=np.int64)
    arrays = {**results.arrays, digest_array(labels): labels}
    config = record.config.model_copy(update={"data": data})
    named = {"labels/test": digest_array(labels), "labels/far": digest_array(labels)}
    changed = record.model_copy(update={"config": config, "arrays": named})
    return replace(results, arrays=arrays), changed


@pytest.mark.parametrize("metric", ["accuracy", "hwa", "loss"])
def test_copies_that_are_answered_alike_add_no_certainty(metric: str) -> None:
    results = make_results(copied_bundle())
    copied, wide = estimate_of(results, f"ordering.{metric}")
    usual, narrow = estimate_of(results, f"test.{metric}")
    assert copied.rows is not None
    assert copied.rows.shape == (5, 400)
    assert wide.interval(0.95) == pytest.approx(narrow.interval(0.95), abs=1e-7)
    assert usual.rows is not None
    spread = np.tile(usual.rows, (1, COPIES))
    assert crossed_se(spread).row_variance < 0.5 * narrow.row_variance


def test_a_users_own_copies_are_known_by_their_labels() -> None:
    results = make_results(copied_bundle("tests.nowhere:Several"))
    copied, _ = estimate_of(results, "ordering.accuracy")
    assert copied.rows is not None
    assert copied.rows.shape == (5, 400)


def test_rows_that_are_no_copies_stay_as_they_are() -> None:
    results = make_results()
    sample, _ = estimate_of(results, "ordering.accuracy")
    assert sample.rows is not None
    assert sample.rows.shape == (5, 400)
    record = next(one.record for one in results.bundled)
    assert source_rows(results, record, "test") is None
    assert source_rows(results, record, "ordering") is None


def test_a_shift_into_copies_is_matched_row_by_row() -> None:
    """Test rows against their own copies: what a row is by itself cancels."""
    results = make_results(copied_bundle(noise=0.05))
    parts = parse_claim(
        "bilstm is more robust than baseline from test.accuracy to ordering.accuracy"
    )
    pairs = pair_drops(results, parts, load_metric("accuracy"))
    assert pairs.sample is not None
    assert pairs.sample.rows is not None
    assert pairs.sample.other is None
    assert pairs.sample.rows.mean(axis=1) == pytest.approx(pairs.sample.effects)


@pytest.mark.parametrize("rows", [7, 300])
@pytest.mark.parametrize(
    "steps",
    [
        [("shuffle_tokens", {"copies": 3})],
        [("repeat_rows", {"rows": 20, "times": 4})],
        [("repeat_rows", {"rows": 20, "times": 4}), ("shuffle_tokens", {"copies": 2})],
    ],
)
def test_sources_are_those_of_the_transforms(
    steps: list[tuple[str, dict[str, int]]], rows: int
) -> None:
    """The real transforms copy an index; as many rows as they leave are told apart."""
    index = np.arange(rows)
    inputs = index.repeat(4).reshape(rows, 4, 1)
    split = Split(inputs, index, (Channel("letter", ("a", "b")),))
    for use, params in steps:
        step = ShuffleTokens(**params) if "copies" in params else RepeatRows(**params)
        split = step(split, source=None, rng=np.random.default_rng(0))
        assert use in ("shuffle_tokens", "repeat_rows")
    written = [{"use": use, "params": params} for use, params in steps]
    first, *rest = written
    for data, name in (
        ({"use": "spr", "transforms": written}, "test"),
        ({"use": "spr", "transforms": rest, "shifts": {"far": first}}, "far"),
    ):
        spec = DataSpec.model_validate_json(json.dumps(data))
        results, record = record_of(spec, len(split.labels))
        found = source_rows(results, record, name)
        assert found is not None
        assert np.array_equal(found, split.labels)


def test_gathering_keeps_the_mean_and_counts_sources() -> None:
    rng = np.random.default_rng(4)
    rows = rng.random(60)
    sources: Array = np.concatenate([np.arange(40), np.repeat(np.arange(5), 4)])
    found = gather(rows, sources)
    assert found.shape == (40,)
    assert found.mean() == pytest.approx(rows.mean())
    even = gather(np.tile(rows, 3), np.tile(np.arange(60), 3))
    assert even == pytest.approx(rows)
