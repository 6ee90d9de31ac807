"""What holds for every method, whatever the scores."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.analysis.claims.method import Method, load_method
from reportgen.analysis.claims.methods import METHODS
from reportgen.analysis.claims.rule import Decision, Margins, margins_of, mirror
from reportgen.analysis.statistics.estimate import Sample
from reportgen.spec.claims import Kind
from reportgen.spec.model import AnalysisSpec

KINDS: tuple[Kind, ...] = ("improves", "worse", "noninferior", "equivalent", "differs")
ALPHA = 0.05


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    """Two arms of a study of four, with and without rows, all of like spread."""
    n = draw(st.integers(6, 9))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shift = draw(st.sampled_from((-0.04, -0.02, -0.01, 0.0, 0.005, 0.01, 0.03)))
    peers = 0.8 + 0.01 * rng.standard_normal((4, n))
    peers[0] += shift
    rows = 0.02 * rng.standard_normal((n, 25))
    effects = peers[0] - peers[1]
    rows += (effects - rows.mean(axis=1))[:, None]
    return Sample(effects, rows, scores=(peers[0], peers[1]), peers=peers)


def scaled(sample: Sample, factor: float, constant: float) -> Sample:
    assert sample.rows is not None
    assert sample.scores is not None
    assert sample.peers is not None
    own, other = sample.scores
    return Sample(
        factor * sample.effects,
        factor * sample.rows,
        scores=(factor * own + constant, factor * other + constant),
        peers=factor * sample.peers + constant,
    )


def exchanged(sample: Sample) -> Sample:
    assert sample.rows is not None
    assert sample.scores is not None
    own, other = sample.scores
    return replace(
        sample, effects=-sample.effects, rows=-sample.rows, scores=(other, own)
    )


def method(name: str) -> Method:
    spec = {"method": name, "better_with_probability": 0.8}
    return load_method(AnalysisSpec.model_validate(spec))


def judged(name: str, kind: Kind, sample: Sample, margin: float = 0.01) -> Decision:
    one = method(name)
    found = one.estimate(sample, over_rows=True)
    return one.judge(kind, margins_of(kind, margin, None), found, alpha=ALPHA)


every = pytest.mark.parametrize("name", sorted(METHODS))


@every
@settings(max_examples=40, deadline=None)
@given(samples(), st.sampled_from(KINDS), st.sampled_from((0.004, 0.01, 0.02)))
def test_the_p_value_decides_as_the_verdict_does(
    name: str, sample: Sample, kind: Kind, margin: float
) -> None:
    one = method(name)
    found = one.estimate(sample, over_rows=True)
    margins = Margins(0.0 if kind == "differs" else margin, 0.0)
    p = 1.0 if found.refused else one.claim_p(kind, margins, found)
    decision = one.judge(kind, margins, found, alpha=ALPHA)
    # Where margins play no part a `differs` that matches is no matter of this p.
    if abs(p - ALPHA) > 1e-6 and decision.verdict != "equivalent":
        assert (decision.verdict != "inconclusive") == (p < ALPHA)


@every
@settings(max_examples=30, deadline=None)
@given(samples())
def test_exchanging_arms_exchanges_better_and_worse(name: str, sample: Sample) -> None:
    one, other = (
        judged(name, "improves", sample),
        judged(name, "worse", exchanged(sample)),
    )
    assert one.verdict == other.verdict
    assert one.finding == mirror(other.finding)


@every
@settings(max_examples=30, deadline=None)
@given(samples(), st.sampled_from(KINDS), st.floats(0.1, 30), st.floats(-5, 5))
def test_unit_and_origin_of_scores_do_not_matter(
    name: str, sample: Sample, kind: Kind, factor: float, constant: float
) -> None:
    moved = scaled(sample, factor, constant)
    assert judged(name, kind, sample) == judged(name, kind, moved, 0.01 * factor)


@every
@settings(max_examples=20, deadline=None)
@given(samples(), st.sampled_from(KINDS), st.integers(0, 99))
def test_the_order_of_seeds_does_not_matter(
    name: str, sample: Sample, kind: Kind, seed: int
) -> None:
    order = [int(i) for i in np.random.default_rng(seed).permutation(sample.n)]
    assert judged(name, kind, sample) == judged(name, kind, sample.take(order))


@every
@settings(max_examples=30, deadline=None)
@given(samples())
def test_new_rows_never_make_surer(name: str, sample: Sample) -> None:
    one = method(name)
    wide = one.estimate(sample, over_rows=True)
    narrow = one.estimate(sample, over_rows=False)
    if wide.determined:
        outer, inner = wide.interval(0.95), narrow.interval(0.95)
        assert outer[0] <= inner[0] + 1e-12
        assert inner[1] <= outer[1] + 1e-12


@every
@settings(max_examples=30, deadline=None)
@given(samples(), st.sampled_from((0.0, 0.004, 0.01)), st.sampled_from((0.02, 0.03)))
def test_a_larger_margin_never_makes_support(
    name: str, sample: Sample, small: float, large: float
) -> None:
    if judged(name, "improves", sample, small).verdict != "supported":
        assert judged(name, "improves", sample, large).verdict != "supported"


@every
@pytest.mark.parametrize("kind", KINDS)
def test_fewer_than_three_pairs_never_decide(name: str, kind: Kind) -> None:
    own, other = np.array([0.9, 0.9001]), np.array([0.1, 0.1002])
    sample = Sample(own - other, scores=(own, other), peers=np.stack((own, other)))
    decision = judged(name, kind, sample)
    assert decision == Decision("inconclusive", "too_few_seeds")


@every
@pytest.mark.parametrize("kind", KINDS)
def test_the_smallest_p_is_reached_by_the_clearest_runs(name: str, kind: Kind) -> None:
    one = method(name)
    least = one.least_p(kind, 7)
    rng = np.random.default_rng(2)
    for shift in (0.0, 5.0, -5.0):
        peers = 1e-4 * rng.standard_normal((2, 7)) + np.array([[shift], [0.0]])
        sample = Sample(peers[0] - peers[1], scores=(peers[0], peers[1]), peers=peers)
        found = one.estimate(sample, over_rows=False)
        if not found.refused:
            p = one.claim_p(kind, Margins(0.0 if kind == "differs" else 1.0, 0), found)
            assert p >= least - 1e-12
