"""The correlation within arms: what it takes out, and how sure it is."""

import numpy as np
import pytest
from scipy import stats

from reportgen.analysis.complements.robustness import seed_robustness
from reportgen.analysis.complements.within import relate_within
from tests.analysis.factory import make_bundle, make_results

ROUNDS = 60


def test_means_and_spreads_of_arms_play_no_part() -> None:
    """One arm alone is Pearson's r; arms further off, or wider, change nothing."""
    rng = np.random.default_rng(1)
    level, drop = rng.standard_normal((2, 1, 12))
    alone = relate_within(level, drop, higher_is_better=True)
    r, p = stats.pearsonr(level[0], drop[0])
    assert alone.correlation == pytest.approx(r)
    assert alone.p_independent == pytest.approx(p)
    assert alone.df == 10
    both = [np.concatenate([one, 5 + 30 * one]) for one in (level, drop)]
    twice = relate_within(*both, higher_is_better=True)
    assert twice.correlation == pytest.approx(r)
    assert twice.df == 21
    turned = relate_within(-level, drop, higher_is_better=False)
    assert turned.correlation == pytest.approx(r)


def test_a_run_without_a_score_leaves_the_others() -> None:
    rng = np.random.default_rng(2)
    level, drop = rng.standard_normal((2, 3, 8))
    level[1, 4] = np.nan
    found = relate_within(level, drop, higher_is_better=True)
    parts = [
        (one.sum() - 1, stats.pearsonr(x[one], y[one])[0])
        for x, y in zip(level, drop, strict=True)
        for one in [np.isfinite(x)]
    ]
    assert found.df == 7 + 6 + 7 - 1
    expected = sum(weight * r for weight, r in parts) / (7 + 6 + 7)
    assert found.correlation == pytest.approx(expected)
    few = relate_within(level[:1, :4], drop[:1, :4], higher_is_better=True)
    assert few.correlation is None
    assert few.sentence.startswith("too few runs")


@pytest.mark.parametrize("shared", [0.0, 2.0])
def test_seeds_that_arms_share_do_not_pass_for_many(shared: float) -> None:
    """Student's p takes each run for itself; that of permuted seeds does not."""
    rng = np.random.default_rng(3)
    flags = []
    for _ in range(ROUNDS):
        common = shared * rng.standard_normal((2, 1, 10))
        level, drop = common + rng.standard_normal((2, 12, 10))
        found = relate_within(level, drop, higher_is_better=True)
        assert found.p is not None
        assert found.p_independent is not None
        flags.append((found.p < 0.05, found.p_independent < 0.05))
    ours, independent = np.mean(flags, axis=0)
    assert ours < 0.05 + 4 * (0.05 * 0.95 / ROUNDS) ** 0.5
    assert (independent > 0.3) == bool(shared)


def test_a_relation_within_arms_is_found_in_a_study() -> None:
    results = make_results(make_bundle())
    found = seed_robustness(results)
    assert found is not None
    assert found.within is not None
    assert found.within.arms == 4
    assert found.within.df == 4 + 4 + 3 + 4 - 1  # one run of one arm failed
    assert "Within the arms, whose means are taken out" in found.within.sentence
