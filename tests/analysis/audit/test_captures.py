"""Captures of all runs become one list that loses nothing."""

import pytest
from pydantic import JsonValue

from reportgen.analysis.audit.captures import merge_captures
from reportgen.analysis.findings.study import CaptureEntry
from reportgen.records import CaptureRow
from tests.analysis.factory import (
    Bundle,
    make_bundle,
    make_results,
    make_study,
    with_record,
)

BETAS = "optimizer.group0.betas"


def row(path: str, value: JsonValue) -> CaptureRow:
    return CaptureRow(
        path=path, value=value, source="derived", origin="a test", meaning="a setting"
    )


def with_rows(bundle: Bundle, arm: str, seed: int, *rows: CaptureRow) -> Bundle:
    """A run whose capture has these rows, in place of those of the same path."""
    paths = {one.path for one in rows}
    run = next(
        one.record for one in bundle.runs if (one.variant, one.seed) == (arm, seed)
    )
    kept = tuple(one for one in run.capture if one.path not in paths)
    return with_record(bundle, arm, seed, capture=(*kept, *rows))


def entries(bundle: Bundle) -> dict[str, CaptureEntry]:
    return {one.path: one for one in merge_captures(make_results(bundle))}


@pytest.fixture
def bundle() -> Bundle:
    return make_bundle(make_study())


def test_run_that_differs_from_its_arm_stands_by_itself(bundle: Bundle) -> None:
    odd = with_rows(bundle, "bilstm", 3, row(BETAS, [0.5, 0.5]), row("backend.x", 1))
    found = entries(odd)
    assert found[BETAS].exceptions == {"bilstm (seed 3)": [0.5, 0.5]}
    assert "bilstm (seed 3)" not in found["backend.x"].absent
    assert set(found["backend.x"].absent) == set(make_results(bundle).arms)


def test_run_that_falls_back_to_the_usual_value_is_told(bundle: Bundle) -> None:
    found = entries(with_rows(bundle, "dropout", 2, row("model.lstm.dropout", 0.0)))
    exceptions = found["model.lstm.dropout"].exceptions
    assert exceptions == {"dropout": 0.3, "dropout (seed 2)": 0.0}


def test_row_that_one_run_lacks_is_told(bundle: Bundle) -> None:
    run = next(one.record for one in bundle.runs if one.seed == 1)
    short = tuple(one for one in run.capture if one.path != BETAS)
    found = entries(with_record(bundle, "baseline", 1, capture=short))
    assert found[BETAS].absent == ("baseline (seed 1)",)


def test_what_follows_from_a_seed_is_told_of_the_first(bundle: Bundle) -> None:
    for seed in range(5):
        bundle = with_rows(bundle, "baseline", seed, row("streams.order", f"{seed}"))
    found = entries(bundle)
    assert found["streams.order"].value == "0"
    assert found["streams.order"].of_seed
    assert found["streams.order"].exceptions == {}
    assert not found[BETAS].of_seed


def test_arm_without_any_capture_is_absent_everywhere(bundle: Bundle) -> None:
    for seed in range(5):
        bundle = with_record(bundle, "bilstm", seed, capture=())
    assert all("bilstm" in one.absent for one in entries(bundle).values())
