"""Each method against published or independently computed answers."""

from math import comb

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats import weightstats

from reportgen.analysis.claims.method import Method, load_method
from reportgen.analysis.claims.methods.pooled import estimate_pooled, refuse_unequal
from reportgen.analysis.claims.methods.rope import decide_rope, rope_p
from reportgen.analysis.claims.methods.signflip import estimate_signflip, subset_means
from reportgen.analysis.claims.methods.welch import estimate_welch
from reportgen.analysis.claims.rule import Margins, claim_p
from reportgen.analysis.statistics.estimate import Sample, estimate
from reportgen.analysis.statistics.signflip import signflip_p
from reportgen.analysis.statistics.win_chance import (
    EXACT_LIMIT,
    chance_p,
    estimate_poi,
    exact_p,
)
from reportgen.records import Array
from reportgen.spec.model import AnalysisSpec

FIRST = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
SECOND = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
MAIZE = np.array([49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48.0])


def two_arms(own: Array, other: Array, peers: Array | None = None) -> Sample:
    return Sample(own - other, scores=(own, other), peers=peers)


def method(name: str) -> Method:
    return load_method(AnalysisSpec.model_validate({"method": name}))


def test_welch_of_students_sleep_data() -> None:
    found = estimate_welch(two_arms(FIRST, SECOND), over_rows=False)
    assert found.seeds is not None
    assert found.mean / found.seeds.error == pytest.approx(-1.860813467, abs=1e-9)
    assert found.seeds.df == pytest.approx(17.776474, abs=1e-6)
    assert 2 * found.p_less(0) == pytest.approx(0.079394140, abs=1e-9)
    assert found.interval(0.95) == pytest.approx((-3.365483, 0.205483), abs=1e-6)
    tost = claim_p("equivalent", Margins(0.5, 0.5), found)
    assert max(found.p_greater(-0.5), found.p_less(0.5)) == pytest.approx(0.89010996)
    assert tost <= 0.89010996
    theirs = weightstats.ttost_ind(FIRST, SECOND, -0.5, 0.5, usevar="unequal")
    assert theirs[0] == pytest.approx(0.89010996)


def test_equal_pooled_spreads_are_students_two_samples() -> None:
    sample = two_arms(FIRST, SECOND, peers=np.stack((FIRST, SECOND)))
    assert refuse_unequal(sample) == ""
    found = estimate_pooled(sample, over_rows=False)
    theirs = stats.ttest_ind(FIRST, SECOND)
    assert 2 * found.p_less(0) == pytest.approx(theirs.pvalue)
    interval = theirs.confidence_interval(0.95)
    assert found.interval(0.95) == pytest.approx((interval.low, interval.high))


def test_pooling_uses_every_arm() -> None:
    rng = np.random.default_rng(4)
    peers = rng.normal(0.8, 0.01, (8, 5))
    found = estimate_pooled(two_arms(peers[0], peers[1], peers), over_rows=False)
    assert found.seeds is not None
    within = ((peers - peers.mean(axis=1, keepdims=True)) ** 2).sum()
    assert found.seeds.df == 8 * 4
    assert found.seeds.error == pytest.approx((2 * within / 32 / 5) ** 0.5)


@pytest.mark.parametrize(
    ("peers", "reason"),
    [
        (np.array([[1, 2, 3.0], [1, 3.2, 5.4]]), "2.2 times"),
        (np.array([[1, 2, 3.0], [2, 2, 2.0]]), "beyond all times"),
        (None, "failed or is missing"),
    ],
)
def test_unequal_arms_are_not_pooled(peers: Array | None, reason: str) -> None:
    sample = two_arms(np.array([1, 2, 3.0]), np.array([1, 2, 2.5]), peers)
    found = method("pooled").estimate(sample, over_rows=False)
    assert reason in found.refused
    assert not found.determined
    decision = method("pooled").judge("improves", Margins(0, 0), found, alpha=0.05)
    assert (decision.verdict, decision.finding) == ("inconclusive", "method_refused")


def test_pooling_gains_power_where_spreads_are_equal() -> None:
    """8 arms, 3 seeds, 2 SD, exactly; the protocol simulated .627 and .288."""
    distance = 2 / (2 / 3) ** 0.5
    pooled = stats.nct.sf(stats.t.isf(0.025, 16), 16, distance)
    paired = stats.nct.sf(stats.t.isf(0.025, 2), 2, distance)
    assert pooled == pytest.approx(0.627, abs=4 * (0.627 * 0.373 / 20_000) ** 0.5)
    assert paired == pytest.approx(0.288, abs=4 * (0.288 * 0.712 / 40_000) ** 0.5)


@pytest.mark.parametrize("effects", [FIRST - SECOND, MAIZE])
def test_signflip_is_the_published_test(effects: Array) -> None:
    found = estimate_signflip(Sample(effects), over_rows=False)
    two_sided = 2 * min(found.p_greater(0), found.p_less(0))
    assert two_sided == pytest.approx(signflip_p(effects))


def test_signflip_of_darwins_maize() -> None:
    found = estimate_signflip(Sample(MAIZE), over_rows=False)
    assert 2 * found.p_greater(0) == pytest.approx(1726 / 32768)
    lower, upper = found.interval(0.95)
    assert lower < 0 < upper  # as .0527 is above .05
    assert found.interval(0.94)[0] > 0


@pytest.mark.parametrize("null", [-5.0, 10.0, 20.933, 41.0, 55.0])
def test_signflip_at_other_effects_is_the_test_of_shifted_effects(null: float) -> None:
    found = estimate_signflip(Sample(MAIZE), over_rows=False)
    signs = np.array(
        [[1 - 2 * ((i >> j) & 1) for j in range(15)] for i in range(2**15)]
    )
    shifted = MAIZE - null
    above = float(np.mean(signs @ shifted >= shifted.sum() - 1e-9))
    assert found.p_greater(null) == pytest.approx(above, abs=1e-12)


def test_subsets_of_three() -> None:
    means = subset_means(np.array([1.0, 2.0, 6.0]))
    assert means == pytest.approx([1, 1.5, 2, 3, 3.5, 4, 6])


def test_signflip_below_six_pairs_is_refused() -> None:
    found = method("signflip").estimate(Sample(MAIZE[:5]), over_rows=False)
    assert found.refused == "5 seed pairs are left and the sign-flip test needs 6"


def test_signflip_draws_subsets_of_many_pairs() -> None:
    rng = np.random.default_rng(3)
    effects = rng.normal(0.3, 1, 40)
    found = estimate_signflip(Sample(effects), over_rows=False)
    exact = signflip_p(effects)
    assert 2 * found.p_greater(0) == pytest.approx(exact, abs=4 * 0.003)
    lower, upper = found.interval(0.95)
    student = estimate(Sample(effects)).interval(0.95)
    assert (lower, upper) == pytest.approx(student, abs=0.05)


def test_the_posterior_is_students_t() -> None:
    effects = FIRST - SECOND
    found = estimate(Sample(effects))
    posterior = stats.t(9, effects.mean(), effects.std(ddof=1) / 10**0.5)
    within = posterior.cdf(2) - posterior.cdf(-2)
    assert rope_p("equivalent", Margins(2, 2), found) == pytest.approx(
        min(1 - within, posterior.sf(-2), 1 - posterior.sf(2))
    )
    worse = rope_p("worse", Margins(0.5, 0.5), found)
    assert worse == pytest.approx(posterior.sf(-0.5))


def test_a_posterior_asks_more_of_equivalence_than_two_one_sided_tests() -> None:
    found = estimate(Sample(np.array([0.004, -0.012, 0.010])))
    margins = Margins(0.02, 0.02)
    assert claim_p("equivalent", margins, found) == pytest.approx(0.049289, abs=1e-6)
    assert rope_p("equivalent", margins, found) > 0.05
    decision = decide_rope("equivalent", margins, found, alpha=0.05)
    assert decision.verdict == "inconclusive"


def test_independent_seeds_need_no_correction_for_folds() -> None:
    """Variance 1/n, not 1/n + 1/(n - 1): the posterior interval is Student's."""
    found = method("rope").estimate(Sample(FIRST - SECOND), over_rows=False)
    assert found.interval(0.95) == pytest.approx((-2.459886, -0.700114), abs=1e-6)


@pytest.mark.parametrize(
    ("own", "other", "p"),
    [
        ((19, 22, 16, 29, 24), (20, 11, 17, 12), 0.111111),
        ((0.81, 0.82, 0.85), (0.80, 0.79, 0.78), 0.1),
    ],
)
def test_exact_rank_test(
    own: tuple[float, ...], other: tuple[float, ...], p: float
) -> None:
    one, two = np.array(own), np.array(other)
    found = 2 * min(exact_p(one, two), exact_p(two, one))
    assert found == pytest.approx(p, abs=1e-6)
    assert found == pytest.approx(stats.mannwhitneyu(one, two, method="exact").pvalue)


def test_ties_count_half_in_the_exact_rank_test() -> None:
    own, other = np.array([1, 2, 2, 3.0]), np.array([1, 1, 2, 0.0])
    values = np.concatenate((own, other))
    ranks = stats.rankdata(values)
    sums = [
        ranks[[(i >> j) & 1 == 1 for j in range(8)]].sum()
        for i in range(2**8)
        if i.bit_count() == 4
    ]
    assert len(sums) == comb(8, 4)
    share = np.mean(np.array(sums) >= ranks[:4].sum())
    assert exact_p(own, other) == pytest.approx(share)


def test_the_rank_test_of_many_runs_is_nearly_normal() -> None:
    rng = np.random.default_rng(5)
    n = EXACT_LIMIT + 5
    own, other = rng.normal(0.4, 1, n), rng.standard_normal(n)
    theirs = stats.mannwhitneyu(own, other, alternative="greater", method="exact")
    assert exact_p(own, other) == pytest.approx(theirs.pvalue, rel=0.05)


def test_chance_of_improvement_of_the_documented_example() -> None:
    own, other = np.array([0.81, 0.82, 0.85]), np.array([0.80, 0.82, 0.83])
    found = estimate_poi(two_arms(own, other), over_rows=False)
    assert found.chance == pytest.approx(0.611111, abs=1e-6)
    assert found.negated().chance == pytest.approx(1 - 0.611111, abs=1e-6)


def test_the_variance_at_one_half_is_that_of_the_rank_sum() -> None:
    n = 8
    null_sd = ((2 * n + 1) / (12 * n**2)) ** 0.5
    p = chance_p((0.7, 0.0), (n, n), 0.5)
    assert p == pytest.approx(stats.t.sf(0.2 / null_sd, 2 * (n - 1)))


def test_limits_of_the_chance_invert_its_test() -> None:
    rng = np.random.default_rng(6)
    for shift in (0.0, 0.5, 1.5, 4.0):
        own, other = rng.normal(shift, 1, 9), rng.standard_normal(9)
        found = estimate_poi(two_arms(own, other), over_rows=False)
        lower, upper = found.chance_interval(0.95)
        assert lower <= found.chance <= upper
        if lower not in (0.0, 0.5):
            assert found.chance_above(lower) == pytest.approx(0.025, abs=1e-6)
        if upper not in (1.0, 0.5):
            assert found.chance_below(upper) == pytest.approx(0.025, abs=1e-6)


def test_welch_counts_runs_without_a_partner() -> None:
    """Three runs of the reference more than pairs: scipy's two groups of 10 and 7."""
    sample = Sample(
        FIRST[:7] - SECOND[:7],
        scores=(FIRST[:7], SECOND[:7]),
        alone=(FIRST[7:], np.array([])),
    )
    found = estimate_welch(sample, over_rows=False)
    theirs = stats.ttest_ind(FIRST, SECOND[:7], equal_var=False)
    assert found.n == 7
    assert found.mean == pytest.approx(FIRST.mean() - SECOND[:7].mean())
    assert 2 * found.p_less(0) == pytest.approx(theirs.pvalue)
    interval = theirs.confidence_interval(0.95)
    assert found.interval(0.95) == pytest.approx((interval.low, interval.high))


def test_ranks_count_runs_without_a_partner() -> None:
    """The documented rank test of five runs and four."""
    own, other = np.array([19.0, 22, 16, 29, 24]), np.array([20.0, 11, 17, 12])
    sample = Sample(
        own[:4] - other, scores=(own[:4], other), alone=(own[4:], np.array([]))
    )
    found = estimate_poi(sample, over_rows=False)
    assert found.chance == pytest.approx(17 / 20)
    assert 2 * found.exact[0] == pytest.approx(0.111111, abs=1e-6)
    turned = found.negated()
    assert turned.chance_interval(0.9) == pytest.approx(
        tuple(1 - end for end in reversed(found.chance_interval(0.9)))
    )


def test_leaving_a_pair_out_keeps_runs_without_a_partner() -> None:
    alone = (np.array([3.0]), np.array([]))
    sample = Sample(FIRST - SECOND, scores=(FIRST, SECOND), alone=alone)
    assert sample.take([0, 1, 2]).runs == (4, 3)
