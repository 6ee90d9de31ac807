"""Pairing runs by seed: failed runs, other rows, repeated outputs, tampering."""

from dataclasses import replace

import numpy as np
import pytest

from reportgen.analysis.audit.ledger import tell_history
from reportgen.analysis.claims.kinds.failures import FAILURE_RATE, pair_failures
from reportgen.analysis.evidence.pairs import Pairs, pair_runs, side_of
from reportgen.analysis.evidence.results import Results
from reportgen.analysis.statistics.estimate import estimate
from reportgen.errors import GateError
from reportgen.ledger.account import Account
from reportgen.ledger.registration import Registration
from reportgen.metrics.metric import load_metric, majority_outputs
from reportgen.records import Failure, FailureKind, digest_array
from reportgen.spec.claims import parse_claim
from tests.analysis.factory import Bundle, make_bundle, make_results, with_record


def pair(results: Results, arm: str, metric: str) -> Pairs:
    found, variant = side_of(results, arm, metric)
    _, reference = side_of(results, "baseline", metric)
    return pair_runs(results, found, variant, reference)


@pytest.mark.parametrize("metric", ["test.hwa", "test.accuracy", "ordering.loss@last"])
def test_effects_are_the_row_means(results: Results, metric: str) -> None:
    sample = pair(results, "bilstm", metric).sample
    assert sample is not None
    assert sample.rows is not None
    assert sample.rows.mean(axis=1) == pytest.approx(sample.effects, abs=1e-6)
    assert sample.rows.shape == (5, 400)


def test_a_lower_loss_is_a_positive_effect(results: Results) -> None:
    sample = pair(results, "bilstm", "test.loss").sample
    assert sample is not None
    own = results.score("bilstm", 0, "test.loss", "best")
    other = results.score("baseline", 0, "test.loss", "best")
    assert own is not None
    assert other is not None
    assert sample.effects[0] == pytest.approx(other - own)


def test_a_failed_run_scores_as_the_majority_class(results: Results) -> None:
    pairs = pair(results, "dropout", "test.hwa")
    assert pairs.failed == ((3,), ())
    assert pairs.seeds == (0, 1, 2, 3, 4)
    assert pairs.complete_seeds == (0, 1, 2, 4)
    outputs = results.unanswered("dropout", "test")
    assert outputs is not None
    hwa = load_metric("hwa")
    fallback = hwa.value(majority_outputs(outputs))
    other = results.score("baseline", 3, "test.hwa", "best")
    assert pairs.sample is not None
    assert other is not None
    assert pairs.sample.effects[3] == pytest.approx(fallback - other)
    assert not np.isnan(pairs.sample.rows).any()  # type: ignore[arg-type]


def test_a_failed_run_pays_ln_k_on_every_row_of_the_loss(results: Results) -> None:
    pairs = pair(results, "dropout", "test.loss")
    assert pairs.sample is not None
    assert pairs.sample.rows is not None
    other = results.outputs("baseline", 3, "test", "best")
    assert other is not None
    rows = load_metric("loss").rows
    assert rows is not None
    assert pairs.sample.rows[3] == pytest.approx(rows(other) - np.log(2))


def test_a_metric_without_fallback_is_conditional_on_convergence(
    results: Results,
) -> None:
    pairs = pair(results, "dropout", "test.ece")
    assert not pairs.imputed
    assert pairs.seeds == pairs.complete_seeds == (0, 1, 2, 4)
    assert pairs.sample is not None
    assert np.isfinite(pairs.sample.effects).all()


def test_a_score_that_is_not_finite_is_a_failed_run(bundle: Bundle) -> None:
    one = next(one for one in bundle.runs if (one.variant, one.seed) == ("bilstm", 2))
    best = one.record.checkpoints["best"]
    broken = best.model_copy(update={"metrics": {**best.metrics, "test.hwa": None}})
    checkpoints = {**one.record.checkpoints, "best": broken}
    results = make_results(with_record(bundle, "bilstm", 2, checkpoints=checkpoints))
    assert pair(results, "bilstm", "test.hwa").failed == ((2,), ())
    assert pair(results, "bilstm", "test.accuracy").failed == ((), ())


def test_a_run_without_record_is_missing(bundle: Bundle) -> None:
    runs = [one for one in bundle.runs if (one.variant, one.seed) != ("bilstm", 1)]
    results = make_results(replace(bundle, runs=tuple(runs)))
    pairs = pair(results, "bilstm", "test.hwa")
    assert (pairs.missing, pairs.seeds) == ((1,), (0, 2, 3, 4))


@pytest.mark.parametrize(
    ("kind", "missing", "failed"),
    [
        ("killed", (1,), ()),
        ("timeout", (1,), ()),
        ("data-error", (1,), ()),
        ("out-of-memory", (), (1,)),
        ("exception", (), (1,)),
    ],
)
def test_a_run_that_the_machine_lost_is_missing_and_has_not_failed(
    bundle: Bundle,
    kind: FailureKind,
    missing: tuple[int, ...],
    failed: tuple[int, ...],
) -> None:
    failure = Failure(kind=kind, message="-")
    ended = {"status": "failed", "failure": failure, "checkpoints": {}}
    results = make_results(with_record(bundle, "bilstm", 1, **ended))
    about = parse_claim("bilstm fails less often than baseline")
    for pairs in (
        pair(results, "bilstm", "test.hwa"),
        pair_failures(results, about, FAILURE_RATE),
    ):
        assert (pairs.missing, pairs.failed) == (missing, (failed, ()))
    known = Registration(results.study, results.cells, results.bundled, results.ledger)
    assert tell_history(results, known, Account({}, (), ())).lost == len(missing)


def test_equal_outputs_under_two_seeds_count_once(bundle: Bundle) -> None:
    changed = bundle
    for arm in ("bilstm", "baseline"):
        first = next(o for o in bundle.runs if (o.variant, o.seed) == (arm, 0)).record
        copied = {"arrays": first.arrays, "checkpoints": first.checkpoints}
        changed = with_record(changed, arm, 4, **copied)
    pairs = pair(make_results(changed), "bilstm", "test.hwa")
    assert (pairs.repeats, pairs.seeds) == (1, (0, 1, 2, 3))


def test_arms_on_other_rows_are_not_paired_by_row(bundle: Bundle) -> None:
    labels = np.concatenate([np.zeros(200, np.int64), np.ones(200, np.int64)])
    arrays = {**bundle.arrays, digest_array(labels): labels}
    changed = replace(bundle, arrays=arrays)
    for seed in range(5):
        old = next(
            one for one in bundle.runs if (one.variant, one.seed) == ("bilstm", seed)
        ).record
        moved = {**old.arrays, "labels/test": digest_array(labels)}
        relabelled = make_results(with_record(changed, "bilstm", seed, arrays=moved))
        outputs = relabelled.outputs("bilstm", seed, "test", "best")
        assert outputs is not None
        best = old.checkpoints["best"]
        metrics = {**best.metrics, "test.hwa": load_metric("hwa").value(outputs)}
        checkpoint = best.model_copy(update={"metrics": metrics})
        checkpoints = {**old.checkpoints, "best": checkpoint}
        update = {"arrays": moved, "checkpoints": checkpoints}
        changed = with_record(changed, "bilstm", seed, **update)
    pairs = pair(make_results(changed), "bilstm", "test.hwa")
    assert not pairs.same_rows
    assert pairs.sample is not None
    assert pairs.sample.other is not None
    found = estimate(pairs.sample)
    assert found.seeds is not None
    assert found.crossed is not None
    assert found.crossed.error > found.seeds.error


def test_predictions_of_another_run_stop_the_analysis(bundle: Bundle) -> None:
    other = next(o for o in bundle.runs if (o.variant, o.seed) == ("frozen", 1)).record
    results = make_results(with_record(bundle, "bilstm", 1, arrays=other.arrays))
    with pytest.raises(GateError, match="predictions of bilstm under seed 1 give"):
        pair(results, "bilstm", "test.hwa")


def test_a_rule_in_the_metric_overrides_the_selection(results: Results) -> None:
    _, side = side_of(results, "bilstm", "test.hwa@last")
    assert side.rule == "last"
    _, side = side_of(results, "bilstm", "test.hwa")
    assert side.rule == "best"


def test_the_same_outputs_in_both_arms_agree() -> None:
    bundle = make_bundle()
    changed = bundle
    for seed in range(5):
        base = next(
            one for one in bundle.runs if (one.variant, one.seed) == ("baseline", seed)
        ).record
        same = {"arrays": base.arrays, "checkpoints": base.checkpoints}
        changed = with_record(changed, "frozen", seed, **same)
    results = make_results(changed)
    assert pair(results, "frozen", "test.accuracy").agreeing
    assert not pair(results, "bilstm", "test.accuracy").agreeing


def test_runs_without_a_partner_are_kept_apart(bundle: Bundle) -> None:
    runs = [one for one in bundle.runs if (one.variant, one.seed) != ("bilstm", 1)]
    results = make_results(replace(bundle, runs=tuple(runs)))
    sample = pair(results, "bilstm", "test.hwa").sample
    assert sample is not None
    assert sample.runs == (4, 5)
    assert sample.alone[1] == pytest.approx(
        [results.score("baseline", 1, "test.hwa", "best")]
    )


def test_the_partner_of_a_failed_run_counts_where_arms_are_not_paired(
    results: Results,
) -> None:
    """Left out as a pair, its completed run stays a run of its arm."""
    kept = pair(results, "dropout", "test.hwa")
    assert kept.sample is not None
    assert kept.complete is not None
    assert kept.sample.runs == (5, 5)  # the failed run with its fallback score
    assert kept.complete.runs == (4, 5)
    by_convergence = pair(results, "dropout", "test.ece")
    assert by_convergence.sample is not None
    assert by_convergence.sample.runs == (4, 5)
