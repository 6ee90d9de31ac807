"""Scores that are no numbers: failed runs going in, and no NaN coming out."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reportgen.analysis.claims.method import load_method
from reportgen.analysis.claims.methods import METHODS
from reportgen.analysis.claims.rule import margins_of
from reportgen.analysis.evidence.pairs import Pairs, pair_runs, side_of
from reportgen.analysis.evidence.results import Results
from reportgen.records import BundledRun
from reportgen.spec.model import AnalysisSpec
from tests.analysis.factory import Bundle, make_bundle, make_results, make_study

SEEDS, ARMS = 7, ("bilstm", "baseline")
Cells = frozenset[tuple[str, int]]


@lru_cache(maxsize=1)
def runs() -> Bundle:
    return make_bundle(make_study(seeds=SEEDS))


def without_score(one: BundledRun) -> BundledRun:
    """A run whose scores on the test set are none, as they are where they were NaN."""
    checkpoints = {
        rule: point.model_copy(
            update={
                "metrics": {
                    name: None if name.startswith("test.") else value
                    for name, value in point.metrics.items()
                }
            }
        )
        for rule, point in one.record.checkpoints.items()
    }
    record = one.record.model_copy(update={"checkpoints": checkpoints})
    return one.model_copy(update={"record": record})


def pairs_of(broken: Cells, metric: str, failures: str) -> Pairs:
    bundle = runs()
    changed = tuple(
        without_score(one) if (one.variant, one.seed) in broken else one
        for one in bundle.runs
    )
    study = make_study(seeds=SEEDS, analysis={"failures": failures})
    results: Results = make_results(replace(bundle, study=study, runs=changed))
    found, own = side_of(results, ARMS[0], f"test.{metric}")
    _, other = side_of(results, ARMS[1], f"test.{metric}")
    return pair_runs(results, found, own, other)


cells = st.frozensets(
    st.tuples(st.sampled_from(ARMS), st.integers(0, SEEDS - 1)), max_size=10
)


@settings(max_examples=25, deadline=None)
@example(
    frozenset((ARMS[0], seed) for seed in range(SEEDS - 2)),
    "accuracy",
    "fallback",
    "pooled",
)
@given(
    cells,
    st.sampled_from(("accuracy", "hwa", "loss", "ece")),
    st.sampled_from(("fallback", "exclude")),
    st.sampled_from(sorted(METHODS)),
)
def test_no_number_is_a_failed_run_and_leaves_no_nan(
    broken: Cells, metric: str, failures: str, name: str
) -> None:
    pairs = pairs_of(broken, metric, failures)
    told = {
        (arm, seed)
        for arm, seeds in zip(ARMS, pairs.failed, strict=True)
        for seed in seeds
    }
    assert told == broken
    method = load_method(AnalysisSpec.model_validate({"method": name}))
    for sample in (pairs.sample, pairs.complete):
        if sample is None:
            continue
        assert np.isfinite(sample.effects).all()
        assert all(np.isfinite(one).all() for one in sample.alone)
        assert sample.rows is None or np.isfinite(sample.rows).all()
        found = method.estimate(sample, over_rows=sample.rows is not None)
        margins = margins_of("improves", 0.02, None)
        decision = method.judge("improves", margins, found, alpha=0.05)
        assert np.isfinite(found.mean)
        if found.determined:
            assert not np.isnan(found.interval(0.95)).any()
            assert 0 <= method.claim_p("improves", margins, found) <= 1
        if found.n < 3:
            assert decision.verdict == "inconclusive"


@pytest.mark.parametrize("failures", ["fallback", "exclude"])
def test_a_scoreless_arm_leaves_its_pairs(failures: str) -> None:
    everything: Cells = frozenset((ARMS[0], seed) for seed in range(SEEDS))
    pairs = pairs_of(everything, "accuracy", failures)
    assert pairs.complete is None
    assert (pairs.sample is None) == (failures == "exclude")
