"""Robustness under shift: what is subtracted from what, and how sure that is."""

from dataclasses import replace

import numpy as np
import pytest

from reportgen.analysis.claims.judged import open_case
from reportgen.analysis.claims.kinds.shift import _between, pair_drops
from reportgen.analysis.evidence.pairs import side_of
from reportgen.analysis.statistics.estimate import Sample, crossed_se, estimate
from reportgen.spec.claims import parse_claim
from tests.analysis.factory import make_bundle, make_results, make_study

SAYS = "bilstm is more robust than baseline from test.hwa to ordering.hwa"
ROUNDS, SEEDS, ROWS = 1500, 8, 60
NOMINAL = 0.05


def test_an_effect_is_the_reference_s_loss_minus_the_variant_s() -> None:
    results = make_results(make_bundle())
    parts = parse_claim(SAYS)
    metric, _ = side_of(results, "bilstm", "test.hwa")
    pairs = pair_drops(results, parts, metric)
    assert pairs.sample is not None

    def loss(arm: str, seed: int) -> float:
        usual = results.score(arm, seed, "test.hwa", "best")
        shifted = results.score(arm, seed, "ordering.hwa", "best")
        assert usual is not None
        assert shifted is not None
        return usual - shifted

    expected = [loss("baseline", seed) - loss("bilstm", seed) for seed in pairs.seeds]
    assert pairs.sample.effects == pytest.approx(expected)
    # The factory's shift keeps every row's label and columns: one matrix of rows.
    assert pairs.sample.other is None
    assert pairs.sample.rows is not None
    assert pairs.sample.rows.mean(axis=1) == pytest.approx(expected, abs=1e-5)


def test_less_is_better_of_a_loss_under_shift_too() -> None:
    results = make_results(make_bundle())
    parts = parse_claim(SAYS.replace("hwa", "loss"))
    metric, _ = side_of(results, "bilstm", "test.loss")
    pairs = pair_drops(results, parts, metric)
    assert pairs.sample is not None
    rise = {}
    for arm in ("bilstm", "baseline"):
        usual = results.score(arm, 0, "test.loss", "best")
        shifted = results.score(arm, 0, "ordering.loss", "best")
        assert usual is not None
        assert shifted is not None
        rise[arm] = shifted - usual
    assert pairs.sample.effects[0] == pytest.approx(rise["baseline"] - rise["bilstm"])


@pytest.mark.parametrize("method", ["welch", "poi"])
def test_a_run_without_its_partner_counts_where_arms_are_unpaired(method: str) -> None:
    """Dropout lost seed 1 and failed under seed 3; the baseline ran under all five."""
    claim = {"says": SAYS.replace("bilstm", "dropout"), "margin": 0.02}
    why = {"why_expected": {"text": "-"}}
    study = make_study(
        claims={"robust": claim | why},
        analysis={"method": method, "failures": "exclude"},
    )
    bundle = make_bundle(study)
    runs = [one for one in bundle.runs if (one.variant, one.seed) != ("dropout", 1)]
    results = make_results(replace(bundle, runs=tuple(runs)))
    case = open_case(results, "robust", study.claims["robust"])
    assert (case.pairs.seeds, case.pairs.missing) == ((0, 2, 4), (1,))

    def losses(arm: str) -> list[float]:
        return [
            usual - shifted
            for seed in range(5)
            if (usual := results.score(arm, seed, "test.hwa", "best")) is not None
            and (shifted := results.score(arm, seed, "ordering.hwa", "best"))
            is not None
        ]

    own, other = losses("dropout"), losses("baseline")
    assert (len(own), len(other)) == (3, 5)
    assert case.pairs.sample is not None
    assert case.pairs.sample.runs == (3, 5)
    assert case.found is not None
    if method == "welch":
        assert case.found.mean == pytest.approx(np.mean(other) - np.mean(own))
        assert case.found.seeds is not None
        parts = [np.var(one, ddof=1) / len(one) for one in (own, other)]
        assert case.found.seeds.error**2 == pytest.approx(sum(parts))
    else:
        assert "needs 5" in case.found.refused


def test_parts_of_different_rows_add_up() -> None:
    """Var = s_d^2 / n + V_shifted + V_usual, and both sets count."""
    rng = np.random.default_rng(1)
    usual, shifted = (_rows(rng, width) for width in (40, 70))
    sample = _between(usual, shifted, matched=False)
    assert sample is not None
    found = estimate(sample)
    parts = [crossed_se(one.rows).row_variance for one in (usual, shifted)]  # type: ignore[arg-type]
    assert found.row_variance == pytest.approx(sum(parts))
    assert found.crossed is not None
    assert found.crossed.error**2 == pytest.approx(
        sample.effects.var(ddof=1) / SEEDS + sum(parts)
    )


def test_matched_rows_are_compared_row_by_row() -> None:
    rng = np.random.default_rng(1)
    usual, shifted = _rows(rng, 40), _rows(rng, 40)
    sample = _between(usual, shifted, matched=True)
    assert sample is not None
    assert sample.other is None
    assert sample.rows == pytest.approx(shifted.rows - usual.rows)  # type: ignore[operator]


@pytest.mark.parametrize("matched", [False, True])
def test_a_true_difference_is_rarely_missed(matched: bool) -> None:
    """Both sides of the 95 % interval together; rows and seeds both vary."""
    rng = np.random.default_rng(17)
    misses = 0
    for _ in range(ROUNDS):
        usual = _rows(rng, ROWS)
        shifted = _rows(rng, ROWS, like=usual if matched else None)
        sample = _between(usual, shifted, matched=matched)
        assert sample is not None
        lower, upper = estimate(sample).interval(0.95)
        misses += not lower < 0 < upper
    error = (NOMINAL * (1 - NOMINAL) / ROUNDS) ** 0.5
    # The wider of two intervals is a little cautious, never far from its level.
    assert 0.02 < misses / ROUNDS < NOMINAL + 4 * error


def _rows(
    rng: np.random.Generator, width: int, *, like: Sample | None = None
) -> Sample:
    """A comparison of two arms without any true difference."""
    seeds = 0.1 * rng.standard_normal((SEEDS, 1))
    rows = 0.6 * rng.standard_normal((1, width))
    if like is not None and like.rows is not None:
        rows = rows + 0.5 * like.rows.mean(axis=0, keepdims=True)
    matrix = seeds + rows + 0.4 * rng.standard_normal((SEEDS, width))
    return Sample(matrix.mean(axis=1), matrix)
